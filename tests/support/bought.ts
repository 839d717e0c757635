import { expectDone } from "#kernel/refusal";
import { buyer, categories, merchant, order, pay, sell } from "./people.ts";
import type { TestShop } from "./shop.ts";

/** A shop in which one piece was bought and paid: who took part, and by its kind the id of everything there is. */
export async function bought(shop: TestShop) {
  await categories(shop);
  const seller = await merchant(shop);
  const product = await sell(shop, seller);
  const sku = product.skus[0]!.id;
  const ada = await buyer(shop);
  const checkout = expectDone(await order(ada, [{ sku, quantity: 1 }]));
  const payment = await pay(shop, ada, checkout.id);
  const ids: Readonly<Record<string, string>> = {
    shop: seller.shop,
    product: product.id,
    sku,
    account: ada.id,
    address: ada.address,
    checkout: checkout.id,
    order: checkout.orders[0]!.id,
    payment: payment.id,
  };
  return { ids, buyer: ada, merchant: seller };
}
