import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { bucketOf, type Id, newId } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import { buyer, context, guest, openCart, order, twenty, wanted } from "./opened.test.ts";

describe("cart", async () => {
  const opened = await openCart();
  after(opened.close);
  const { cart, calls, goods, admin, time, runJobs, placed } = opened;
  const skus = await goods.add(5);
  const [a, b, c] = skus as [Id<"sku">, Id<"sku">, Id<"sku">];

  const put = async (caller: Parameters<typeof context>[0], sku: Id<"sku">, quantity = 1) =>
    expectDone(await cart.put(context(caller), { sku, quantity }));
  const get = async (caller?: Parameters<typeof context>[0]) =>
    expectDone(await cart.get(context(caller), {}));
  const codeOf = (outcome: unknown) =>
    isRefusal(outcome) ? (outcome as { refusal: string }).refusal : "done";
  const empty = { lines: [], gone: [], total: { amount: 0, currency: "USD" }, count: 0 };
  /** A guest with a cart. */
  async function newGuest(sku = a, quantity = 1) {
    const { token } = await put(undefined, sku, quantity);
    assert.ok(token);
    return { token, caller: guest(token) };
  }

  test("a buyer puts in, says how many, takes out; each sees prices, stock and the total", async () => {
    const me = buyer();
    assert.deepEqual(await get(me), empty);
    await put(me, b, 2);
    const two = await put(me, a, 3);
    assert.deepEqual(wanted(two), [
      [b, 2],
      [a, 3],
    ]);
    assert.deepEqual(two.total, { amount: 2 * 200 + 3 * 100, currency: "USD" });
    assert.equal(two.count, 5);
    assert.equal(two.token, undefined);
    const [first] = two.lines;
    assert.deepEqual([first?.available, first?.price.amount, first?.title], [10, 200, "Thing 2"]);
    assert.equal(first?.priceBefore, undefined);
    assert.deepEqual(await get(me), two);
    assert.deepEqual(wanted(await put(me, b, 999)), [
      [b, 999],
      [a, 3],
    ]);
    assert.deepEqual(wanted(expectDone(await cart.remove(context(me), { sku: b }))), [[a, 3]]);
    assert.deepEqual(expectDone(await cart.remove(context(me), { sku: b })), await get(me));
    assert.deepEqual(await get(buyer()), empty);
  });

  test("an anonymous put makes a cart; its token opens it and no other does", async () => {
    const mine = await newGuest(a, 4);
    assert.deepEqual(wanted(await get(mine.caller)), [[a, 4]]);
    assert.equal((await put(mine.caller, b)).token, undefined);
    const [id = "", secret = ""] = mine.token.split(".");
    const other = await newGuest(c);
    const wrong = ["", ".", "x", id, `${id}.`, `${id}.${secret}.`, `${id}.${other.token.split(".")[1]}`];
    for (const token of wrong) {
      assert.deepEqual(await get(guest(token)), empty, token);
      assert.deepEqual(expectDone(await cart.remove(context(guest(token)), { sku: a })), empty);
      const made = await put(guest(token), c);
      assert.ok(made.token && made.token !== mine.token);
      assert.deepEqual(wanted(made), [[c, 1]]);
    }
    assert.deepEqual(wanted(await get(mine.caller)), [
      [a, 4],
      [b, 1],
    ]);
    const [row] = await admin(`select count(*)::int as n from cart.cart where secret_digest = '${secret}'`);
    assert.equal(row?.n, 0);
  });

  test("a guest's token with an account's id does not open the account's cart", async () => {
    const me = buyer();
    await put(me, a, 7);
    const [, secret] = (await newGuest()).token.split(".");
    assert.deepEqual(await get(guest(`${me.account}.${secret}`)), empty);
    assert.ok((await put(guest(`${me.account}.${secret}`), b)).token);
    assert.deepEqual(wanted(await get(me)), [[a, 7]]);
  });

  test("what is not sold cannot be put in, and makes no cart", async () => {
    const before = await admin("select count(*)::int as n from cart.cart");
    const outcome = await cart.put(context(), { sku: newId(1, Date.now()), quantity: 1 });
    assert.equal(codeOf(outcome), "cart.sku_not_found");
    assert.deepEqual(await admin("select count(*)::int as n from cart.cart"), before);
  });

  test("one cart, one currency, also when two tabs put in two at once", async () => {
    const [euro] = (await goods.add(1, "EUR")) as [Id<"sku">];
    const me = buyer();
    await put(me, a);
    assert.equal(codeOf(await cart.put(context(me), { sku: euro, quantity: 1 })), "cart.mixed_currencies");
    assert.deepEqual(wanted(await get(me)), [[a, 1]]);
    for (let i = 0; i < 10; i++) {
      const both = buyer();
      const outcomes = await Promise.all(
        [a, euro].map((sku) => cart.put(context(both), { sku, quantity: 1 })),
      );
      assert.deepEqual(outcomes.map(codeOf).sort(), ["cart.mixed_currencies", "done"]);
      assert.equal((await get(both)).lines.length, 1);
    }
    const alone = await put(buyer(), euro, 2);
    assert.deepEqual(alone.total, { amount: 200, currency: "EUR" });
  });

  test("a changed price is shown beside the old one until the line is put in again", async () => {
    const [sku] = (await goods.add(1)) as [Id<"sku">];
    const { product, code } = await goods.productOf(sku);
    const me = buyer();
    await put(me, sku, 2);
    await goods.price(product, code, 150);
    const [line] = (await get(me)).lines;
    assert.deepEqual([line?.price.amount, line?.priceBefore?.amount], [150, 100]);
    assert.equal((await get(me)).total.amount, 300);
    assert.equal((await put(me, sku, 2)).lines[0]?.priceBefore, undefined);
    await goods.stock(sku, 1);
    assert.deepEqual(
      (await get(me)).lines.map(({ available, quantity }) => [available, quantity]),
      [[1, 2]],
    );
  });

  test("what can no longer be bought is told once, also to twenty who ask at once, and is gone", async () => {
    const [sku] = (await goods.add(1)) as [Id<"sku">];
    const { product } = await goods.productOf(sku);
    const me = buyer();
    await put(me, sku);
    await put(me, a);
    await goods.publish(product, "archived");
    assert.equal(codeOf(await cart.put(context(me), { sku, quantity: 1 })), "cart.sku_not_found");
    const shown = await twenty(() => get(me));
    assert.deepEqual(
      shown.flatMap(({ gone }) => gone),
      [sku],
    );
    assert.ok(shown.every((each) => each.lines.length === 1 && each.total.amount === 100));
    await goods.publish(product, "published");
    assert.deepEqual(wanted(await get(me)), [[a, 1]]);
  });

  test("what is asked is the same for one line and for many", async () => {
    const me = buyer();
    await put(me, a);
    const cost = async (work: () => Promise<unknown>) => {
      calls.length = 0;
      await work();
      return [...calls].sort();
    };
    const read = ["catalog.skus", "inventory.available", "lines"];
    assert.deepEqual(await cost(() => get(me)), read);
    for (const sku of skus) await put(me, sku);
    assert.deepEqual(await cost(() => get(me)), read);
    assert.deepEqual(await cost(() => put(me, a, 2)), ["catalog.skus", "inventory.available", "put"]);
    const { token } = await newGuest();
    assert.deepEqual(await cost(() => get(guest(token))), read);
    const merging = ["copy", "empty", "seal"];
    assert.deepEqual(await cost(() => cart.merge(context(me), { token })), [...read, ...merging].sort());
    assert.deepEqual(await cost(() => get()), []);
  });

  test("a checkout takes out what it bought, once, and leaves what was added since", async () => {
    const me = buyer();
    for (const [sku, quantity] of [
      [a, 5],
      [b, 2],
      [c, 3],
    ] as const)
      await put(me, sku, quantity);
    const contents = expectDone(await cart.contents(context(order), { account: me.account }));
    assert.deepEqual(contents, [
      { sku: a, quantity: 5 },
      { sku: b, quantity: 2 },
      { sku: c, quantity: 3 },
    ]);
    await put(me, a, 7);
    await put(me, b, 1);
    const newOrder = () => newId<"order">(bucketOf(me.account), Date.now());
    const first = {
      buyer: me.account,
      order: newOrder(),
      lines: [
        { sku: a, quantity: 2 },
        { sku: b, quantity: 2 },
      ],
    };
    const second = { buyer: me.account, order: newOrder(), lines: [{ sku: a, quantity: 3 }] };
    const aside = { ...second, order: newOrder(), fromCart: false };
    await twenty((i) => placed(...(i % 2 ? [first, second, aside, first] : [second, first])));
    assert.deepEqual(wanted(await get(me)), [
      [a, 2],
      [c, 3],
    ]);
    await placed({ buyer: me.account, order: newOrder(), lines: [{ sku: a, quantity: 2 }] });
    assert.deepEqual(wanted(await get(me)), [[c, 3]]);
    const stranger = buyer().account;
    await placed({ ...first, buyer: stranger, order: newOrder() });
    assert.deepEqual(expectDone(await cart.contents(context(order), { account: stranger })), []);
  });

  test("an order that is heard of late leaves what was put in after it was placed", async () => {
    const me = buyer();
    await put(me, a, 2);
    await put(me, b, 2);
    const at = Date.now() + time.aheadMs;
    time.aheadMs += 50;
    await put(me, a, 1);
    expectDone(await cart.remove(context(me), { sku: b }));
    await put(me, b, 1);
    await put(me, c, 1);
    const lines = [a, b, c].map((sku) => ({ sku, quantity: 2 }));
    await placed({ buyer: me.account, order: newId<"order">(bucketOf(me.account), at), lines, at });
    assert.deepEqual(wanted(await get(me)), [
      [a, 1],
      [b, 1],
      [c, 1],
    ]);
  });

  test("contents are for domains, merging is for buyers", async () => {
    const me = buyer();
    const { account } = me;
    assert.equal(codeOf(await cart.contents(context(me), { account })), "request.forbidden");
    assert.equal(codeOf(await cart.merge(context(), { token: "x" })), "request.unauthenticated");
    assert.deepEqual(await get(order), empty);
  });

  test("guests' carts untouched for 30 days are swept, others and buyers' are not", async () => {
    const [old, kept, me] = [await newGuest(), await newGuest(), buyer()];
    await put(me, a);
    const day = 24 * 3_600_000;
    time.aheadMs += 30 * day;
    await put(kept.caller, b);
    await runJobs();
    assert.deepEqual(wanted(await get(old.caller)), [[a, 1]]);
    time.aheadMs += day;
    await runJobs();
    assert.deepEqual(await get(old.caller), empty);
    assert.deepEqual(wanted(await get(kept.caller)), [
      [a, 1],
      [b, 1],
    ]);
    assert.deepEqual(wanted(await get(me)), [[a, 1]]);
    const [left] = await admin(
      `select count(*)::int as n from cart.line l where not exists (
         select from cart.cart c where c.bucket = l.bucket and c.id = l.cart)`,
    );
    assert.equal(left?.n, 0);
    time.aheadMs += 60 * day;
    await runJobs();
    assert.deepEqual(await admin("select 1 from cart.taken union all select 1 from cart.merged"), []);
  });
});
