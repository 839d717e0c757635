/** A word in both languages of the catalogue. */
export interface Pair {
  readonly en: string;
  readonly zh: string;
}

/** What a thing is called, and the silhouette that is drawn for it. */
export interface Kind extends Pair {
  readonly form: string;
  /** Its price against the category's typical one. */
  readonly factor: number;
}

export interface OptionWords {
  readonly name: string;
  /** `factor` scales price (and, by its square root, weight) against the cheapest value. */
  readonly values: readonly { readonly value: string; readonly factor: number }[];
}

/**
 * The vocabulary of one leaf category, from which titles, attributes, options, prices and descriptions are
 * made.
 */
export interface CategoryWords {
  readonly slug: string;
  readonly name: Pair;
  /** Its share of the catalogue: products per round through all categories. */
  readonly weight: number;
  /** Lowest, typical and highest price in dollars. */
  readonly dollars: readonly [number, number, number];
  readonly grams: readonly [number, number];
  readonly kinds: readonly Kind[];
  readonly traits: readonly Pair[];
  readonly materials: readonly Pair[];
  /** For the forms that take other materials than the rest. */
  readonly materialsOf?: Readonly<Record<string, readonly Pair[]>>;
  /** The attribute that the materials are ("Material", "Origin", "Scent"), or null if they are only words. */
  readonly materialName: string | null;
  readonly colours: readonly string[];
  /** The colour that a material has by nature: strawberry jam is red. */
  readonly colourOf?: Readonly<Record<string, string>>;
  /** At most this many colours to choose from; 0: the colour is not an option and not an attribute. */
  readonly colourChoices: number;
  readonly second: OptionWords | null;
  /** One value of each is the product's. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Title templates over {maker} {trait} {material} {kind}; by default see `titles.ts`. */
  readonly titles?: { readonly en: readonly string[]; readonly zh: readonly string[] };
  readonly praise: { readonly en: readonly string[]; readonly zh: readonly string[] };
}

/** What one kind of maker makes and one kind of shop sells: nobody looks for coffee at a perfumer's. */
export interface Trade {
  /** Invented makers; the Chinese ones with their spelling for slugs and SKU codes. */
  readonly makers: { readonly en: readonly Spelled[]; readonly zh: readonly Spelled[] };
  /** What its shops are called after the first word; no two trades share one. */
  readonly shopWords: readonly Pair[];
  readonly categories: readonly CategoryWords[];
}

export interface Spelled {
  readonly name: string;
  /** In Latin letters. */
  readonly spelling: string;
}

export interface DepartmentWords {
  readonly slug: string;
  readonly name: Pair;
  readonly trades: readonly Trade[];
}

/** `list("a, b")`: word lists stay readable as one line. */
export function list(text: string): readonly string[] {
  return text.split(",").map((word) => word.trim());
}

/** `pairs("Linen=亚麻, Cotton=纯棉")`. */
export function pairs(text: string): readonly Pair[] {
  return list(text).map((entry) => {
    const [en = "", zh = ""] = entry.split("=");
    return { en, zh };
  });
}

/**
 * `kinds("Floor Lamp=落地灯=floor*1.5")`: English, Chinese, silhouette, price against the category's (1 if not
 * said).
 */
export function kinds(text: string): readonly Kind[] {
  return list(text).map((entry) => {
    const [en = "", zh = "", drawn = ""] = entry.split("=");
    const [form = "", factor = "1"] = drawn.split("*");
    return { en, zh, form, factor: Number(factor) };
  });
}

/** `spelled("Harbour, 青岚=Qinglan")`: a name in Latin letters is its own spelling. */
export function spelled(text: string): readonly Spelled[] {
  return list(text).map((entry) => {
    const [name = "", spelling = name] = entry.split("=");
    return { name, spelling };
  });
}

/** `choice("Capacity: 1 L, 1.7 L*1.2")`; a value without a factor counts 1. */
export function choice(text: string): OptionWords {
  const [name = "", values = ""] = text.split(":");
  return {
    name,
    values: list(values).map((entry) => {
      const [value = "", factor = "1"] = entry.split("*");
      return { value, factor: Number(factor) };
    }),
  };
}

/** `facets("Season: Summer, Winter; Fit: Slim, Relaxed")`. */
export function facets(text: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    text.split(";").map((entry) => {
      const [name = "", values = ""] = entry.split(":");
      return [name.trim(), list(values)];
    }),
  );
}
