import { isoTime } from "#kernel/clock";
import { bucketOf, type Id, newId, timeOf } from "#kernel/id";
import type { Product, ProductDraft, Sku } from "./api.ts";
import { cleanDescription } from "./description.ts";

/** A draft that holds together, without what the shop adds: ids, version, times. */
export type Content = Omit<
  Product,
  "id" | "shop" | "slug" | "version" | "createdAt" | "updatedAt" | "skus"
> & {
  readonly skus: readonly SkuContent[];
};
export type SkuContent = Omit<Sku, "id"> & { readonly stock: number };

/** Why a draft does not hold together, for the merchant who wrote it. */
export class Incoherent {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What cart and order must know of a SKU to sell it: one row of the door's `skus`. */
export interface Offer {
  readonly sku: Id<"sku">;
  readonly product: Id<"product">;
  readonly shop: Id<"shop">;
  readonly title: string;
  readonly slug: string;
  readonly options: Record<string, string>;
  readonly code: string;
  readonly price: Sku["price"];
  readonly image: string | null;
}

const maxOptions = 3;
const maxAttributes = 100;
const maxNameLength = 50;

/** Checks a draft against itself and against the shop's currency; cleans its texts and its HTML. */
export function contentOf(draft: ProductDraft, currency: string): Content | Incoherent {
  const title = line(draft.title);
  if (title === "") return new Incoherent("The title is empty.");
  const images = draft.images ?? [];
  const badImage = images.find(({ url }) => !isPicture(url));
  if (badImage)
    return new Incoherent(
      `A picture must be below /files/ or begin with https://: ${badImage.url.slice(0, 200)}`,
    );
  const skus: SkuContent[] = [];
  for (const sku of draft.skus) {
    const content = skuOf(sku, currency, images.length);
    if (content instanceof Incoherent) return content;
    skus.push(content);
  }
  const options = optionsOf(skus);
  if (options instanceof Incoherent) return options;
  const attributes = attributesOf(draft.attributes ?? {});
  const long = [...Object.keys(attributes), ...options.map(({ name }) => name)].find(
    (name) => name.length > maxNameLength,
  );
  if (long)
    return new Incoherent(
      `The name of an option or attribute has at most ${maxNameLength} characters: ${long}.`,
    );
  if (Object.keys(attributes).length > maxAttributes) {
    return new Incoherent(`A product has at most ${maxAttributes} attributes.`);
  }
  return {
    title,
    description: cleanDescription(draft.description ?? ""),
    category: draft.category,
    brand: line(draft.brand ?? ""),
    tags: distinct(draft.tags ?? []),
    attributes,
    images: images.map(({ url, alt }) => ({ url, alt: line(alt) })),
    status: draft.status ?? "draft",
    options,
    skus,
  };
}

function skuOf(
  draft: ProductDraft["skus"][number],
  currency: string,
  images: number,
): SkuContent | Incoherent {
  const code = line(draft.code);
  const { price, compareAt, weightGrams, image, stock } = draft;
  if (code === "") return new Incoherent("A SKU has an empty code.");
  const foreign = [price, compareAt].find((each) => each && each.currency !== currency);
  if (foreign)
    return new Incoherent(`${code} is priced in ${foreign.currency}; this shop sells in ${currency}.`);
  if (image !== undefined && image >= images) {
    return new Incoherent(
      `${code} is shown by picture ${image}, and the pictures end before it (the first is 0).`,
    );
  }
  const chosen = Object.entries(draft.options ?? {}).map(
    ([name, value]) => [line(name), line(value)] as const,
  );
  if (chosen.some(([name, value]) => name === "" || value === "")) {
    return new Incoherent(`${code} has an option without a name or without a value.`);
  }
  return {
    code,
    options: Object.fromEntries(chosen),
    price,
    ...(compareAt && compareAt.amount > price.amount && { compareAt }),
    ...(weightGrams !== undefined && { weightGrams }),
    ...(image !== undefined && { image }),
    stock: stock ?? 0,
  };
}

/** The options in the order they first appear in; every SKU chooses one value of each, no two the same. */
function optionsOf(skus: readonly SkuContent[]): Product["options"] | Incoherent {
  const codes = new Set<string>();
  const choices = new Map<string, string>();
  const values = new Map<string, Set<string>>();
  for (const { code, options } of skus) {
    if (codes.has(code)) return new Incoherent(`Two SKUs have the code ${code}.`);
    codes.add(code);
    for (const [name, value] of Object.entries(options)) {
      values.set(name, (values.get(name) ?? new Set()).add(value));
    }
  }
  const names = [...values.keys()];
  if (names.length > maxOptions)
    return new Incoherent(`A product has at most 3 options, not ${names.join(", ")}.`);
  for (const { code, options } of skus) {
    const missing = names.find((name) => !Object.hasOwn(options, name));
    if (missing) return new Incoherent(`${code} says nothing about ${missing}, and other SKUs do.`);
    const choice = JSON.stringify(names.map((name) => options[name]));
    const twin = choices.get(choice);
    if (twin)
      return new Incoherent(`${twin} and ${code} choose the same options, so nobody could tell them apart.`);
    choices.set(choice, code);
  }
  return names.map((name) => ({ name, values: [...(values.get(name) ?? [])] }));
}

/** The product that a draft's content makes; codes keep the SKU ids they have had, new codes get new ones. */
export function productOf(
  content: Content,
  is: {
    id: Id<"product">;
    shop: Id<"shop">;
    slug: string;
    version: number;
    ids: ReadonlyMap<string, Id<"sku">>;
  },
  nowMs: number,
): Product {
  const { skus, options, ...rest } = content;
  const fresh = newSkuIds(skus.filter(({ code }) => !is.ids.has(code)).length, is, nowMs);
  return {
    id: is.id,
    shop: is.shop,
    slug: is.slug,
    ...rest,
    options,
    skus: skus.map(({ stock: _, ...sku }) => ({ id: is.ids.get(sku.code) ?? drawn(fresh.pop()), ...sku })),
    version: is.version,
    // A product's id is drawn when it is made.
    createdAt: isoTime(timeOf(is.id)),
    updatedAt: isoTime(nowMs),
  };
}

/** Two of a hundred ids drawn in one bucket and millisecond are the same more often than not: draws again. */
function newSkuIds(
  count: number,
  is: { id: Id<"product">; ids: ReadonlyMap<string, Id<"sku">> },
  nowMs: number,
): Id<"sku">[] {
  const taken = new Set(is.ids.values());
  const fresh = new Set<Id<"sku">>();
  while (fresh.size < count) {
    const id = newId<"sku">(bucketOf(is.id), nowMs);
    if (!taken.has(id)) fresh.add(id);
  }
  return [...fresh];
}

function drawn(id: Id<"sku"> | undefined): Id<"sku"> {
  if (!id) throw new Error("fewer SKU ids were drawn than the product has new SKUs");
  return id;
}

/** What is on hand at first, by code. */
export const stockOf = (content: Content): Map<string, number> =>
  new Map(content.skus.map(({ code, stock }) => [code, stock]));

/** What a product's SKUs are sold as. */
export function offersOf(product: Product): Offer[] {
  return product.skus.map((sku) => ({
    sku: sku.id,
    product: product.id,
    shop: product.shop,
    title: product.title,
    slug: product.slug,
    options: sku.options,
    code: sku.code,
    price: sku.price,
    image: product.images[sku.image ?? 0]?.url ?? null,
  }));
}

/** A text as part of an address: letters of any script, digits, hyphens. */
export function slugOf(text: string): string {
  const words = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .normalize("NFC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  return [...(words ?? ["product"]).join("-")].slice(0, 80).join("");
}

/** A text on one line: no control characters, no half of a surrogate pair, no blanks around it. */
const line = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();

const distinct = (texts: readonly string[]): string[] =>
  [...new Set(texts.map(line))].filter((text) => text !== "");

function attributesOf(attributes: ProductDraft["attributes"] & object): Record<string, string[]> {
  const cleaned = Object.entries(attributes).map(([name, values]) => [line(name), distinct(values)] as const);
  return Object.fromEntries(cleaned.filter(([name, values]) => name !== "" && values.length > 0));
}

const isPicture = (url: string): boolean =>
  /^\/files\/[\w.-]+$/.test(url) || (url.startsWith("https://") && URL.canParse(url));
