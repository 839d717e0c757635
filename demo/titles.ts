import type { Leaf } from "./categories.ts";
import { dealt, hash, itemAt, scattered } from "./random.ts";
import type { DemoLanguage } from "./types.ts";
import { type Kind, list, type Pair, pairs } from "./words/words.ts";

export interface Title {
  readonly text: string;
  readonly brand: string;
  /** The brand in a-z and hyphens, for slugs and SKU codes. */
  readonly brandSpelling: string;
  readonly kind: Kind;
  readonly trait: Pair;
  readonly material: Pair;
}

const TEMPLATES = {
  en: ["{maker} {material} {kind}", "{maker} {trait} {kind}", "{maker} {trait} {material} {kind}"],
  zh: ["{maker} {material}{kind}", "{maker} {trait}{kind}", "{maker} {trait}{material}{kind}"],
};

/** Words for a maker's collection, used once the plain titles of a category run out (at about 10,000 products). */
const SERIES = {
  en: list(`Tide, Meadow, Ember, Coast, Orchard, Summit, Willow, Aurora, Canyon, Delta, Fjord, Glen, Haven, Isle, Juniper, Knoll,
    Lagoon, Mesa, Nova, Oasis, Prairie, Quarry, Reef, Sierra, Thicket, Upland, Valley, Wharf, Yarrow, Zephyr, Bramley, Cinder,
    Dune, Estuary, Fern, Grove, Hollow, Inlet, Jetty, Kelp, Lark, Moor, Nook, Otter, Pebble, Quill, Ridge, Skerry, Tarn, Vista`),
  zh: pairs(`潮汐, 原野, 余烬, 海岸, 果园, 山巅, 垂柳, 极光, 峡谷, 三角洲, 峡湾, 幽谷, 港湾, 岛屿, 杜松, 丘陵, 泻湖, 台地, 新星, 绿洲, 草原, 采石, 礁石,
    山脉, 灌木, 高地, 河谷, 码头, 蓍草, 微风, 星尘, 沙丘, 蕨影, 小树林, 石径, 云雀, 荒原, 水獭, 卵石, 羽笔`).map(
    (pair) => pair.en,
  ),
};

/**
 * The title of the `position`th product of a leaf in one language. Within a leaf and language every position has its
 * own title: the templates take turns, the kind comes up in dealt order, and the other words are a bijection of the
 * round. When all combinations are used the maker gets a series word, then a number.
 */
export function titleOf(leaf: Leaf, language: DemoLanguage, position: number): Title {
  const {
    words,
    trade: { makers },
  } = leaf;
  const salt = hash(words.slug, language);
  const templates = words.titles?.[language] ?? TEMPLATES[language];
  const turns = words.kinds.length * templates.length;
  const turn = dealt(position, turns, salt);
  const kind = itemAt(words.kinds, turn % words.kinds.length);
  const template = itemAt(templates, Math.floor(turn / words.kinds.length));
  const round = Math.floor(position / turns);

  const materials = words.materialsOf?.[kind.form] ?? words.materials;
  const sizes = [
    template.includes("{maker}") ? makers[language].length : 1,
    template.includes("{trait}") ? words.traits.length : 1,
    template.includes("{material}") ? materials.length : 1,
  ] as const;
  const space = sizes[0] * sizes[1] * sizes[2];
  // The turn shifts the start, so that the templates and kinds of one round do not share a maker.
  const offset = (hash(salt, turn) + turn) % space;
  const cell = scattered(round % space, space, offset);
  const other = hash(salt, "unnamed", position);
  const maker = sizes[0] > 1 ? cell % sizes[0] : other % makers[language].length;
  const trait = sizes[1] > 1 ? Math.floor(cell / sizes[0]) % sizes[1] : other % words.traits.length;
  const material = sizes[2] > 1 ? Math.floor(cell / sizes[0] / sizes[1]) : (other >>> 8) % materials.length;

  const chosen = { kind, trait: itemAt(words.traits, trait), material: itemAt(materials, material) };
  const brand = itemAt(makers[language], maker);
  const series = seriesWord(language, Math.floor(round / space));
  const text = template
    .replace("{maker}", series === "" ? brand.name : `${brand.name} ${series}`)
    .replace("{trait}", chosen.trait[language])
    .replace("{material}", chosen.material[language].replace("-", " "))
    .replace("{kind}", kind[language]);
  const named = template.includes("{maker}") || series === "" ? text : `${text} (${series})`;
  return { text: named, brand: brand.name, brandSpelling: brand.spelling, ...chosen };
}

function seriesWord(language: DemoLanguage, lap: number): string {
  if (lap === 0) return "";
  const words = SERIES[language];
  const number = Math.floor((lap - 1) / words.length) + 1;
  const word = itemAt(words, lap - 1) + (language === "zh" ? "系列" : "");
  return number === 1 ? word : `${word} ${number}`;
}
