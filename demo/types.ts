/**
 * Everything here is plain data: it survives JSON unchanged. Money is integer minor units of
 * `DemoShop.currency`.
 */

export type DemoLanguage = "en" | "zh";

export interface DemoCategory {
  readonly slug: string;
  /** Null for a department, the department's slug for a leaf. Products are in leaves only. */
  readonly parent: string | null;
  readonly name: { readonly en: string; readonly zh: string };
  /** Order among siblings, from 0. */
  readonly position: number;
}

export interface DemoShop {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** Town and country, as in "Leeds, GB". */
  readonly region: string;
  /** The platform's share of a sale: 500 is 5 %. */
  readonly feeBasisPoints: number;
  /** Flat shipping per order; null: never free. */
  readonly shipping: { readonly flatMinor: number; readonly freeAboveMinor: number | null };
  /** One currency for the whole marketplace. */
  readonly currency: "USD";
  /** Slugs of the 2 to 4 leaf categories it sells (more only when there are too few shops to cover 40). */
  readonly categories: readonly string[];
}

export interface DemoOption {
  readonly name: string;
  readonly values: readonly string[];
}

export interface DemoVariant {
  /** Unique in the whole catalogue. */
  readonly sku: string;
  /** One value per option of the product, in the order of its options. */
  readonly optionValues: readonly string[];
  readonly priceMinor: number;
  /** The price before a reduction, above `priceMinor`, or null. */
  readonly compareAtMinor: number | null;
  readonly weightGrams: number;
  /** Pieces on hand at the start. */
  readonly stock: number;
}

/** What the picture needs to know; the rest of a picture follows from the slug. */
export interface DemoLook {
  /** The silhouette within the category ("pendant" among the lamps): it agrees with the title. */
  readonly form: string;
  /** How many products of this category came before: neighbours are dealt different scenes by it. */
  readonly ordinal: number;
  /** The pattern that its title names ("Striped"), else null. */
  readonly pattern: "stripes" | "check" | "dots" | "petals" | "speckle" | "plain" | null;
  /** Names of its colours (see `words/colours.ts`), the main one first; at least one. */
  readonly colours: readonly string[];
}

export interface DemoProduct {
  /** Position in the catalogue, from 0. */
  readonly number: number;
  /** Unique, a-z 0-9 and hyphens. */
  readonly slug: string;
  /** Slug of the shop that sells it. */
  readonly shop: string;
  /** Slug of its leaf category. */
  readonly category: string;
  /**
   * Language of title and description. Attributes, options and tags are English everywhere, so that facets
   * agree.
   */
  readonly language: DemoLanguage;
  /** Unique in the whole catalogue. */
  readonly title: string;
  readonly brand: string;
  /** Only p, ul, li and strong, without attributes. */
  readonly descriptionHtml: string;
  readonly tags: readonly string[];
  /** For facets: "Material" → ["Linen"], "Colour" → ["Navy", "Sage"]. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** None to two. */
  readonly options: readonly DemoOption[];
  /** One to twelve; exactly one, without option values, when there are no options. */
  readonly variants: readonly DemoVariant[];
  /** One product of each category that everybody wants: much stock, and the lab's favourite. */
  readonly popular: boolean;
  readonly look: DemoLook;
}

export interface DemoCatalogue {
  /** Departments first, then leaves, each in order of position. */
  readonly categories: readonly DemoCategory[];
  readonly shops: readonly DemoShop[];
  /** Makes the products one by one; every call starts again at the first. */
  products(): IterableIterator<DemoProduct>;
}

export interface DemoRequest {
  readonly products?: number;
  readonly shops?: number;
  readonly seed?: number;
}
