import { choice, type DepartmentWords, facets, kinds, list, pairs, spelled } from "./words.ts";

const FORMATS = choice("Format: Paperback, Hardback*1.55");

export const BOOKS: DepartmentWords = {
  slug: "books",
  name: { en: "Books & Stationery", zh: "图书文具" },
  trades: [
    {
      makers: {
        en: spelled(`Lantern Press, Foolscap Press, Gull & Quill, Paperbark, Little Orchard, Blue Door, Folio Nine, Kingfisher Row, Half Moon,
          Ampersand, Tern Books, Quarto Lane, Wayfarer Press, Sparrow Hill, Endpaper, Hopscotch Books`),
        zh: spelled(
          `青灯=Qingdeng, 拾页=Shiye, 白鹭书坊=Bailu, 小满书局=Xiaomanshuju, 山海文库=Shanhai, 云帆=Yunfan, 南窗=Nanchuang, 知秋=Zhiqiu, 折纸船=Zhezhichuan`,
        ),
      },
      shopWords: pairs(
        "Books=书店, Bookshop=书屋, Press=书局, Library=书房, Reading Room=阅览室, Book Barn=书仓",
      ),
      categories: [
        {
          slug: "novels",
          name: { en: "Novels", zh: "小说" },
          weight: 3,
          dollars: [7, 14, 34],
          grams: [220, 640],
          kinds:
            kinds(`Garden=花园=botanic, Harbour=港湾=waves, Mountain=群山=hills, Night=长夜=moon, City=城市=skyline, Letter=来信=geometric,
            Forest=森林=trees, Summer=夏天=sun`),
          traits:
            pairs(`The Clockmaker's=钟表匠的, The Last=最后的, A Quiet=安静的, Beyond the=远方的, The Translator's=译者的, My Grandmother's=外婆的,
            The Unwritten=未写完的, Once More the=再见，, The Lighthouse Keeper's=守塔人的, Leaving the=离开, A Borrowed=借来的, The Cartographer's=制图师的,
            Return to the=重返, The Second=第二个`),
          materials:
            pairs(`Winter=冬日, Silver=银色, Salt=盐与, Paper=纸上, Northern=北方, Hidden=隐秘, Distant=遥远, Glass=玻璃, Amber=琥珀,
            Vanishing=消逝的, Blue=蓝色, Golden=金色, Moonlit=月光, Drowned=沉没的`),
          materialName: null,
          titles: {
            en: ["{trait} {material} {kind}: A Novel"],
            zh: ["《{trait}{material}{kind}》 长篇小说"],
          },
          colours: list(
            "Navy, Terracotta, Teal, Mustard, Burgundy, Forest, Rose, Sky, Indigo, Coral, Ivory, Black, Sage, Purple",
          ),
          colourChoices: 0,
          second: FORMATS,
          attributes:
            facets(`Genre: Literary, Mystery, Historical, Fantasy, Science fiction, Romance; Pages: 192, 224, 256, 320, 384, 448;
            Language: English`),
          praise: {
            en: [
              "Three generations, one secret, and a house by the water.",
              "Start it early in the evening.",
            ],
            zh: ["三代人，一个秘密，一座临水的老屋。", "建议早一点翻开，否则会读到天亮。"],
          },
        },
        {
          slug: "cookbooks",
          name: { en: "Cookbooks", zh: "美食烹饪" },
          weight: 2,
          dollars: [14, 27, 55],
          grams: [520, 1500],
          kinds:
            kinds(`Noodles=面条=noodles, Bread=面包=bread, Soups=靓汤=soup, Vegetables=蔬食=vegetables, Dumplings=饺子=dumplings, Cakes=蛋糕=cake,
            Fish=鱼鲜=fish, Pizza=披萨=pizza`),
          traits:
            pairs(`Everyday=家常, Slow=慢煮, Simple=简单, Bright=清新, Seasonal=时令, Home=自家, Sunday=周末, Honest=本味, Little Book of=小小的,
            The Art of=讲究的, Weeknight=下班后的, Better=更好吃的`),
          materials:
            pairs(`80 Recipes for Busy Evenings=80道快手菜, A Cook's Year=一年的厨房, 100 Recipes to Share=100道分享食谱, From Scratch=从零开始,
            Six Ingredients or Fewer=六种食材以内, Notes from a Small Kitchen=小厨房笔记, For Two or for Twelve=两人到十二人, The Family Recipes=家传食谱`),
          materialName: null,
          titles: {
            en: ["{trait} {kind}: {material}"],
            zh: ["《{trait}{kind}》 {material}"],
          },
          colours: list(
            "Ivory, Coral, Sage, Mustard, Teal, Pink, Sky, Terracotta, Mint, Sand, Navy, Lavender",
          ),
          colourChoices: 0,
          second: FORMATS,
          attributes: facets(
            "Cuisine: Chinese, Italian, Nordic, Indian, Mexican, Baking; Pages: 160, 208, 240, 288; Language: English",
          ),
          praise: {
            en: [
              "Every recipe fits on one page and was cooked three times.",
              "Weights first, cups in brackets.",
            ],
            zh: ["每道菜一页讲完，并反复试做。", "克重清楚，新手也不会失败。"],
          },
        },
        {
          slug: "picture-books",
          name: { en: "Picture Books", zh: "儿童绘本" },
          weight: 2,
          dollars: [6, 13, 26],
          grams: [240, 620],
          kinds: kinds(
            "Fox=小狐狸=fox, Bear=小熊=bear, Whale=鲸鱼=whale, Rabbit=兔子=rabbit, Owl=猫头鹰=owl, Cat=小猫=cat",
          ),
          traits:
            pairs(`The Sleepy=瞌睡的, The Brave=勇敢的, The Curious=好奇的, The Smallest=最小的, The Very Polite=有礼貌的, The Singing=爱唱歌的,
            Grandpa's=爷爷的, The Forgetful=健忘的, Grandma's=奶奶的, The Travelling=去旅行的`),
          materials:
            pairs(`and the Moon=和月亮, Who Found a Star=捡到一颗星, Goes to Sea=出海去, and the Red Kite=和红风筝, Learns to Wait=学会等待,
            and the Snow=和初雪, Bakes a Cake=做蛋糕, Cannot Sleep=睡不着, and the Big Storm=和大风暴, Plants a Seed=种下一颗种子`),
          materialName: null,
          titles: { en: ["{trait} {kind} {material}"], zh: ["《{trait}{kind}{material}》 绘本"] },
          colours: list("Sky, Yellow, Mint, Coral, Lavender, Teal, Orange, Navy, Pink, Lime, Red, Sage"),
          colourChoices: 0,
          second: FORMATS,
          attributes: facets(
            "Age: 0-2 years, 3-5 years, 6-8 years; Pages: 24, 32, 40, 48; Language: English",
          ),
          praise: {
            en: [
              "Short enough for one bedtime, good enough for a hundred.",
              "Thick pages and rounded corners.",
            ],
            zh: ["睡前刚好读完，再读一百遍也不腻。", "厚实纸页，圆角不伤手。"],
          },
        },
      ],
    },
    {
      makers: {
        en: spelled(`Inkwell, Foolscap, Margin, Red Thread, Slow Letters, Bookbinder's Row, Papyrus & Co, Deckle, Vellum, Graphite & Gum,
          Ledger Lane, Nib & Noble, Blotter, Plain Paper, Draughtsman, Laid & Wove`),
        zh: spelled(
          `墨间=Mojian, 纸鹿=Zhilu, 方寸=Fangcun, 素笺=Sujian, 笔耕=Bigeng, 砚边=Yanbian, 落款=Luokuan, 半格=Bange, 行间=Hangjian`,
        ),
      },
      shopWords: pairs("Paper=纸品, Stationers=文具, Ink=笔墨, Desk Supply=文房"),
      categories: [
        {
          slug: "notebooks",
          name: { en: "Notebooks", zh: "笔记本" },
          weight: 3,
          dollars: [4, 15, 48],
          grams: [110, 520],
          kinds: kinds(
            "Hardcover Notebook=硬面笔记本=band, Spiral Notebook=线圈本=spiral, Stitched Notebook=线装本=stitched, Planner=手帐=planner",
          ),
          traits:
            pairs(`Dotted=点阵, Lined=横线, Pocket=口袋, Lay-Flat=平摊, Numbered=编码页, Weekly=周计划, Sketch=速写, Refillable=可替芯,
            Thick-Paper=厚纸, Travel=旅行`),
          materials: pairs("Linen=布面, Leather=真皮, Kraft=牛皮纸, Recycled=再生纸, Cotton-Paper=棉浆纸"),
          materialName: "Material",
          colours: list(
            "Navy, Sage, Mustard, Black, Coral, Tan, Teal, Lavender, Burgundy, Sky, Forest, Pink",
          ),
          colourChoices: 4,
          second: choice("Format: A6, A5*1.3, B5*1.6"),
          attributes: facets("Ruling: Lined, Dotted, Plain, Squared; Pages: 96, 128, 192, 240"),
          praise: {
            en: ["Opens flat and stays there.", "Paper that takes a fountain pen without bleeding."],
            zh: ["可180度平摊书写。", "钢笔书写不洇不透。"],
          },
        },
        {
          slug: "pens",
          name: { en: "Pens & Pencils", zh: "书写工具" },
          weight: 2,
          dollars: [3, 22, 160],
          grams: [10, 90],
          kinds: kinds(
            "Fountain Pen=钢笔=fountain, Ballpoint Pen=圆珠笔=ball*0.5, Mechanical Pencil=自动铅笔=mechanical, Colouring Pencils=彩色铅笔=set, Brush Pen=软笔=brush",
          ),
          traits:
            pairs(`Slim=纤细, Heritage=经典, Drafting=制图, Everyday=日常, Pocket=口袋, Calligraphy=书法, Studio=画室,
            Executive=商务, Travel=旅行`),
          materials: pairs("Brass=黄铜, Resin=树脂, Aluminium=铝合金, Cedar=雪松木, Steel=不锈钢, Bamboo=竹"),
          materialsOf: {
            set: pairs("Cedar=雪松木, Basswood=椴木, Bamboo=竹"),
            brush: pairs("Bamboo=竹, Resin=树脂, Ebony=乌木"),
          },
          materialName: "Material",
          colours: list("Navy, Brass, Black, Burgundy, Teal, Silver, Forest, Orange, Sky, Rose, Yellow"),
          colourChoices: 3,
          second: null,
          attributes: facets("Tip: Extra fine, Fine, Medium, Broad; Ink: Black, Blue, Assorted"),
          praise: {
            en: ["Starts on the first stroke, even after a month.", "Weight where the hand wants it."],
            zh: ["放一个月，落笔依然顺滑。", "重心恰到好处，久写不累。"],
          },
        },
      ],
    },
  ],
};
