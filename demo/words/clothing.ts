import { choice, type DepartmentWords, facets, kinds, list, pairs, spelled } from "./words.ts";

const SIZES = choice("Size: XS, S, M, L, XL, XXL");
const SHOE_SIZES = choice("Size: EU 36, EU 38, EU 40, EU 42, EU 44, EU 46");

export const CLOTHING: DepartmentWords = {
  slug: "clothing",
  name: { en: "Clothing & Shoes", zh: "服饰鞋包" },
  trades: [
    {
      makers: {
        en: spelled(`Harbour, Wren & Vale, Foxglove, Moss & Thread, Saint Elm, Lark Lane, Drift, Juniper Row, Ashby, Seaglass, Two Rivers,
          Loomstate North, Bramble, Indigo Works, Windrush, Calder, Plume, Corriedale`),
        zh: spelled(
          `素锦=Sujin, 云织=Yunzhi, 禾裳=Heshang, 若木=Ruomu, 青衿=Qingjin, 布衣记=Buyiji, 知夏=Zhixia, 鹿川=Luchuan, 白棉=Baimian, 丝语=Siyu`,
        ),
      },
      shopWords: pairs("Outfitters=服饰, Clothing=衣橱, Wardrobe=女装, Apparel=男装, Thread=织物, Wear=穿搭"),
      categories: [
        {
          slug: "shirts",
          name: { en: "Shirts", zh: "衬衫" },
          weight: 4,
          dollars: [15, 45, 145],
          grams: [150, 360],
          kinds: kinds(
            "Shirt=衬衫=shirt, T-Shirt=T恤=tee*0.55, Polo Shirt=Polo衫=polo, Camp-Collar Shirt=古巴领衬衫=camp",
          ),
          traits:
            pairs(`Relaxed=宽松, Pocket=口袋, Slim=修身, Striped=条纹, Checked=格纹, Washed=水洗, Easy-Iron=免烫, Heavyweight=重磅,
            Boxy=短款廓形, Summer=夏季`),
          materials: pairs("Linen=亚麻, Cotton=纯棉, Hemp=麻, Flannel=法兰绒, Silk=真丝, Chambray=青年布"),
          materialsOf: { tee: pairs("Cotton=纯棉, Hemp=麻, Linen=亚麻, Slub=竹节棉, Pima-Cotton=皮马棉") },
          materialName: "Material",
          colours: list("White, Sky, Navy, Sage, Rust, Sand, Pink, Black, Olive, Mustard, Burgundy, Teal"),
          colourChoices: 4,
          second: SIZES,
          attributes: facets("Season: Spring, Summer, Autumn, All year; Fit: Slim, Regular, Relaxed"),
          praise: {
            en: ["Cut long enough to tuck, neat enough not to.", "Softer after every wash."],
            zh: ["长度刚好，扎进去或放出来都好看。", "越洗越软，越穿越合身。"],
          },
        },
        {
          slug: "dresses",
          name: { en: "Dresses", zh: "连衣裙" },
          weight: 3,
          dollars: [24, 68, 260],
          grams: [210, 620],
          kinds: kinds(
            "Midi Dress=中长连衣裙=midi, Wrap Dress=裹身裙=wrap, Summer Dress=吊带裙=slip, Shirt Dress=衬衫裙=shirt",
          ),
          traits:
            pairs(`Floral=碎花, Pleated=百褶, Tiered=蛋糕层, Dotted=波点, Belted=收腰, Flowing=飘逸, Puff-Sleeve=泡泡袖, Evening=晚宴,
            Holiday=度假, Tailored=剪裁`),
          materials: pairs("Linen=亚麻, Cotton=纯棉, Silk=真丝, Viscose=粘纤, Chiffon=雪纺, Jersey=针织"),
          materialName: "Material",
          colours: list("Coral, Forest, Navy, Mustard, Lavender, Black, Rose, Teal, Ivory, Red, Sky, Sage"),
          colourChoices: 3,
          second: SIZES,
          attributes: facets(
            "Season: Spring, Summer, Autumn, All year; Length: Mini, Midi, Maxi; Occasion: Everyday, Work, Party",
          ),
          praise: {
            en: ["It has pockets.", "Moves when you walk, hangs straight when you stop."],
            zh: ["藏着两个实用的口袋。", "走动时轻盈，站定时垂顺。"],
          },
        },
        {
          slug: "jackets",
          name: { en: "Jackets", zh: "外套" },
          weight: 3,
          dollars: [39, 119, 480],
          grams: [420, 1500],
          kinds: kinds(
            "Rain Jacket=冲锋衣=rain, Bomber Jacket=飞行员夹克=bomber, Puffer Jacket=羽绒服=puffer, Blazer=西装外套=blazer, Denim Jacket=牛仔夹克=denim",
          ),
          traits:
            pairs(`Weatherproof=防风雨, Easy=百搭, Lined=加绒, Cropped=短款, Double-Faced=双面, Relaxed=宽松, Commuter=通勤, Field=工装,
            Lightweight=轻薄, Everyday=日常`),
          materials: pairs("Waxed-Cotton=油蜡棉, Nylon=尼龙, Recycled-Shell=再生面料, Canvas=帆布"),
          materialsOf: {
            denim: pairs("Selvedge=赤耳, Washed=水洗, Raw=原色, Organic-Cotton=有机棉"),
            blazer: pairs("Wool=羊毛, Linen=亚麻, Corduroy=灯芯绒, Tweed=粗花呢"),
          },
          materialName: "Material",
          colours: list("Navy, Olive, Mustard, Black, Rust, Teal, Sand, Red, Forest, Grey, Indigo, Orange"),
          colourChoices: 3,
          second: SIZES,
          attributes: facets("Season: Spring, Autumn, Winter, All year; Closure: Zip, Buttons, Snaps"),
          praise: {
            en: [
              "Light enough to forget, warm enough for the bus stop.",
              "Taped seams and a hood that stays up.",
            ],
            zh: ["轻到忘记穿着，等车时也不冷。", "全压胶工艺，帽子不被风吹落。"],
          },
        },
      ],
    },
    {
      makers: {
        en: spelled(`Fieldnote, Pebble & Pine, Ridgeway, Cartwright, Tamarack, Cobbler & Co, Longstride, Marram Walk, Pacer, Tanner's Yard,
          Wayworn, Kestrel Road, Ferry Lane, Strand, Outbound, Half Mile`),
        zh: spelled(
          `行野=Xingye, 踏山=Tashan, 远足=Yuanzu, 履迹=Lvji, 步云=Buyun, 皮匠里=Pijiangli, 轻行=Qingxing, 在途=Zaitu, 山野志=Shanyezhi`,
        ),
      },
      shopWords: pairs("Footwear=鞋履, Shoes & Bags=鞋包, Luggage=箱包, Leather Goods=皮具, Bootmakers=靴坊"),
      categories: [
        {
          slug: "trainers",
          name: { en: "Trainers", zh: "运动鞋" },
          weight: 4,
          dollars: [29, 85, 230],
          grams: [420, 980],
          kinds: kinds(
            "Running Shoes=跑步鞋=runner, Court Trainers=板鞋=court, High-Top Trainers=高帮帆布鞋=hightop, Slip-On Trainers=一脚蹬懒人鞋=slipon",
          ),
          traits:
            pairs(`Cushioned=缓震, Lightweight=轻量, Trail=越野, Breathable=透气, Everyday=日常, Grippy=防滑, Retro=复古, Chunky=厚底,
            Road=公路, Wide-Fit=宽楦`),
          materials: pairs("Mesh=网面, Leather=真皮, Canvas=帆布, Suede=麂皮, Knit=飞织"),
          materialName: "Material",
          colours: list("White, Red, Navy, Mint, Black, Orange, Sky, Lime, Pink, Grey, Teal, Yellow"),
          colourChoices: 3,
          second: SHOE_SIZES,
          attributes: facets("Use: Road, Trail, Gym, Everyday; Drop: 0 mm, 4 mm, 8 mm, 10 mm"),
          praise: {
            en: ["Springy for ten kilometres, plain enough for work.", "No breaking in."],
            zh: ["跑十公里依然有弹性，上班穿也不突兀。", "上脚即舒适，无需磨合。"],
          },
        },
        {
          slug: "boots",
          name: { en: "Boots", zh: "靴子" },
          weight: 2,
          dollars: [49, 129, 390],
          grams: [780, 1900],
          kinds: kinds(
            "Chelsea Boots=切尔西靴=chelsea, Hiking Boots=登山靴=hiking, Rain Boots=雨靴=wellington*0.6, Ankle Boots=高跟短靴=heel",
          ),
          traits:
            pairs(`Waterproof=防水, Lined=加绒, Grippy=防滑, Resoleable=可换底, Classic=经典, City=都市, Winter=冬季, Chunky=厚底, Slim=修身,
            Mountain=高山`),
          materials: pairs("Leather=真皮, Suede=麂皮, Nubuck=磨砂皮, Waxed-Leather=油蜡皮"),
          materialsOf: {
            wellington: pairs("Natural-Rubber=天然橡胶, Recycled-Rubber=再生橡胶, Matte-Rubber=哑光橡胶"),
          },
          materialName: "Material",
          colours: list("Brown, Black, Tan, Olive, Burgundy, Yellow, Navy, Red, Sand, Forest, Grey"),
          colourChoices: 2,
          second: SHOE_SIZES,
          attributes: facets("Season: Autumn, Winter, All year; Sole: Rubber, Crepe, Lugged"),
          praise: {
            en: ["Puddles stop being a problem.", "A welted sole that a cobbler can replace."],
            zh: ["雨天也能放心踩水。", "固特异工艺，鞋底可更换。"],
          },
        },
        {
          slug: "backpacks",
          name: { en: "Backpacks & Bags", zh: "背包箱包" },
          weight: 3,
          dollars: [19, 69, 320],
          grams: [300, 1600],
          kinds: kinds(
            "Backpack=双肩包=daypack, Roll-Top Backpack=卷口背包=rolltop, Tote Bag=托特包=tote*0.6, Satchel=剑桥包=satchel, Duffel Bag=旅行袋=duffel",
          ),
          traits:
            pairs(`Commuter=通勤, Weekend=周末, Water-Resistant=防泼水, Laptop=电脑, Foldable=可折叠, Travel=旅行, Campus=学院, Roomy=大容量,
            Anti-Theft=防盗, Slim=轻薄`),
          materials: pairs(
            "Canvas=帆布, Leather=真皮, Waxed-Cotton=油蜡棉, Recycled-Nylon=再生尼龙, Felt=毛毡",
          ),
          materialName: "Material",
          colours: list("Olive, Navy, Mustard, Tan, Black, Rust, Sage, Grey, Teal, Burgundy, Pink, Sand"),
          colourChoices: 3,
          second: null,
          attributes: facets("Capacity: 12 L, 18 L, 24 L, 32 L; Laptop: 13 inch, 15 inch, None"),
          praise: {
            en: ["A pocket for the key, so you stop looking for it.", "Wide straps that do not twist."],
            zh: ["专属钥匙袋，再也不用翻包。", "肩带宽厚，背久不勒。"],
          },
        },
      ],
    },
  ],
};
