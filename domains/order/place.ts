import type { Address } from "#domains/account/api";
import type { Shop } from "#domains/shop/api";
import { isoTime } from "#kernel/clock";
import { accountOf, type Context, onBehalfOf } from "#kernel/context";
import { bucketOf, type Id, newId } from "#kernel/id";
import { share, sum } from "#kernel/money";
import { expectDone, isRefusal, type Refusal, refuse } from "#kernel/refusal";
import type { OrderDoor } from "./api.ts";
import type { PlannedOrder, StoredCheckout } from "./checkout.ts";
import type { OrderDeps } from "./deps.ts";
import { became } from "./order.ts";
import { digestOf, priceNow, wishesOf } from "./quote.ts";
import type { Checkout, Order, OrderEvent, ShopQuote } from "./schema.ts";
import { undo } from "./undo.ts";

/** How long a checkout waits for its cart to be emptied. */
const cartWithinMs = 100;

/**
 * Places a checkout in three steps, each idempotent, so that whoever asks again with the same key takes up where
 * the last one stopped: (a) the plan is stored with every id it will need; (b) stock is reserved; (c) one
 * statement makes the orders and tells of them. What is abandoned between is undone by a sweep.
 */
export async function place(d: OrderDeps, c: Context, input: Parameters<OrderDoor["place"]>[1]) {
  const buyer = accountOf(c);
  const key = c.idempotencyKey;
  if (key === undefined) throw new Error("the edge lets no checkout through without an Idempotency-Key");
  const bodyHash = digestOf(JSON.stringify([input.lines ?? null, input.address, input.quote]));
  const planned = await plan(d, c, input);
  // A repeat must get its first answer, whatever has become of prices and cart since.
  if (isRefusal(planned)) {
    const before = await d.store.checkoutByKey(c, buyer, key);
    return before ? resume(d, c, before, bodyHash) : planned;
  }
  const begun = await d.store.begin(c, { ...planned, buyer, key, bodyHash }, d.clock.now());
  return resume(d, c, begun, bodyHash);
}

async function plan(d: OrderDeps, c: Context, input: Parameters<OrderDoor["place"]>[1]) {
  const buyer = accountOf(c);
  const [address, priced] = await Promise.all([
    d.account.addressOf(onBehalfOf(c, "order"), { account: buyer, address: input.address }),
    wishesOf(d, c, input.lines).then((wishes) => priceNow(d, c, wishes)),
  ]);
  if (isRefusal(address)) return refuse("order.address_not_found", "Choose one of your own addresses.");
  if (isRefusal(priced)) return priced;
  if (priced.digest !== input.quote) {
    return refuse("order.price_changed", "Look at the new price, then place the order again.", {
      total: priced.total,
    });
  }
  const now = d.clock.now();
  const id = newId<"checkout">(bucketOf(buyer), now);
  const fromCart = !input.lines;
  const orders = priced.quotes.map((quote) => {
    const shop = priced.shops.get(quote.shop);
    if (!shop) throw new Error("a quote without its shop");
    return planOrder({ id, buyer, shop, quote, address, now, payWithinMs: d.payWithinMs, fromCart });
  });
  return { id, orders, fromCart };
}

function planOrder(p: {
  id: Id<"checkout">;
  buyer: Id<"account">;
  shop: Shop;
  quote: ShopQuote;
  address: Address;
  now: number;
  payWithinMs: number;
  fromCart: boolean;
}): PlannedOrder {
  const bucket = bucketOf(p.buyer);
  const { freeShippingIn: _, ...amounts } = p.quote;
  const order = newId<"order">(bucket, p.now);
  const doc = {
    id: order,
    checkout: p.id,
    buyer: p.buyer,
    ...amounts,
    address: p.address,
    payBy: isoTime(p.now + p.payWithinMs),
  };
  const fee = share(p.quote.items, p.shop.feeBasisPoints);
  const told: OrderEvent = {
    order,
    checkout: p.id,
    buyer: p.buyer,
    shop: p.shop.id,
    state: "pending",
    from: null,
    total: p.quote.total,
    fee,
    payment: null,
    fromCart: p.fromCart,
    lines: p.quote.lines.map(({ sku, quantity }) => ({
      reservation: newId<"reservation">(bucketOf(sku), p.now),
      sku,
      quantity,
    })),
  };
  return { doc, told, event: newId<"event">(bucket, p.now), history: became("pending", p.now) };
}

/** Steps (b) and (c) of a checkout that has been begun by this request or by another with the same key. */
async function resume(d: OrderDeps, c: Context, checkout: StoredCheckout, bodyHash: string) {
  if (checkout.bodyHash !== bodyHash) {
    return refuse("order.key_reused", "Use a new Idempotency-Key for every new checkout.");
  }
  if (checkout.state === "placed") return answer(checkout);
  if (checkout.state !== "placing") return storedRefusal(checkout);

  const lines = checkout.orders.flatMap((order) => order.told.lines);
  const reserved = expectDone(
    await d.inventory.reserve(onBehalfOf(c, "order"), {
      checkout: checkout.id,
      lines: lines.map(({ reservation, sku, quantity }) => ({ id: reservation, sku, quantity })),
    }),
  );
  const short = lines
    .map((line, i) => ({ sku: line.sku, available: reserved[i]?.available ?? 0, got: reserved[i]?.reserved }))
    .filter((line) => !line.got)
    .map(({ sku, available }) => ({ sku, available }));
  if (short.length > 0) return outOfStock(d, c, checkout, short);

  const placed = await d.store.place(c, checkout.id, d.clock.now());
  if (!placed) return afterwards(d, c, checkout);
  d.counted("order_placed", checkout.orders.length);
  // Cart takes out what was bought when it hears of it. The page that follows should show it so, but is not worth more.
  if (checkout.fromCart) await d.heard(cartWithinMs);
  else d.told();
  return answer(checkout);
}

async function outOfStock(
  d: OrderDeps,
  c: Context,
  checkout: StoredCheckout,
  short: readonly { sku: Id<"sku">; available: number }[],
) {
  const refusal = refuse("order.out_of_stock", "Take fewer, or take it out, then place the order again.", {
    short,
  });
  // What was refused stays refused, so of a checkout that got nothing there is nothing to give back.
  const gotNothing = short.length === checkout.orders.flatMap((order) => order.told.lines).length;
  const undone = gotNothing
    ? await d.store.refuse(c, checkout.id, refusal, d.clock.now())
    : await undo(d, c, checkout, refusal);
  return undone ? refusal : afterwards(d, c, checkout);
}

/** Somebody else has decided this checkout meanwhile: their answer is everybody's. */
async function afterwards(d: OrderDeps, c: Context, checkout: StoredCheckout) {
  const now = await d.store.checkout(c, checkout.id);
  return now?.state === "placed" ? answer(now) : storedRefusal(now ?? checkout);
}

function storedRefusal(checkout: StoredCheckout): Refusal<"order.out_of_stock" | "order.in_progress"> {
  if (checkout.refusal) return checkout.refusal as Refusal<"order.out_of_stock">;
  return refuse("order.in_progress", "An attempt is being undone. Send the same request again in a second.");
}

/** The first answer, again: the orders as they were placed, not as they are now. */
function answer(checkout: StoredCheckout): Checkout {
  const orders: Order[] = checkout.orders.map(({ doc, history }) => ({
    ...doc,
    state: "pending",
    payment: null,
    shipment: null,
    history,
    version: 1,
  }));
  const totals = orders.map((order) => order.total);
  return { id: checkout.id, total: sum(totals, totals[0]?.currency ?? ""), orders };
}
