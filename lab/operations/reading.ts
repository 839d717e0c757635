import { type Random, randomFor } from "#demo/random";
import type { Api } from "../shop/api.ts";
import type { Catalogue } from "../shop/catalogue.ts";
import type { ShopOperation } from "./measure.ts";

const callers = 16;

/** Of up to 100 SKUs at once, as a listing asks for them. */
const stockPath = (skus: readonly string[]) =>
  `/api/v1/stock?${skus
    .slice(0, 100)
    .map((sku) => `skus=${sku}`)
    .join("&")}`;

/** What readers do, each by popularity. */
export function readingOperations(api: Api, catalogue: Catalogue, seed: number): readonly ShopOperation[] {
  const random = randomFor("operations", seed);
  return [
    {
      name: "product",
      how: "GET /products/{id}",
      callers,
      once: async () => {
        const { product } = catalogue.product(random);
        const text = await api.text({ path: `/api/v1/products/${product}` });
        if (!text.includes(product)) throw new Error(`${product} was asked for, and this came: ${text}`);
      },
    },
    {
      name: "product with stock",
      how: "GET /products/{id}, GET /stock",
      callers,
      once: async () => {
        const { product, skus } = catalogue.product(random);
        await Promise.all([
          api.text({ path: `/api/v1/products/${product}` }),
          api.text({ path: stockPath(skus) }),
        ]);
      },
    },
    {
      name: "list of 24 with price and stock",
      how: "GET /products?category=…&limit=24, GET /stock",
      callers,
      once: () => list(api, catalogue, random),
    },
    {
      name: "text search",
      how: "GET /search?q=…&limit=24 with facets",
      callers,
      once: async () => {
        await api.text({ path: `/api/v1/search?q=${encodeURIComponent(catalogue.words(random))}&limit=24` });
      },
    },
  ];
}

async function list(api: Api, catalogue: Catalogue, random: Random): Promise<void> {
  const category = encodeURIComponent(catalogue.category(random));
  const { items } = await api.json<{ items: readonly { skus: readonly string[] }[] }>({
    path: `/api/v1/products?limit=24&category=${category}`,
  });
  const skus = items.flatMap((item) => item.skus.slice(0, 4));
  if (skus.length > 0) await api.text({ path: stockPath(skus) });
}
