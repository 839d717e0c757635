import { choice, type DepartmentWords, facets, kinds, list, pairs, spelled } from "./words.ts";

export const KITCHEN: DepartmentWords = {
  slug: "kitchen",
  name: { en: "Kitchen", zh: "厨房餐饮" },
  trades: [
    {
      makers: {
        en: spelled(`Harrow & Pine, Ember & Iron, Cookhouse, Tallow, Pantry Lane, Stonebridge, Bell Foundry, Riverstone, Maison Orge, Larder,
    Saffron Street, Kindling, Cobalt Kitchen, Blackthorn, Marlow, Hobnail, Oatmeal & Rye, Fig Tree, Gather, Millstream,
    Copper Hen, Basil & Bay, Northgate, Simmer`),
        zh: spelled(`灶火=Zaohuo, 四方食=Sifangshi, 锦炊=Jinchui, 白釉坊=Baiyoufang, 百味=Baiwei, 茶隐=Chayin, 铁匠铺=Tiejiangpu, 谷雨=Guyu, 知味=Zhiwei,
    云炊=Yunchui, 釜山居=Fushanju, 小满=Xiaoman, 禾器=Heqi, 食间=Shijian`),
      },
      shopWords: pairs(
        "Kitchen=厨具, Cookware=锅具坊, Table=餐桌, Pantry=厨房, Hearth=灶台, Provisions=杂货, Supper Club=食堂",
      ),
      categories: [
        {
          slug: "kettles",
          name: { en: "Kettles", zh: "水壶" },
          weight: 2,
          dollars: [19, 55, 189],
          grams: [700, 1900],
          kinds:
            kinds(`Stovetop Kettle=鸣笛水壶=stovetop, Electric Kettle=电热水壶=electric, Gooseneck Kettle=手冲细口壶=gooseneck,
            Tea Kettle=煮茶壶=tea`),
          traits:
            pairs(`Whistling=鸣笛, Quick-Boil=快煮, Temperature-Control=控温, Retro=复古, Cordless=无线底座, Keep-Warm=保温, Quiet=静音,
            Double-Wall=双层防烫, Pour-Over=手冲, Heritage=经典`),
          materials: pairs("Steel=不锈钢, Enamel=搪瓷, Copper=紫铜, Brushed-Steel=拉丝钢, Glass=玻璃"),
          materialName: "Material",
          colours: list("Red, Steel, Mint, Ivory, Copper, Navy, Black, Mustard, Sage, Sky, Coral"),
          colourChoices: 3,
          second: choice("Capacity: 1 L, 1.5 L*1.15, 1.7 L*1.25"),
          attributes: facets("Hob: Gas, Induction, All hobs, Electric base; Boil time: 3 min, 4 min, 5 min"),
          praise: {
            en: ["Boils before the toast is done.", "Pours a thin, steady line and never drips."],
            zh: ["吐司还没好，水已经开了。", "出水细而稳，收水不滴。"],
          },
        },
        {
          slug: "mugs",
          name: { en: "Mugs", zh: "杯子" },
          weight: 4,
          dollars: [7, 18, 58],
          grams: [180, 520],
          kinds: kinds(
            "Coffee Mug=咖啡杯=straight, Tea Cup=茶杯=cup, Camping Mug=露营杯=enamel, Latte Mug=拿铁杯=bowl, Travel Mug=随行杯=travel",
          ),
          traits:
            pairs(`Hand-Painted=手绘, Speckled=斑点釉, Stackable=可叠放, Double-Wall=双层, Dipped=浸釉, Striped=条纹, Wide=大口, Studio=工作室,
            Everyday=日常, Ribbed=竖棱`),
          materials: pairs("Stoneware=粗陶, Porcelain=白瓷, Enamel=搪瓷, Earthenware=陶, Bone-China=骨质瓷"),
          materialsOf: {
            enamel: pairs("Enamel=搪瓷, Steel=不锈钢, Titanium=钛"),
            travel: pairs("Steel=不锈钢, Bamboo=竹纤维, Ceramic-Lined=陶瓷内胆"),
          },
          materialName: "Material",
          colours: list(
            "Sage, Ivory, Terracotta, Navy, Pink, Mustard, White, Teal, Charcoal, Sky, Lavender, Rust",
          ),
          colourChoices: 4,
          second: choice("Capacity: 250 ml, 350 ml*1.15, 450 ml*1.3"),
          attributes: facets("Care: Dishwasher safe, Hand wash; Microwave: Yes, No"),
          praise: {
            en: ["A handle with room for three fingers.", "Heavy in the base, thin at the lip."],
            zh: ["手柄宽大，握着踏实。", "杯底厚重，杯沿轻薄。"],
          },
        },
        {
          slug: "pans",
          name: { en: "Pots & Pans", zh: "锅具" },
          weight: 2,
          dollars: [18, 65, 320],
          grams: [650, 5400],
          kinds: kinds("Frying Pan=煎锅=frying, Saucepan=奶锅=sauce, Casserole=炖锅=casserole, Wok=炒锅=wok"),
          traits:
            pairs(`Non-Stick=不粘, Pre-Seasoned=已开锅, Induction=电磁炉通用, Deep=加深, Professional=专业, One-Pot=一锅到底, Light=轻量,
            Family=家用大号, Tri-Ply=三层, Slow-Cook=慢炖`),
          materials: pairs(
            "Cast-Iron=铸铁, Steel=不锈钢, Copper=紫铜, Enamel=珐琅, Ceramic=陶瓷涂层, Carbon-Steel=碳钢",
          ),
          materialName: "Material",
          colours: list("Charcoal, Red, Copper, Teal, Steel, Orange, Navy, Ivory, Forest, Mustard, Black"),
          colourChoices: 2,
          second: choice("Size: 20 cm, 24 cm*1.2, 28 cm*1.4, 30 cm*1.55"),
          attributes: facets("Hob: Gas, Induction, All hobs; Oven safe: Up to 180 °C, Up to 260 °C, No"),
          praise: {
            en: ["Sears first, then goes into the oven.", "Heats evenly to the very edge."],
            zh: ["先煎后烤，一锅完成。", "受热均匀，边缘也不糊。"],
          },
        },
        {
          slug: "knives",
          name: { en: "Kitchen Knives", zh: "刀具" },
          weight: 2,
          dollars: [12, 62, 310],
          grams: [70, 380],
          kinds: kinds(
            "Chef's Knife=主厨刀=chef, Santoku Knife=三德刀=santoku, Paring Knife=水果刀=paring*0.5, Bread Knife=面包刀=bread, Cleaver=菜刀=cleaver",
          ),
          traits:
            pairs(`Forged=锻打, Damascus=大马士革纹, Hammered=锤纹, Full-Tang=一体, Hand-Sharpened=手工开刃, Balanced=平衡, Everyday=家用,
            Workshop=匠造, Slim=薄刃, Pro-Grade=专业级`),
          materials: pairs(
            "Carbon-Steel=碳钢, Steel=不锈钢, VG10=VG10钢, Walnut-Handled=胡桃木柄, Ceramic=陶瓷",
          ),
          materialName: "Material",
          colours: list("Walnut, Black, Oak, Navy, Burgundy, Olive, Grey, Teal, Rust, Ivory"),
          colourChoices: 2,
          second: choice("Blade: 15 cm, 18 cm*1.15, 21 cm*1.3"),
          attributes: facets("Hardness: 56 HRC, 58 HRC, 60 HRC, 62 HRC; Handle: Wood, Resin, Composite"),
          praise: {
            en: [
              "Falls through a ripe tomato by its own weight.",
              "Balanced at the bolster, easy to keep sharp.",
            ],
            zh: ["切番茄不用使劲，落刀即断。", "重心落在刀枕处，易磨耐用。"],
          },
        },
        {
          slug: "storage-jars",
          name: { en: "Storage Jars", zh: "储物罐" },
          weight: 2,
          dollars: [6, 19, 75],
          grams: [260, 1700],
          kinds: kinds(
            "Storage Jar=密封罐=clip, Biscuit Jar=饼干罐=biscuit, Spice Jar Set=调料罐套装=spice, Canister=茶叶米桶=canister",
          ),
          traits:
            pairs(`Airtight=密封, Stackable=可叠放, Clip-Top=卡扣, Ribbed=竖棱, Pantry=食品级, Labelled=带标签, Wide-Mouth=大口径,
            Moisture-Proof=防潮, Countertop=台面, Square=方形`),
          materials: pairs("Glass=玻璃, Stoneware=粗陶, Borosilicate=高硼硅, Enamel=搪瓷, Steel=不锈钢"),
          materialName: "Material",
          colours: list("Clear, Sage, Ivory, Amber, Sky, Terracotta, Charcoal, Mint, Pink, Mustard"),
          colourChoices: 2,
          second: choice("Capacity: 0.5 L, 1 L*1.3, 2 L*1.8"),
          attributes: facets("Lid: Bamboo, Steel, Cork, Glass; Care: Dishwasher safe, Hand wash"),
          praise: {
            en: ["Keeps flour dry and biscuits crisp.", "You can see what is running out."],
            zh: ["面粉不受潮，饼干一直脆。", "余量一目了然。"],
          },
        },
      ],
    },
  ],
};
