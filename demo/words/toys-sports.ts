import { choice, type DepartmentWords, facets, kinds, list, pairs, spelled } from "./words.ts";

export const TOYS_SPORTS: DepartmentWords = {
  slug: "toys-sports",
  name: { en: "Toys & Sports", zh: "玩具运动" },
  trades: [
    {
      makers: {
        en: spelled(`Tumble, Hopscotch & Sons, Bright Acorn, Little Badger, Pogo, Kite & Co, Playmoor, Wildwood, Honeycomb, Marble Run, Nutkin,
          Fairground, Cloudberry, Gable, Button & Bow, Puddle`),
        zh: spelled(
          `童木=Tongmu, 小树屋=Xiaoshuwu, 积趣=Jiqu, 木马=Muma, 朵朵熊=Duoduoxiong, 泡泡糖=Paopaotang, 糖豆=Tangdou, 月亮船=Yueliangchuan`,
        ),
      },
      shopWords: pairs("Toys=玩具, Playroom=童玩, Toy Chest=玩具箱, Nursery=母婴童趣"),
      categories: [
        {
          slug: "soft-toys",
          name: { en: "Soft Toys", zh: "毛绒玩具" },
          weight: 3,
          dollars: [8, 24, 89],
          grams: [120, 900],
          kinds: kinds(
            `Teddy Bear=泰迪熊=bear, Toy Bunny=长耳兔=bunny, Toy Elephant=小象=elephant, Toy Penguin=企鹅=penguin, Toy Cat=猫咪公仔=cat, Toy Fox=狐狸公仔=fox`,
          ),
          traits:
            pairs(`Cuddly=抱抱, Floppy=软趴趴, Giant=超大, Pocket=口袋, Sleepy=安睡, Washable=可水洗, Heirloom=典藏, Snuggle=安抚, Baby's First=宝宝第一只,
            Jolly=开心`),
          materials: pairs(
            "Plush=毛绒, Corduroy=灯芯绒, Linen=亚麻, Organic-Cotton=有机棉, Knitted=针织, Mohair=马海毛",
          ),
          materialName: "Material",
          colours: list("Tan, Grey, Pink, Ivory, Sky, Brown, Sage, Lavender, Mustard, Coral, Mint, Charcoal"),
          colourChoices: 3,
          second: choice("Size: Small, Medium*1.45, Large*2.1"),
          attributes: facets("Age: From birth, 1-3 years, 3-6 years; Care: Machine wash 30 °C, Hand wash"),
          praise: {
            en: ["Arms made for holding.", "Survives the washing machine and the sandpit."],
            zh: ["柔软亲肤，抱着就想睡。", "可机洗，经得起日常陪伴。"],
          },
        },
        {
          slug: "building-blocks",
          name: { en: "Building Toys", zh: "积木拼搭" },
          weight: 2,
          dollars: [9, 32, 140],
          grams: [260, 2600],
          kinds: kinds(
            "Building Bricks=拼插积木=bricks, Wooden Blocks=木制积木=blocks, Stacking Tower=叠叠塔=stacker, Rainbow Stacker=彩虹积木=rainbow, Wooden Train=木头小火车=train",
          ),
          traits:
            pairs(`Creative=创意, Starter=入门, Big-Box=大盒装, Classic=经典, Castle=城堡, City=城市, Learning=启蒙, Giant=大颗粒, Travel=便携,
            Rainbow-Bright=彩虹色`),
          materials: pairs("Beech=榉木, Maple=枫木, Birch=桦木, Basswood=椴木, Cork=软木"),
          materialsOf: { bricks: pairs("Recycled-Plastic=再生塑料, Plant-Based=植物基, Soft-Touch=软胶") },
          materialName: "Material",
          colours: list("Red, Sky, Yellow, Green, Orange, Teal, Coral, Navy, Mint, Lavender"),
          colourChoices: 0,
          second: choice("Pieces: 24, 60*1.5, 120*2.3"),
          attributes: facets(
            "Age: 1-3 years, 3-6 years, 6-9 years; Skill: Fine motor, Building, Imagination",
          ),
          praise: {
            en: ["Falls down beautifully.", "Edges sanded round, colours that do not taste."],
            zh: ["搭起来好玩，倒下去更好玩。", "圆角打磨，水性漆安全无味。"],
          },
        },
      ],
    },
    {
      makers: {
        en: spelled(`Summit Row, Rally, Baseline, Torrent, Vale Athletic, Motion Lab, Ninefold, Topspin, Clubhouse, Longline, First Serve,
          Sideline, Equinox Sport, Tempo, Open Court, Fieldside`),
        zh: spelled(
          `跃动=Yuedong, 飞羽=Feiyu, 元气=Yuanqi, 疾行=Jixing, 山系=Shanxi, 伴跑=Banpao, 全场=Quanchang, 起势=Qishi`,
        ),
      },
      shopWords: pairs("Sports=体育, Athletics=运动户外, Active=运动, Sporting Goods=体育用品"),
      categories: [
        {
          slug: "balls",
          name: { en: "Balls", zh: "球类" },
          weight: 2,
          dollars: [8, 26, 110],
          grams: [60, 650],
          kinds: kinds(
            "Football=足球=football, Basketball=篮球=basketball, Volleyball=排球=volleyball, Tennis Balls=网球=tennis*0.5, Rugby Ball=橄榄球=rugby",
          ),
          traits:
            pairs(`Match=比赛用, Training=训练, Street=街头, Indoor=室内, All-Weather=全天候, Junior=青少年, Grippy=防滑, Club=俱乐部, Beach=沙滩,
            Soft-Touch=软感`),
          materials: pairs("Leather=真皮, Composite=PU, Rubber=橡胶, Microfibre=超纤, Recycled=再生材料"),
          materialsOf: { tennis: pairs("Wool-Felt=羊毛毡, Natural-Rubber=天然橡胶, Recycled=再生材料") },
          materialName: "Material",
          colours: list("Orange, White, Blue, Yellow, Red, Lime, Teal, Black, Pink, Brown, Purple, Green"),
          colourChoices: 2,
          second: null,
          attributes: facets("Surface: Grass, Hard court, Sand, Indoor; Level: Beginner, Club, Match"),
          praise: {
            en: ["Holds its air for a whole season.", "True bounce from the first throw."],
            zh: ["整个赛季不用频繁充气。", "弹性稳定，手感扎实。"],
          },
        },
        {
          slug: "rackets",
          name: { en: "Rackets", zh: "球拍" },
          weight: 2,
          dollars: [12, 58, 260],
          grams: [75, 360],
          kinds: kinds(
            "Tennis Racket=网球拍=tennis, Badminton Racket=羽毛球拍=badminton, Table Tennis Bat=乒乓球拍=pingpong*0.6, Padel Racket=板式网球拍=padel",
          ),
          traits:
            pairs(`Control=控球, Power=进攻, Lightweight=超轻, Junior=青少年, Club=俱乐部, Spin=旋转, Tour=巡回赛, Balanced=均衡, Training=训练,
            Forgiving=大甜区`),
          materials: pairs("Graphite=石墨, Carbon=全碳素, Aluminium=铝合金, Ash=白蜡木, Basalt=玄武岩纤维"),
          materialName: "Material",
          colours: list("Red, Blue, Lime, Black, Orange, Teal, Purple, White, Yellow, Pink, Navy"),
          colourChoices: 2,
          second: choice("Grip: G1, G2, G3"),
          attributes: facets("Level: Beginner, Club, Advanced; Balance: Head-light, Even, Head-heavy"),
          praise: {
            en: ["A sweet spot as big as your optimism.", "Quick in the hand, steady at the net."],
            zh: ["甜区够大，新手也能打出好球。", "挥拍灵活，网前稳定。"],
          },
        },
        {
          slug: "yoga-mats",
          name: { en: "Yoga Mats", zh: "瑜伽垫" },
          weight: 2,
          dollars: [14, 42, 130],
          grams: [800, 3100],
          kinds: kinds(
            "Yoga Mat=瑜伽垫=rolled, Exercise Mat=健身垫=flat, Travel Yoga Mat=旅行瑜伽垫=folded, Yoga Mat with Strap=带绑带瑜伽垫=strap",
          ),
          traits:
            pairs(`Non-Slip=防滑, Cushioned=加厚, Alignment=体位线, Sweat-Proof=吸汗, Wide=加宽, Calm=静心, Studio=专业, Reversible=双面, Printed=印花,
            Beginner's=初学者`),
          materials: pairs("Natural-Rubber=天然橡胶, Cork=软木, TPE=TPE, Jute=黄麻, Suede=麂皮绒"),
          materialName: "Material",
          colours: list("Lavender, Teal, Coral, Sage, Navy, Rose, Mustard, Sky, Forest, Purple, Sand, Mint"),
          colourChoices: 4,
          second: choice("Thickness: 3 mm, 5 mm*1.15, 8 mm*1.35"),
          attributes: facets("Length: 173 cm, 183 cm, 200 cm; Use: Yoga, Pilates, Gym"),
          praise: {
            en: ["Grips when you sweat, and lies flat at once.", "Kind to knees and wooden floors."],
            zh: ["出汗也不打滑，铺开就平。", "保护膝盖，也保护地板。"],
          },
        },
      ],
    },
  ],
};
