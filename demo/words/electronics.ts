import { choice, type DepartmentWords, facets, kinds, list, pairs, spelled } from "./words.ts";

export const ELECTRONICS: DepartmentWords = {
  slug: "electronics",
  name: { en: "Electronics", zh: "数码电子" },
  trades: [
    {
      makers: {
        en: spelled(`Northwave, Halden, Tonic Audio, Orrin, Kestrel, Lumio, Brightwell, Vantor, Selkie, Arcfield, Monolith, Parallel,
    Quietude, Fennec, Osprey Labs, Tallis, Meridian Nine, Rowan Works, Polarline, Echo Bay, Signal House, Ivory Peak,
    Greyfield, Junction`),
        zh: spelled(`青岚=Qinglan, 声屿=Shengyu, 极野=Jiye, 墨石=Moshi, 云途=Yuntu, 朗格=Langge, 微澜=Weilan, 星桥=Xingqiao, 临界=Linjie, 听禾=Tinghe,
    北屿=Beiyu, 光刻=Guangke, 漫频=Manpin, 原点=Yuandian`),
      },
      shopWords: pairs(
        "Audio=数码, Electronics=电子, Devices=智能生活馆, Sound & Vision=影音, Digital=数码专营, Gadgets=潮玩数码, Tech=科技",
      ),
      categories: [
        {
          slug: "headphones",
          name: { en: "Headphones", zh: "耳机" },
          weight: 4,
          dollars: [19, 79, 349],
          grams: [40, 320],
          kinds:
            kinds(`Over-Ear Headphones=头戴式耳机=over, On-Ear Headphones=压耳式耳机=on, Wireless Earbuds=真无线耳机=buds,
            Studio Headphones=监听耳机=studio, Gaming Headset=电竞耳机=headset`),
          traits:
            pairs(`Noise-Cancelling=主动降噪, Bluetooth=蓝牙, Lightweight=轻量, Foldable=折叠便携, Hi-Res=高解析, Open-Back=开放式,
            Long-Play=长续航, Low-Latency=低延迟, Bass=重低音, Travel=旅行`),
          materials: pairs("Aluminium=铝合金, Leather=真皮, Walnut=胡桃木, Carbon=碳纤维, Velour=绒面"),
          materialName: "Material",
          colours: list("Black, White, Sand, Navy, Sage, Red, Silver, Lavender, Teal, Coral, Mustard"),
          colourChoices: 4,
          second: null,
          attributes: facets(
            "Connection: Bluetooth 5.3, 3.5 mm cable, USB-C, 2.4 GHz wireless; Battery: 20 h, 30 h, 40 h, 60 h",
          ),
          praise: {
            en: [
              "The train goes quiet, the bass stays honest.",
              "Soft pads and an even clamp for a whole working day.",
            ],
            zh: ["戴上之后，地铁也安静下来。", "耳垫柔软，佩戴一整天也不夹头。"],
          },
        },
        {
          slug: "speakers",
          name: { en: "Speakers", zh: "音箱" },
          weight: 3,
          dollars: [24, 99, 599],
          grams: [350, 6200],
          kinds:
            kinds(`Portable Speaker=便携音箱=portable*0.6, Bookshelf Speaker=书架音箱=bookshelf, Smart Speaker=智能音箱=smart,
            Desktop Radio=复古收音机音箱=radio, Soundbar=回音壁=bar*1.6`),
          traits:
            pairs(`Waterproof=防水, 360°=全向环绕, Retro=复古, Compact=迷你, Two-Way=二分频, Outdoor=户外, Bluetooth=蓝牙,
            Room-Filling=澎湃, Stereo=立体声, All-Day=长续航`),
          materials: pairs("Walnut=胡桃木, Birch=桦木, Aluminium=铝合金, Wool=羊毛布, Bamboo=竹纤维"),
          materialName: "Material",
          colours: list("Charcoal, Walnut, Oak, Teal, Red, Ivory, Navy, Mustard, Sage, Grey, Coral"),
          colourChoices: 3,
          second: null,
          attributes: facets("Power: 10 W, 20 W, 30 W, 60 W; Connection: Bluetooth, Wi-Fi, AUX, Optical"),
          praise: {
            en: [
              "Clear voices at low volume, room to spare at a party.",
              "Pairs in a second and remembers two phones.",
            ],
            zh: ["小音量人声清晰，大音量也不破音。", "一秒配对，可同时记住两部手机。"],
          },
        },
        {
          slug: "keyboards",
          name: { en: "Keyboards", zh: "键盘" },
          weight: 2,
          dollars: [29, 89, 269],
          grams: [420, 1450],
          kinds:
            kinds(`Mechanical Keyboard=机械键盘=full, 65% Keyboard=65配列键盘=compact, Split Keyboard=分体键盘=split,
            Low-Profile Keyboard=矮轴键盘=slim, Numpad=数字小键盘=numpad*0.45`),
          traits:
            pairs(`Hot-Swap=热插拔, Wireless=无线三模, Silent=静音, Gasket=Gasket结构, Backlit=背光, Compact=紧凑, Typist's=打字员,
            Programmable=可编程, Retro=复古, Office=办公`),
          materials: pairs("PBT=PBT键帽, Aluminium=铝合金, Polycarbonate=透光PC, Oak=橡木, Ceramic=陶瓷键帽"),
          materialName: "Material",
          colours: list("Ivory, Charcoal, Mint, Lavender, Navy, Pink, Grey, Olive, Sky, Mustard"),
          colourChoices: 3,
          second: choice("Switch: Linear, Tactile, Clicky, Silent*1.08"),
          attributes: facets("Connection: USB-C, Bluetooth, 2.4 GHz wireless; Layout: ANSI, ISO"),
          praise: {
            en: ["A deep, even sound and keys that stay put.", "Change a switch without a soldering iron."],
            zh: ["声音沉稳，手感一致，久打不累。", "无需焊接，随时更换轴体。"],
          },
        },
        {
          slug: "cameras",
          name: { en: "Cameras", zh: "相机" },
          weight: 2,
          dollars: [59, 389, 1899],
          grams: [220, 980],
          kinds:
            kinds(`Mirrorless Camera=微单相机=mirrorless, Rangefinder Camera=旁轴相机=rangefinder, Instant Camera=拍立得=instant*0.25,
            Action Camera=运动相机=action*0.55, Compact Camera=便携卡片机=compact*0.6`),
          traits:
            pairs(`Everyday=日常, 4K=4K超清, Pocket=口袋, Weather-Sealed=防尘防滴, Travel=旅行, Street=街拍, Vlogging=视频博主,
            Retro=复古, Beginner's=入门, Stabilised=防抖`),
          materials: pairs("Magnesium=镁合金, Leatherette=皮革饰面, Aluminium=铝合金, Brushed-Steel=拉丝钢"),
          materialName: "Material",
          colours: list("Black, Silver, Brown, White, Mint, Red, Navy, Sand, Pink, Olive"),
          colourChoices: 2,
          second: null,
          attributes: facets(
            "Resolution: 12 MP, 20 MP, 24 MP, 33 MP; Screen: Fixed, Tilting, Fully articulated",
          ),
          praise: {
            en: ["Dials you can turn with gloves on.", "Colours you will not want to correct."],
            zh: ["机械转盘手感清晰，戴手套也能操作。", "直出色彩讨喜，几乎不用后期。"],
          },
        },
        {
          slug: "watches",
          name: { en: "Watches", zh: "手表" },
          weight: 3,
          dollars: [25, 129, 799],
          grams: [32, 140],
          kinds:
            kinds(`Smartwatch=智能手表=smart, Field Watch=军表=field, Chronograph=计时码表=chrono, Dress Watch=正装腕表=dress,
            Diver's Watch=潜水表=diver`),
          traits:
            pairs(`Sapphire=蓝宝石镜面, Slim=超薄, Solar=光动能, Heritage=经典, Swimproof=游泳防水, Night=夜行, Sunday=周末, Featherweight=轻盈,
            Everyday=日常, Luminous=夜光`),
          materials: pairs("Steel=精钢, Titanium=钛合金, Leather=真皮表带, Mesh=米兰尼斯, Ceramic=陶瓷"),
          materialsOf: { smart: pairs("Aluminium=铝合金, Titanium=钛合金, Ceramic=陶瓷") },
          materialName: "Material",
          colours: list("Navy, Brown, Black, Forest, Silver, Gold, Burgundy, Tan, Teal, White, Orange"),
          colourChoices: 3,
          second: choice("Case: 36 mm, 40 mm*1.05, 44 mm*1.1"),
          attributes: facets(
            "Water resistance: 30 m, 50 m, 100 m, 200 m; Strap: Leather, Steel, Silicone, Nylon",
          ),
          praise: {
            en: [
              "Readable at a glance, and comfortable overnight.",
              "A plain face that goes with everything.",
            ],
            zh: ["一眼就能看清时间，睡觉也不硌手。", "表盘简洁，通勤正装都合适。"],
          },
        },
      ],
    },
  ],
};
