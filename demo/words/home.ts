import { choice, type DepartmentWords, facets, kinds, list, pairs, spelled } from "./words.ts";

export const HOME: DepartmentWords = {
  slug: "home",
  name: { en: "Home", zh: "家居生活" },
  trades: [
    {
      makers: {
        en: spelled(`Alder & Ash, Norrland, Fernhouse, Quiet Room, Saltmarsh, Hygge & Co, Lowland, Birchwood, Stillness, Oakhurst, Marram,
    Dovetail, Lindisfarne, Plain Goods, Tidewater, Copperfield, Everly Home, Heather Hill, Ostro, Willowbank, Thistle & Stone,
    Clayton Row, Morrow, Hearthside`),
        zh: spelled(`木禾=Muhe, 简屋=Jianwu, 山舍=Shanshe, 归园=Guiyuan, 素居=Suju, 竹里=Zhuli, 暖白=Nuanbai, 一隅=Yiyu, 拾光=Shiguang, 温岚=Wenlan,
    半亩=Banmu, 棠里=Tangli, 南舍=Nanshe, 栖木=Qimu`),
      },
      shopWords: pairs(
        "Living=家居馆, Home=家居, Interiors=软装, House=生活馆, Furnishings=家具, Rooms=美宅, Lighting=灯饰",
      ),
      categories: [
        {
          slug: "lamps",
          name: { en: "Lamps", zh: "灯具" },
          weight: 3,
          dollars: [18, 69, 420],
          grams: [600, 7200],
          kinds:
            kinds(`Table Lamp=台灯=table, Floor Lamp=落地灯=floor*1.6, Pendant Lamp=吊灯=pendant, Desk Lamp=护眼书桌灯=desk,
            Globe Lamp=球形氛围灯=globe`),
          traits:
            pairs(`Dimmable=可调光, Reading=阅读, Warm-Glow=暖光, Adjustable=可调节, Minimal=极简, Mid-Century=中古风, Bedside=床头,
            Rechargeable=充电式, Sculptural=雕塑感, Cosy=温馨`),
          materials: pairs(
            "Brass=黄铜, Linen=亚麻, Ceramic=陶瓷, Opal-Glass=乳白玻璃, Rattan=藤编, Walnut=胡桃木",
          ),
          materialsOf: { globe: pairs("Opal-Glass=乳白玻璃, Paper=和纸, Smoked-Glass=烟色玻璃, Linen=亚麻") },
          materialName: "Material",
          colours: list("Brass, Sage, Ivory, Black, Terracotta, Navy, Mustard, Teal, Pink, White, Olive"),
          colourChoices: 3,
          second: null,
          attributes: facets("Bulb: E14, E27, Integrated LED; Light: Warm white, Neutral white, Adjustable"),
          praise: {
            en: ["A pool of warm light exactly where you sit.", "The switch is where your hand already is."],
            zh: ["灯光柔和不刺眼，坐下就有安心的一角。", "开关顺手，亮度随心。"],
          },
        },
        {
          slug: "chairs",
          name: { en: "Chairs", zh: "椅子" },
          weight: 2,
          dollars: [49, 189, 890],
          grams: [3600, 19000],
          kinds:
            kinds(`Dining Chair=餐椅=dining, Armchair=单人沙发椅=arm*1.6, Office Chair=人体工学椅=office, Bar Stool=吧台凳=stool*0.6,
            Rocking Chair=摇椅=rocking`),
          traits:
            pairs(`Curved=弧形, Stackable=可叠放, Upholstered=软包, Mid-Century=中古风, Low-Back=低背, Reading=阅读, Slatted=格栅,
            Nordic=北欧, Deep-Seat=深坐, Swivel=旋转`),
          materials: pairs("Oak=橡木, Walnut=胡桃木, Bouclé=羊羔绒, Velvet=丝绒, Leather=真皮, Rattan=藤编"),
          materialsOf: { office: pairs("Mesh=网布, Leather=真皮, Wool=羊毛, Recycled-Mesh=再生网布") },
          materialName: "Material",
          colours: list("Oak, Forest, Grey, Terracotta, Navy, Ivory, Walnut, Mustard, Teal, Rose, Charcoal"),
          colourChoices: 4,
          second: null,
          attributes: facets(
            "Room: Dining room, Living room, Study, Bedroom; Assembly: None, 10 minutes, 30 minutes",
          ),
          praise: {
            en: ["Sit down for coffee, stay for the evening.", "Joints glued and pegged, not screwed."],
            zh: ["坐下喝杯咖啡，不知不觉就是一晚。", "榫卯结构，稳固不摇晃。"],
          },
        },
        {
          slug: "cushions",
          name: { en: "Cushions", zh: "抱枕靠垫" },
          weight: 3,
          dollars: [9, 29, 95],
          grams: [280, 950],
          kinds: kinds(
            "Square Cushion=方形抱枕=square, Lumbar Cushion=腰靠枕=lumbar, Round Cushion=圆形坐垫=round, Knot Cushion=绳结抱枕=knot",
          ),
          traits:
            pairs(`Embroidered=刺绣, Tasselled=流苏, Striped=条纹, Block-Print=木版印花, Chunky=粗针, Quilted=绗缝, Tufted=簇绒, Garden=户外,
            Patchwork=拼布, Soft=亲肤`),
          materials: pairs("Linen=亚麻, Velvet=丝绒, Cotton=纯棉, Wool=羊毛, Bouclé=羊羔绒, Corduroy=灯芯绒"),
          materialName: "Material",
          colours: list(
            "Mustard, Teal, Rose, Sage, Navy, Terracotta, Ivory, Lavender, Forest, Coral, Grey, Sky",
          ),
          colourChoices: 4,
          second: choice("Size: 40 cm, 45 cm*1.15, 50 cm*1.3"),
          attributes: facets(
            "Filling: Feather, Recycled fibre, Down; Care: Machine wash 30 °C, Dry clean, Spot clean",
          ),
          praise: {
            en: [
              "The quickest way to make an old sofa new.",
              "A hidden zip, and a cover that comes back from the wash.",
            ],
            zh: ["旧沙发焕新，从换一只抱枕开始。", "隐形拉链，外套可拆洗。"],
          },
        },
        {
          slug: "vases",
          name: { en: "Vases", zh: "花瓶" },
          weight: 2,
          dollars: [12, 42, 240],
          grams: [350, 3800],
          kinds: kinds(
            "Bottle Vase=细口花瓶=bottle, Bud Vase=小花瓶=bud*0.5, Amphora Vase=双耳花瓶=amphora, Cylinder Vase=直筒花瓶=cylinder, Bowl Vase=圆腹花瓶=bowl",
          ),
          traits:
            pairs(`Hand-Thrown=手拉坯, Ribbed=竖棱, Reactive-Glaze=窑变釉, Speckled=斑点釉, Matte=哑光, Crackle=冰裂, Two-Tone=双色, Tall=高款,
            Wabi=侘寂, Fluted=花口`),
          materials: pairs("Stoneware=粗陶, Porcelain=白瓷, Glass=玻璃, Terracotta=红陶, Celadon=青瓷"),
          materialName: "Material",
          colours: list(
            "Terracotta, Ivory, Teal, Sage, Navy, Clear, Sand, Rose, Forest, Mustard, Black, Sky",
          ),
          colourChoices: 3,
          second: choice("Height: 15 cm, 22 cm*1.35, 30 cm*1.8"),
          attributes: facets("Finish: Matte, Gloss, Raw; Use: Fresh flowers, Dried flowers"),
          praise: {
            en: ["One stem is enough.", "Thrown on the wheel, so no two are quite the same."],
            zh: ["插一枝就很好看。", "手工拉坯，每一只都略有不同。"],
          },
        },
        {
          slug: "clocks",
          name: { en: "Clocks", zh: "钟表" },
          weight: 2,
          dollars: [12, 39, 210],
          grams: [250, 2600],
          kinds: kinds(
            "Wall Clock=挂钟=wall, Alarm Clock=闹钟=alarm*0.6, Mantel Clock=座钟=mantel, Pendulum Clock=摆钟=pendulum*1.8",
          ),
          traits:
            pairs(`Silent=静音, Station=车站风, Sunburst=太阳, Minimal=极简, Retro=复古, Large=大号, Radio-Controlled=电波, Kitchen=厨房,
            Bedside=床头, Schoolhouse=学院风`),
          materials: pairs("Oak=橡木, Brass=黄铜, Walnut=胡桃木, Enamel=珐琅, Marble=大理石"),
          materialName: "Material",
          colours: list("Black, Oak, Red, Mint, Brass, Navy, White, Walnut, Yellow, Sage, Copper"),
          colourChoices: 2,
          second: null,
          attributes: facets("Movement: Quartz, Silent sweep, Radio-controlled; Battery: AA, AAA, Mains"),
          praise: {
            en: ["No tick to keep you awake.", "Figures you can read from the far end of the hall."],
            zh: ["静音机芯，夜里听不到滴答声。", "数字清晰，远远就能看清。"],
          },
        },
      ],
    },
  ],
};
