import { choice, type DepartmentWords, facets, kinds, list, pairs, spelled } from "./words.ts";

const FRUITS = pairs(
  "Apricot=杏子, Fig=无花果, Strawberry=草莓, Blackberry=黑莓, Raspberry=覆盆子, Plum=李子",
);
const CITRUS = pairs("Orange=甜橙, Lemon=柠檬, Grapefruit=西柚, Yuzu=柚子, Lime=青柠, Tangerine=橘子");
const TEA_HILLS = pairs("Menghai=勐海, Yiwu=易武, Lincang=临沧, Yunnan=云南, Bulang=布朗山");

export const BEAUTY_GROCERY: DepartmentWords = {
  slug: "beauty-grocery",
  name: { en: "Beauty & Grocery", zh: "美妆食品" },
  trades: [
    {
      makers: {
        en: spelled(`Wild Apothecary, Solène, Hollow Tree, Petal & Bark, Maison Cassis, Amberley, Dew, Still Water, Lune, Meadowsweet,
          Botanist's Table, Fernseed, Cedar & Sea, Nightjar, Linen & Rain, Halcyon Row`),
        zh: spelled(
          `花间集=Huajian, 草本记=Caobenji, 露华=Luhua, 初见=Chujian, 闻溪=Wenxi, 素颜里=Suyanli, 香径=Xiangjing, 凝白=Ningbai`,
        ),
      },
      shopWords: pairs("Apothecary=草本馆, Beauty=美妆, Botanicals=植物护肤, Fragrance=香氛"),
      categories: [
        {
          slug: "perfume",
          name: { en: "Perfume", zh: "香水" },
          weight: 2,
          dollars: [22, 78, 290],
          grams: [120, 420],
          kinds: kinds(
            "Eau de Parfum=淡香精=square, Eau de Toilette=淡香水=tall, Cologne=古龙水=round, Perfume Oil=香精油=drop",
          ),
          traits: pairs(
            `Fresh=清新, Smoky=烟熏, Powdery=粉感, Midnight=午夜, Morning=清晨, Coastal=海岸, Velvet=丝绒, Soft=柔和, Garden=花园, Spiced=辛香`,
          ),
          materials: pairs(
            "Fig=无花果, Cedar=雪松, Neroli=橙花, Jasmine=茉莉, Bergamot=佛手柑, Sandalwood=檀香, Osmanthus=桂花, Rose=玫瑰",
          ),
          materialName: "Scent",
          colours: list("Amber, Rose, Sky, Sage, Lavender, Clear, Coral, Gold, Teal, Purple, Pink, Mint"),
          colourChoices: 0,
          second: choice("Volume: 30 ml, 50 ml*1.4, 100 ml*2.1"),
          attributes: facets(
            "Family: Floral, Woody, Citrus, Fresh, Oriental; Season: Spring, Summer, Autumn, Winter",
          ),
          praise: {
            en: ["Opens bright, dries down warm, stays close.", "Strangers ask; friends remember."],
            zh: ["前调明亮，尾调温暖，留香贴肤。", "不张扬，却让人记住。"],
          },
        },
        {
          slug: "skincare",
          name: { en: "Skin Care", zh: "护肤" },
          weight: 4,
          dollars: [6, 26, 120],
          grams: [45, 380],
          kinds: kinds(
            "Face Cream=面霜=jar, Serum=精华液=dropper, Body Lotion=身体乳=pump, Hand Cream=护手霜=tube*0.6, Soap Bar=手工皂=soap*0.35",
          ),
          traits:
            pairs(`Hydrating=保湿, Soothing=舒缓, Brightening=焕亮, Gentle=温和, Overnight=夜间修护, Fragrance-Free=无香, Nourishing=滋养, Barrier=屏障修护,
            Daily=日用, Sensitive-Skin=敏感肌`),
          materials: pairs(
            "Oat=燕麦, Rose=玫瑰, Green-Tea=绿茶, Squalane=角鲨烷, Shea=乳木果, Chamomile=洋甘菊, Camellia=山茶花",
          ),
          materialName: "Ingredient",
          colours: list("White, Sage, Pink, Amber, Sky, Ivory, Lavender, Mint, Coral, Teal, Sand"),
          colourChoices: 0,
          second: choice("Volume: 50 ml, 100 ml*1.5, 200 ml*2.4"),
          attributes: facets(
            "Skin type: Dry, Oily, Combination, Sensitive, All; Free from: Perfume, Silicone, Parabens",
          ),
          praise: {
            en: [
              "Sinks in before you have found your keys.",
              "A short list of ingredients, all of them spelled out.",
            ],
            zh: ["吸收很快，不黏不腻。", "成分表简短清楚。"],
          },
        },
      ],
    },
    {
      makers: {
        en: spelled(`Mistvale, Orchard & Hive, First Light, Highland Leaf, Bluebell Farm, Roastery Nine, Cloud Terrace, Golden Acre, Kindred,
          Hillcrest, Stone Mill, Long Meadow, Old Kiln, Hare & Hive, Morning Post, Kettle Hill`),
        zh: spelled(
          `云雾茶山=Yunwu, 蜜语=Miyu, 山月=Shanyue, 茗舍=Mingshe, 清欢=Qinghuan, 豆间=Doujian, 百花谷=Baihuagu, 田野谣=Tianyeyao, 半日闲=Banrixian`,
        ),
      },
      shopWords: pairs("Tea Room=茶铺, Roasters=咖啡, Larder=杂粮铺, Grocers=食集, Farm Shop=农庄"),
      categories: [
        {
          slug: "tea",
          name: { en: "Tea", zh: "茶叶" },
          weight: 3,
          dollars: [5, 16, 98],
          grams: [60, 560],
          kinds: kinds(
            "Green Tea=绿茶=tin, Black Tea=红茶=box, Oolong Tea=乌龙茶=pouch, Jasmine Tea=茉莉花茶=glass, Pu'er Tea=普洱茶=cake",
          ),
          traits:
            pairs(`First-Flush=头采, Loose-Leaf=散装, Single-Estate=单一庄园, Spring=明前, Organic=有机, Hand-Rolled=手工, Aged=陈年, Breakfast=早餐,
            Evening=晚间, Gift=礼盒`),
          materials: pairs(
            "Wuyi=武夷, Yunnan=云南, Assam=阿萨姆, Darjeeling=大吉岭, Anxi=安溪, Uji=宇治, Hangzhou=杭州",
          ),
          materialsOf: { cake: TEA_HILLS },
          materialName: "Origin",
          colours: list("Forest, Burgundy, Mustard, Teal, Navy, Sage, Terracotta, Black, Ivory, Rose, Sky"),
          colourChoices: 0,
          second: choice("Weight: 50 g, 100 g*1.8, 250 g*3.9"),
          attributes: facets("Caffeine: Low, Medium, High; Leaf: Whole leaf, Broken leaf, Rolled"),
          praise: {
            en: [
              "Three infusions, each better than the last.",
              "Picked before the rains, packed where it grew.",
            ],
            zh: ["耐泡三道，一道比一道甘。", "雨前采摘，原产地封装。"],
          },
        },
        {
          slug: "coffee",
          name: { en: "Coffee", zh: "咖啡" },
          weight: 3,
          dollars: [7, 18, 64],
          grams: [220, 1150],
          kinds: kinds(
            "Coffee Beans=咖啡豆=bag, Ground Coffee=咖啡粉=tin, Drip Coffee Bags=挂耳咖啡=box, Cold Brew Coffee=冷萃咖啡=bottle",
          ),
          traits:
            pairs(`Washed=水洗, Natural=日晒, Dark-Roast=深烘, Light-Roast=浅烘, House=店主拼配, Single-Origin=单品, Decaf=低因, Espresso=意式,
            Breakfast=早餐, Honey-Process=蜜处理`),
          materials: pairs(
            "Ethiopia=埃塞俄比亚, Colombia=哥伦比亚, Kenya=肯尼亚, Yunnan=云南, Guatemala=危地马拉, Sumatra=苏门答腊, Peru=秘鲁",
          ),
          materialName: "Origin",
          colours: list(
            "Terracotta, Teal, Mustard, Black, Ivory, Navy, Coral, Forest, Rose, Sky, Orange, Brown",
          ),
          colourChoices: 0,
          second: choice("Weight: 250 g, 500 g*1.85, 1 kg*3.4"),
          attributes: facets("Roast: Light, Medium, Dark; Taste: Chocolate, Berry, Citrus, Caramel, Floral"),
          praise: {
            en: ["Roasted on Tuesdays, posted on Wednesdays.", "Sweet without sugar."],
            zh: ["每周二烘焙，周三发货。", "不加糖也有回甘。"],
          },
        },
        {
          slug: "honey",
          name: { en: "Honey & Preserves", zh: "蜂蜜果酱" },
          weight: 2,
          dollars: [5, 13, 46],
          grams: [260, 1100],
          kinds: kinds(
            "Honey=蜂蜜=hex, Jam=果酱=jam*0.7, Comb Honey=巢蜜=comb*1.6, Marmalade=果皮酱=marmalade*0.75",
          ),
          traits:
            pairs(`Raw=生, Small-Batch=小批量, Smooth=细腻, Golden=金黄, Farmhouse=农家, Old-Fashioned=古法, Mountain=高山, Early=早春, Hillside=山坡,
            Unfiltered=未过滤`),
          materials: pairs(
            "Acacia=洋槐, Linden=椴树, Wildflower=百花, Heather=石楠, Lavender=薰衣草, Orange-Blossom=橙花, Chestnut=栗花, Clover=三叶草",
          ),
          materialsOf: { jam: FRUITS, marmalade: CITRUS },
          materialName: "Flavour",
          titles: {
            en: ["{maker} {trait} {material} {kind}", "{maker} {material} {kind}"],
            zh: ["{maker} {trait}{material}{kind}", "{maker} {material}{kind}"],
          },
          colourOf: {
            Apricot: "Orange",
            Fig: "Burgundy",
            Strawberry: "Red",
            Blackberry: "Purple",
            Raspberry: "Coral",
            Plum: "Burgundy",
            Orange: "Orange",
            Lemon: "Yellow",
            Grapefruit: "Coral",
            Yuzu: "Gold",
            Lime: "Lime",
            Tangerine: "Amber",
          },
          colours: list("Amber, Gold, Red, Purple, Orange, Mustard, Burgundy, Coral, Yellow"),
          colourChoices: 0,
          second: choice("Weight: 250 g, 500 g*1.75, 1 kg*3.1"),
          attributes: facets("Texture: Runny, Set, Chunky, Smooth; Diet: Vegetarian, Vegan, Gluten-free"),
          praise: {
            en: ["Tastes of the hill behind the hives.", "Good on toast, better off the spoon."],
            zh: ["一口尝到整片山野。", "抹面包好吃，直接挖一勺更好吃。"],
          },
        },
      ],
    },
  ],
};
