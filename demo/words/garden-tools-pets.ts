import { choice, type DepartmentWords, facets, kinds, list, pairs, spelled } from "./words.ts";

const STEELS = pairs("Chrome-Vanadium=铬钒钢, Carbon-Steel=高碳钢, Steel=不锈钢");

export const GARDEN_TOOLS_PETS: DepartmentWords = {
  slug: "garden-tools-pets",
  name: { en: "Garden, Tools & Pets", zh: "园艺工具宠物" },
  trades: [
    {
      makers: {
        en: spelled(`Hedgerow, Spade & Sparrow, Ironbark, Potting Shed, Greenfinch, Trowel, Loam, Sturdy, Hazelwood, Rainwater, Old Forge,
          Barkley, Terrace, Cloche, Fettle, Burr Oak, Millwright, Snug, Robin Hill, Clover`),
        zh: spelled(
          `田野=Tianye, 锄禾=Chuhe, 匠心社=Jiangxin, 绿窗=Lvchuang, 花事=Huashi, 铁心=Tiexin, 半山园=Banshanyuan, 雨露=Yulu, 工坊=Gongfang, 青藤=Qingteng, 小院=Xiaoyuan`,
        ),
      },
      shopWords: pairs(
        "Garden & Home=园艺, Homestead=小院, Yard=庭院, Country Store=杂货铺, Allotment=田园, Greenhouse=花房",
      ),
      categories: [
        {
          slug: "planters",
          name: { en: "Plants & Pots", zh: "盆栽花盆" },
          weight: 3,
          dollars: [8, 28, 140],
          grams: [400, 5200],
          kinds: kinds(
            "Potted Monstera=龟背竹盆栽=monstera, Potted Cactus=仙人掌盆栽=cactus, Potted Snake Plant=虎尾兰盆栽=snake, Hanging Planter=吊兰花盆=hanging, Potted Succulent=多肉盆栽=succulent",
          ),
          traits:
            pairs(`Low-Light=耐阴, Air-Cleaning=净化, Easy-Care=懒人, Pet-Safe=宠物友好, Desk=桌面, Large=大型, Balcony=阳台,
            Gift=礼品, Footed=高脚`),
          materials: pairs("Terracotta=红陶, Stoneware=粗陶, Fibreclay=纤维土, Rattan=藤编, Enamel=搪瓷"),
          materialName: "Material",
          colours: list("Terracotta, White, Sage, Navy, Mustard, Pink, Grey, Teal, Black, Sand, Sky"),
          colourChoices: 3,
          second: choice("Pot: 12 cm, 17 cm*1.5, 24 cm*2.2"),
          attributes: facets(
            "Light: Full sun, Half shade, Shade; Watering: Weekly, Every two weeks, Monthly",
          ),
          praise: {
            en: ["Forgives a forgotten week.", "Arrives rooted, in peat-free soil."],
            zh: ["忘浇一周水也没关系。", "带根发货，无泥炭土壤。"],
          },
        },
        {
          slug: "watering-cans",
          name: { en: "Watering Cans", zh: "洒水壶" },
          weight: 2,
          dollars: [8, 27, 95],
          grams: [280, 1800],
          kinds: kinds(
            "Watering Can=花洒水壶=classic, Long-Spout Watering Can=长嘴浇水壶=long, Indoor Watering Can=室内浇花壶=round, Plant Mister=喷雾壶=mister",
          ),
          traits: pairs(
            `Galvanised=镀锌, Long-Reach=长嘴, Balanced=省力, Drip-Free=防滴漏, Balcony=阳台, Heritage=经典, Slim=细嘴, Seedling=育苗, Light=轻便, Rose-Head=花洒头`,
          ),
          materials: pairs(
            "Zinc=镀锌铁皮, Copper=紫铜, Steel=不锈钢, Enamel=搪瓷, Recycled-Plastic=再生塑料",
          ),
          materialsOf: { mister: pairs("Glass=玻璃, Brass=黄铜, Steel=不锈钢") },
          materialName: "Material",
          colours: list("Forest, Steel, Copper, Yellow, Sky, Red, Ivory, Teal, Pink, Sage, Navy"),
          colourChoices: 3,
          second: choice("Capacity: 1 L, 2 L*1.3, 5 L*1.75"),
          attributes: facets("Use: Indoor, Outdoor, Seedlings; Rose: Removable, Fixed, None"),
          praise: {
            en: ["A gentle rain, not a flood.", "Balanced when full, handsome when empty."],
            zh: ["出水如细雨，不伤幼苗。", "装满也省力，摆着也好看。"],
          },
        },
        {
          slug: "hand-tools",
          name: { en: "Hand Tools", zh: "手动工具" },
          weight: 3,
          dollars: [7, 29, 160],
          grams: [120, 1600],
          kinds: kinds(
            "Claw Hammer=羊角锤=hammer, Screwdriver Set=螺丝刀套装=screwdriver, Adjustable Spanner=活动扳手=spanner, Hand Saw=手锯=saw, Garden Trowel=园艺铲=trowel*0.6",
          ),
          traits:
            pairs(`Forged=锻造, Old-School=老派, Anti-Slip=防滑, Heavy-Duty=重型, Compact=便携, Balanced=平衡, Precision=精密, Workshop=工坊, Lifetime=耐用,
            Pocket=口袋`),
          materials: pairs(
            "Chrome-Vanadium=铬钒钢, Hickory=山核桃木柄, Carbon-Steel=高碳钢, Ash-Handled=白蜡木柄, Fibreglass=玻纤柄",
          ),
          materialsOf: {
            spanner: STEELS,
            screwdriver: STEELS,
            trowel: pairs("Ash-Handled=白蜡木柄, Steel=不锈钢, Copper=紫铜, Carbon-Steel=高碳钢"),
            saw: pairs("Ash-Handled=白蜡木柄, Beech-Handled=榉木柄, Carbon-Steel=高碳钢"),
          },
          materialName: "Material",
          colours: list("Red, Oak, Yellow, Blue, Orange, Black, Green, Walnut, Teal, Lime"),
          colourChoices: 0,
          second: null,
          attributes: facets("Use: Wood, Metal, Garden, Household; Warranty: 2 years, 10 years, Lifetime"),
          praise: {
            en: ["Bought once.", "A grip that stays dry and a head that stays on."],
            zh: ["买一次，用很多年。", "手柄防滑，锤头牢固。"],
          },
        },
        {
          slug: "pet-beds",
          name: { en: "Pet Beds", zh: "宠物窝" },
          weight: 2,
          dollars: [16, 48, 180],
          grams: [500, 3400],
          kinds: kinds(
            "Dog Bed=狗窝=dog, Cat Bed=猫窝=cat, Cat Cave=半封闭猫窝=cave, Pet House=宠物屋=house",
          ),
          traits:
            pairs(`Washable=可拆洗, Orthopaedic=护脊, Calming=安抚, Warm=加绒保暖, Cooling=凉感, Raised=加高, Travel=便携, Chew-Proof=耐咬, Bolster=围边,
            Round=圆形`),
          materials: pairs("Fleece=摇粒绒, Canvas=帆布, Felt=毛毡, Wicker=藤编, Corduroy=灯芯绒"),
          materialsOf: { house: pairs("Pine=松木, Bamboo=竹, Birch-Ply=桦木, Cedar=雪松") },
          materialName: "Material",
          colours: list("Grey, Teal, Mustard, Navy, Rose, Sage, Brown, Sand, Coral, Lavender, Charcoal"),
          colourChoices: 3,
          second: choice("Size: S, M*1.3, L*1.7"),
          attributes: facets("Pet: Cat, Small dog, Large dog; Care: Machine wash 30 °C, Wipe clean"),
          praise: {
            en: ["They will leave the sofa. Sometimes.", "The cover unzips and goes in the wash."],
            zh: ["有了它，沙发终于归你了。", "外套可拆，直接机洗。"],
          },
        },
      ],
    },
  ],
};
