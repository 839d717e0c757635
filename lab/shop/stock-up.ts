import type { Api } from "./api.ts";
import type { Catalogue } from "./catalogue.ts";

const enough = 100_000;
const plenty = 1_000_000;
const atOnce = 16;

/**
 * Gives every SKU so much stock that a run does not sell it out, as an operator of that token would: otherwise it would
 * measure refusals. Answers how many were stocked up.
 */
export async function stockUp(api: Api, catalogue: Catalogue, token: string): Promise<number> {
  const skus = catalogue.products.flatMap((product) => product.skus);
  const pages = Array.from({ length: Math.ceil(skus.length / 100) }, (_, page) =>
    skus.slice(page * 100, page * 100 + 100),
  );
  let done = 0;
  const work = async () => {
    for (let page = pages.pop(); page; page = pages.pop()) {
      const { items } = await api.json<{ items: readonly { sku: string; available: number }[] }>({
        path: `/api/v1/stock?${page.map((sku) => `skus=${sku}`).join("&")}`,
      });
      for (const { sku } of items.filter(({ available }) => available < enough)) {
        await api.text({
          method: "PUT",
          path: `/api/v1/skus/${sku}/stock`,
          token,
          body: { onHand: plenty },
        });
        done++;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return done;
}
