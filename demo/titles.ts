import type { Leaf } from "./categories.ts";
import { dealt, hash, itemAt, scattered } from "./random.ts";
import type { DemoLanguage } from "./types.ts";
import { type Kind, list, type Pair } from "./words/words.ts";

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

/**
 * Words for a maker's collection, used once the plain titles of a category run out (at about 10,000
 * products).
 */
const SERIES = {
  en: list(`Tide, Meadow, Ember, Coast, Orchard, Summit, Willow, Aurora, Canyon, Delta, Fjord, Glen, Haven, Isle, Juniper, Knoll,
    Lagoon, Mesa, Nova, Oasis, Prairie, Quarry, Reef, Sierra, Thicket, Upland, Valley, Wharf, Yarrow, Zephyr, Bramley, Cinder,
    Dune, Estuary, Fern, Grove, Hollow, Inlet, Jetty, Kelp, Lark, Moor, Nook, Otter, Pebble, Quill, Ridge, Skerry, Tarn, Vista`),
  zh: list(`潮汐, 原野, 余烬, 海岸, 果园, 山巅, 垂柳, 极光, 峡谷, 三角洲, 峡湾, 幽谷, 港湾, 岛屿, 杜松, 丘陵, 泻湖, 台地, 新星, 绿洲, 草原, 采石, 礁石,
    山脉, 灌木, 高地, 河谷, 码头, 蓍草, 微风, 星尘, 沙丘, 蕨影, 小树林, 石径, 云雀, 荒原, 水獭, 卵石, 羽笔`),
};

/**
 * What the `ordinal`th product of a leaf is: kinds are dealt in rounds, so `round` counts the products of its
 * kind.
 */
export function kindAt({ words }: Leaf, ordinal: number): { kind: Kind; round: number } {
  const count = words.kinds.length;
  return { kind: itemAt(words.kinds, dealt(ordinal, count, words.slug)), round: Math.floor(ordinal / count) };
}

/**
 * The title of the `round`th product of a kind. Within a leaf, a kind and a language every round has its own:
 * the templates take turns and the words are a bijection of the round. When all combinations are used, the
 * maker gets a series word, then a number.
 */
export function titleOf({ words, trade }: Leaf, language: DemoLanguage, kind: Kind, round: number): Title {
  const makers = trade.makers[language];
  const materials = words.materialsOf?.[kind.form] ?? words.materials;
  const templates = words.titles?.[language] ?? TEMPLATES[language];
  const template = itemAt(templates, round);
  const lap = Math.floor(round / templates.length);
  const slots = [
    template.includes("{maker}") ? makers.length : 1,
    template.includes("{trait}") ? words.traits.length : 1,
    template.includes("{material}") ? materials.length : 1,
  ] as const;
  const space = slots[0] * slots[1] * slots[2];
  // Each kind and template starts elsewhere, so that neighbours do not share a maker.
  const cell = scattered(lap % space, space, hash(words.slug, language, kind.en, template) % space);
  const unnamed = hash(words.slug, "unnamed", kind.en, round);
  const brand = itemAt(makers, slots[0] > 1 ? cell % slots[0] : unnamed);
  const trait = itemAt(words.traits, slots[1] > 1 ? Math.floor(cell / slots[0]) : unnamed >>> 4);
  const material = itemAt(materials, slots[2] > 1 ? Math.floor(cell / slots[0] / slots[1]) : unnamed >>> 8);

  const series = seriesWord(language, Math.floor(lap / space));
  const text = template
    .replace("{maker}", series === "" ? brand.name : `${brand.name} ${series}`)
    .replace("{trait}", trait[language])
    .replace("{material}", material[language].replace("-", " "))
    .replace("{kind}", kind[language]);
  const named = template.includes("{maker}") || series === "" ? text : `${text} (${series})`;
  return { text: named, brand: brand.name, brandSpelling: brand.spelling, kind, trait, material };
}

function seriesWord(language: DemoLanguage, lap: number): string {
  if (lap === 0) return "";
  const words = SERIES[language];
  const number = Math.floor((lap - 1) / words.length) + 1;
  const word = itemAt(words, lap - 1) + (language === "zh" ? "系列" : "");
  return number === 1 ? word : `${word} ${number}`;
}
