import type { Api } from "../shop/api.ts";
import { register } from "../shop/buyers.ts";
import { mixed } from "./shop.ts";
import type { Means, Session, Visit, Workload } from "./workload.ts";

const merchants = 4;
/** A file of so many products, new ones at a merchant's first import and changed ones afterwards. */
const productsOfFile = 100;
const editedAtOnce = 10;

interface Seller {
  readonly token: string;
  readonly shop: string;
}

/** Buyers shop while merchants import files, change prices and count their stock. */
export const merchant: Workload = {
  name: "merchant",
  about: `the shopping mix, and of 100 visits 1 imports ${productsOfFile} products, 2 change prices, 2 count stock`,
  buys: true,
  open: async (means) => {
    const sellers = await Promise.all(
      Array.from({ length: merchants }, (_, number) => openShop(means, `${means.run}-merchant-${number}`)),
    );
    const category = means.catalogue.categories[0] ?? "";
    for (const seller of sellers) await importFile(means.api, seller, { category, edition: "0" });
    const edit = (
      name: string,
      weight: number,
      work: (visit: Visit, seller: Seller) => Promise<void>,
    ): Session => ({
      name,
      weight,
      run: (visit) => work(visit, visit.random.pick(sellers)),
    });
    const shoppers = mixed(80);
    const sum = shoppers.reduce((total, { weight }) => total + weight, 0);
    return {
      sessions: [
        ...shoppers.map((session) => ({ ...session, weight: (session.weight / sum) * 95 })),
        edit("import", 1, (visit, seller) =>
          visit.step("import", () => importFile(visit.api, seller, { category, edition: visit.key })),
        ),
        edit("prices", 2, changePrices),
        edit("stock", 2, countStock),
      ],
    };
  },
};

async function openShop({ api }: Means, name: string): Promise<Seller> {
  const token = await register(api, name);
  const { id } = await api.json<{ id: string }>({
    method: "POST",
    path: "/api/v1/shops",
    token,
    key: `shop-${name}`,
    body: { name, region: "Delft", shipping: { flat: 300, freeAbove: null } },
  });
  return { token, shop: id };
}

/** The same handles with another price and text in each edition, as a merchant's own system exports them. */
async function importFile(
  api: Api,
  { token, shop }: Seller,
  { category, edition }: { category: string; edition: string },
): Promise<void> {
  const cents = [...edition].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 100, 7);
  const rows = Array.from(
    { length: productsOfFile },
    (_, i) =>
      `bulk-${i},Bulk product ${i},Edition ${edition},BULK-${i},${10 + i}.${String(cents).padStart(2, "0")},50`,
  );
  const header = "Handle,Title,Body (HTML),Variant SKU,Variant Price,Variant Inventory Qty";
  await api.text({
    method: "POST",
    path: `/api/v1/shops/${shop}/imports`,
    token,
    key: `import-${shop}-${edition}`,
    body: { csv: [header, ...rows, ""].join("\n"), category },
  });
}

interface Offer {
  readonly id: string;
  readonly skus: readonly {
    readonly id: string;
    readonly price: { readonly amount: number; readonly currency: string };
  }[];
}

const offersOf = async ({ api }: Visit, { token, shop }: Seller): Promise<readonly Offer[]> => {
  const path = `/api/v1/shops/${shop}/products?limit=${editedAtOnce}`;
  return (await api.json<{ items: readonly Offer[] }>({ path, token })).items;
};

async function changePrices(visit: Visit, seller: Seller): Promise<void> {
  const offers = await visit.step("own products", () => offersOf(visit, seller));
  for (const { id, skus } of offers) {
    const dearer = skus.map((sku) => ({
      ...sku,
      price: { ...sku.price, amount: sku.price.amount + visit.random.integer(1, 50) },
    }));
    await visit.step("change price", () =>
      visit.api.text({
        method: "PATCH",
        path: `/api/v1/products/${id}`,
        token: seller.token,
        body: { skus: dearer },
      }),
    );
  }
}

async function countStock(visit: Visit, seller: Seller): Promise<void> {
  const offers = await visit.step("own products", () => offersOf(visit, seller));
  for (const { id } of offers.flatMap(({ skus }) => skus)) {
    const onHand = visit.random.integer(50, 500);
    await visit.step("count stock", () =>
      visit.api.text({
        method: "PUT",
        path: `/api/v1/skus/${id}/stock`,
        token: seller.token,
        body: { onHand },
      }),
    );
  }
}
