import { Unanswered } from "../shop/api.ts";
import type { Session, Visit, Workload } from "./workload.ts";

/** What a listing shows under its products: a page of 24 has up to 100 SKUs asked for at once. */
export async function stockOf({ api }: Visit, skus: readonly string[]): Promise<void> {
  if (skus.length === 0) return;
  await api.text({
    path: `/api/v1/stock?${skus
      .slice(0, 100)
      .map((sku) => `skus=${sku}`)
      .join("&")}`,
  });
}

interface Listing {
  readonly items: readonly { readonly skus: readonly string[] }[];
}

async function listing(visit: Visit, path: string): Promise<void> {
  const { items } = await visit.api.json<Listing>({ path });
  await stockOf(
    visit,
    items.flatMap((item) => item.skus.slice(0, 4)),
  );
}

/** The newest products with price and stock, and the categories. */
export const home: Session = {
  name: "home",
  weight: 20,
  run: (visit) =>
    visit.step("home", async () => {
      await Promise.all([
        listing(visit, "/api/v1/products?limit=24"),
        visit.api.text({ path: "/api/v1/categories" }),
      ]);
    }),
};

/** A category's first page: 24 products with price and stock. */
export const list: Session = {
  name: "list",
  weight: 20,
  run: (visit) => {
    const category = encodeURIComponent(visit.catalogue.category(visit.random));
    return visit.step("list", () => listing(visit, `/api/v1/products?limit=24&category=${category}`));
  },
};

/** A product with its stock. */
export const product: Session = {
  name: "product",
  weight: 30,
  run: (visit) => {
    const { product: id, skus } = visit.catalogue.product(visit.random);
    return visit.step("product", async () => {
      const [text] = await Promise.all([
        visit.api.text({ path: `/api/v1/products/${id}` }),
        stockOf(visit, skus),
      ]);
      if (!text.includes(id)) throw new Unanswered("lab.wrong_product", 200, `${id} was asked for: ${text}`);
    });
  },
};

/** A word somebody types, with facets and stock. */
export const search: Session = {
  name: "search",
  weight: 30,
  run: (visit) => {
    const q = encodeURIComponent(visit.catalogue.words(visit.random));
    return visit.step("search", () => listing(visit, `/api/v1/search?q=${q}&limit=24`));
  },
};

/**
 * TPC-W's browsing interactions, in about its proportions (clause 5.2.2): home 16, lists 10, products 17,
 * searches 37.
 */
export const browsing: readonly Session[] = [
  { ...home, weight: 16 },
  { ...list, weight: 10 },
  { ...product, weight: 17 },
  { ...search, weight: 37 },
];

/** Readers only. */
export const browse: Workload = {
  name: "browse",
  about: "readers: home, lists of 24, products, searches, each with stock",
  buys: false,
  open: async () => ({ sessions: browsing }),
};
