import assert from "node:assert/strict";
import { type Client, openClient } from "#apps/client/client";
import { demoOperator } from "#demo/accounts";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import {
  type Buyer,
  buyer,
  codeOf,
  type Merchant,
  merchant,
  order,
  type Place,
  pay,
  pressPay,
  sell,
} from "../support/people.ts";
import { until } from "../support/until.ts";

/** A shop at some stage, known by its address alone. */
export interface StagePlace extends Place {
  readonly operator: Client;
  close(): Promise<void>;
}

/** Enters a running shop as anybody could, and as the demo's operator. */
export async function enter(url: string): Promise<StagePlace> {
  const client = openClient(url);
  const { token } = expectDone(await client.account.signIn(demoOperator));
  const operator = client.as({ token });
  const { items } = expectDone(await client.catalog.categories({}));
  const cups = { slug: "cups", parent: null, name: "Cups", nameZh: "杯子", position: 99, image: null };
  const others = items.map(({ slug, parent, name, nameZh, position, image }) => ({
    slug,
    parent,
    name,
    nameZh,
    position,
    image,
  }));
  if (!items.some(({ slug }) => slug === "cups")) {
    expectDone(await operator.catalog.putCategories({ items: [...others, cups] }));
  }
  return { url, client, operator, quiet: () => settled(operator), close: () => client.close() };
}

/** Waits until the audit finds nothing that is still under way, which also shows that nothing is broken. */
async function settled(operator: Client): Promise<void> {
  await until(async () => {
    const report = await operator.audit();
    assert.deepEqual(report.broken, []);
    return report.pending === 0;
  }, 30_000);
}

/** From the search to the merchant's money: three shops in one checkout, one order refunded, one received. */
export async function buyFromThreeShops(place: StagePlace): Promise<void> {
  const sellers = await Promise.all([1, 2, 3].map(() => merchant(place)));
  const wishes: { sku: Id<"sku">; quantity: number }[] = [];
  const title = `Cup ${crypto.randomUUID().slice(0, 8)}`;
  for (const [at, seller] of sellers.entries()) {
    const product = await sell(place, seller, {
      title: `${title} ${at}`,
      amount: 1_000 * (at + 1),
      stock: 5,
    });
    wishes.push({ sku: product.skus[0]?.id as Id<"sku">, quantity: 2 });
  }
  await until(async () => {
    const found = expectDone(await place.client.search.find({ q: title }));
    return found.items.length >= 3;
  });
  const who = await buyer(place);
  const checkout = expectDone(await order(who, wishes));
  assert.equal(checkout.orders.length, 3);
  assert.equal(checkout.total.amount, 2_490 + 4_490 + 6_490);
  const payment = await pay(place, who, checkout.id);
  assert.deepEqual([payment.state, payment.amount.amount], ["captured", checkout.total.amount]);
  const [first, second] = checkout.orders;
  assert.ok(first && second);
  await until(async () => expectDone(await who.api.order.get({ id: first.id })).state === "paid");
  expectDone(await who.api.order.refund({ id: first.id }));
  const sender = sellers.find(({ shop }) => shop === second.shop) as Merchant;
  await until(async () => expectDone(await sender.api.order.get({ id: second.id })).state === "paid");
  expectDone(await sender.api.order.ship({ id: second.id, carrier: "Post", trackingNumber: "1" }));
  expectDone(await who.api.order.receive({ id: second.id }));
  await until(async () => {
    const balance = expectDone(await sender.api.settlement.balance({ shop: sender.shop }));
    return balance.payable.amount > 0 && balance.escrow.amount === 0;
  });
  await place.quiet();
}

/** 60 buyers at once for the last 6 pieces; then one checkout sent 20 times with one key. */
export async function attackStock(place: StagePlace): Promise<void> {
  const seller = await merchant(place);
  const scarce = (await sell(place, seller, { stock: 6 })).skus[0]?.id as Id<"sku">;
  const crowd: Buyer[] = [];
  for (let i = 0; i < 60; i += 12) {
    crowd.push(...(await Promise.all(Array.from({ length: 12 }, () => buyer(place)))));
  }
  const outcomes = await Promise.all(crowd.map((who) => order(who, [{ sku: scarce, quantity: 1 }])));
  const done = outcomes.filter((outcome) => codeOf(outcome) === "done");
  const refused = outcomes.filter((outcome) => codeOf(outcome) === "order.out_of_stock");
  assert.deepEqual([done.length, refused.length], [6, 54]);

  const plenty = (await sell(place, seller, { stock: 50 })).skus[0]?.id as Id<"sku">;
  const [ada] = crowd;
  assert.ok(ada);
  const lines = [{ sku: plenty, quantity: 1 }];
  const quote = expectDone(await ada.api.order.quote({ lines, address: ada.address }));
  const body = { lines, address: ada.address, quote: quote.digest };
  const key = crypto.randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ada.api.order.place(body, { key })));
  const ids = new Set(
    answers.filter((answer) => codeOf(answer) === "done").map((answer) => expectDone(answer).id),
  );
  assert.equal(ids.size, 1);
  const codes = new Set(answers.map(codeOf));
  codes.delete("done");
  codes.delete("order.in_progress");
  assert.deepEqual([...codes], []);
  await place.quiet();
  const level = expectDone(await seller.api.inventory.level({ sku: plenty }));
  assert.deepEqual([level.onHand, level.reserved], [50, 1]);
}

/** Payments begun, paid, told of and cancelled many times at once: each is taken once, or given back whole. */
export async function attackMoney(place: StagePlace): Promise<void> {
  const seller = await merchant(place);
  const sku = (await sell(place, seller, { stock: 50 })).skus[0]?.id as Id<"sku">;
  const races = Array.from({ length: 8 }, async (_, at) => {
    const { api, ...who } = await buyer(place);
    const checkout = expectDone(await order({ api, ...who }, [{ sku, quantity: 1 }]));
    const id = checkout.orders[0]?.id as Id<"order">;
    const asked = await Promise.all(
      Array.from({ length: 5 }, () => api.order.pay({ checkout: checkout.id, provider: "sandbox" })),
    );
    const [payment, ...others] = new Map(
      asked.map((each) => [expectDone(each).id, expectDone(each)]),
    ).values();
    assert.ok(payment && others.length === 0, "two payments of one checkout");
    await pressPay(place, payment.redirectUrl);
    // Half of them change their minds, some before the shop has heard of the money and some after.
    const changesMind = async () => {
      await new Promise((resolve) => setTimeout(resolve, at * 10));
      return codeOf(await api.order.cancel({ id }));
    };
    const [cancelled] = await Promise.all([
      at % 2 === 0 ? changesMind() : undefined,
      ...Array.from({ length: 5 }, () => api.payment.refresh({ id: payment.id })),
    ]);
    await until(async () => {
      const { state } = expectDone(await api.order.get({ id }));
      const now = expectDone(await api.payment.get({ id: payment.id }));
      return state === "paid" || (state === "closed" && now.refunded.amount === now.amount.amount);
    }, 60_000);
    const { state, history } = expectDone(await api.order.get({ id }));
    assert.equal(state, cancelled === "done" ? "closed" : "paid", `cancel said ${cancelled}`);
    assert.equal(new Set(history.map((step) => step.state)).size, history.length, "a step was taken twice");
    return state;
  });
  const paid = (await Promise.all(races)).filter((state) => state === "paid").length;
  await place.quiet();
  const level = expectDone(await seller.api.inventory.level({ sku }));
  assert.deepEqual([level.onHand, level.reserved], [50 - paid, 0]);
}
