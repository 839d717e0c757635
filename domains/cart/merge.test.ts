import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { type Buyer, buyer, context, guest, openCart, twenty, wanted } from "./opened.test.ts";
import { cartStore } from "./store.ts";
import { readToken } from "./token.ts";

describe("merging a guest's cart", async () => {
  const opened = await openCart();
  after(opened.close);
  const { cart, goods, admin, runJobs } = opened;
  const skus = await goods.add(120);
  const [a, b, c] = skus as [Id<"sku">, Id<"sku">, Id<"sku">];

  const put = async (caller: Parameters<typeof context>[0], sku: Id<"sku">, quantity = 1) =>
    expectDone(await cart.put(context(caller), { sku, quantity }));
  const get = async (caller: Parameters<typeof context>[0]) =>
    expectDone(await cart.get(context(caller), {}));
  const merge = async (me: Buyer, token: string) => expectDone(await cart.merge(context(me), { token }));

  /** A guest's cart with these lines; its token. */
  async function guestWith(lines: readonly (readonly [Id<"sku">, number])[]): Promise<string> {
    let token = "";
    for (const [sku, quantity] of lines) token = (await put(guest(token), sku, quantity)).token ?? token;
    return token;
  }

  test("the larger quantity wins, and the guest's cart is emptied, marked and closed", async () => {
    const me = buyer();
    await put(me, a, 3);
    await put(me, b, 1);
    const token = await guestWith([
      [a, 2],
      [b, 5],
      [c, 4],
    ]);
    const merged = await merge(me, token);
    assert.deepEqual(wanted(merged), [
      [a, 3],
      [b, 5],
      [c, 4],
    ]);
    assert.equal((await get(guest(token))).lines.length, 0);
    const { id } = readToken(token)!;
    const rows = await admin(
      `select merged_into, merged_at from cart.cart where secret_digest = '${readToken(token)!.digest}'`,
    );
    assert.ok(id && rows[0]?.merged_into && rows[0]?.merged_at);
    assert.ok((await put(guest(token), a)).token);
  });

  test("twenty merges at once give what one gives; one repeated later brings nothing back", async () => {
    const me = buyer();
    await put(me, a, 3);
    const token = await guestWith([
      [a, 9],
      [b, 5],
    ]);
    const outcomes = await twenty(() => merge(me, token));
    for (const outcome of outcomes)
      assert.deepEqual(wanted(outcome), [
        [a, 9],
        [b, 5],
      ]);
    await cart.remove(context(me), { sku: b });
    await put(me, a, 1);
    assert.deepEqual(wanted(await merge(me, token)), [[a, 1]]);
  });

  test("twenty buyers who merge one guest's cart: one gets it", async () => {
    const token = await guestWith([[a, 2]]);
    const outcomes = await twenty(() => merge(buyer(), token));
    assert.equal(outcomes.filter(({ lines }) => lines.length > 0).length, 1);
  });

  test("what a guest puts in while the cart is being merged is in one of the two carts", async () => {
    for (let round = 0; round < 10; round++) {
      const me = buyer();
      const token = await guestWith([[a, 1]]);
      const [late] = await Promise.all([put(guest(token), b), merge(me, token)]);
      const mine = wanted(await get(me)).map(([sku]) => sku);
      const theirs = late.token ? wanted(await get(guest(late.token))).map(([sku]) => sku) : [];
      assert.deepEqual([...mine, ...theirs].sort(), [a, b].sort());
    }
  });

  test("a merge that died after any of its steps is finished by the job, once", async () => {
    const store = cartStore(opened.store);
    const limits = { nowMs: Date.now(), most: 100 };
    for (const stepsDone of [1, 2]) {
      const me = buyer();
      const token = await guestWith([
        [a, 2],
        [b, 1],
      ]);
      const key = readToken(token)!;
      const lines = await store.seal(context(me), key, me.account, limits.nowMs);
      if (stepsDone > 1) {
        await store.copy(context(me), me.account, key.id, lines, limits);
        await cart.remove(context(me), { sku: b });
      }
      const expected =
        stepsDone > 1
          ? [[a, 2]]
          : [
              [a, 2],
              [b, 1],
            ];
      await Promise.all([runJobs(), runJobs()]);
      assert.deepEqual(wanted(await get(me)), expected);
      assert.deepEqual(wanted(await merge(me, token)), expected);
      assert.deepEqual(await store.halfMerged(10), []);
    }
  });

  test("an empty cart, a forged token and one's own twice leave everything as it is", async () => {
    const me = buyer();
    await put(me, a);
    const token = await guestWith([[b, 1]]);
    await cart.remove(context(guest(token)), { sku: b });
    for (const each of [token, token, "", "x.y", `${me.account}.${token.split(".")[1]}`]) {
      assert.deepEqual(wanted(await merge(me, each)), [[a, 1]]);
    }
    assert.deepEqual(await cartStore(opened.store).halfMerged(10), []);
  });

  test("a cart holds a hundred things, also when two tabs fill it at once and after a merge", async () => {
    const me = buyer();
    const outcomes = await Promise.all(
      skus.slice(0, 110).map((sku) => cart.put(context(me), { sku, quantity: 1 })),
    );
    assert.equal(
      outcomes.filter((outcome) => "refusal" in outcome && outcome.refusal === "cart.full").length,
      10,
    );
    const full = await get(me);
    assert.equal(full.lines.length, 100);
    await put(me, full.lines[0]!.sku, 8);
    for (const { sku } of full.lines.slice(0, 2)) await cart.remove(context(me), { sku });
    const outside = skus.filter((sku) => !full.lines.some((line) => line.sku === sku)).slice(0, 5);
    const token = await guestWith([...outside.map((sku) => [sku, 1] as const), [full.lines[5]!.sku, 44]]);
    const merged = await merge(me, token);
    assert.equal(merged.lines.length, 100);
    assert.deepEqual(
      outside.filter((sku) => merged.lines.some((line) => line.sku === sku)),
      outside.slice(0, 2),
    );
    assert.equal(merged.lines.find(({ sku }) => sku === full.lines[5]!.sku)?.quantity, 44);
  });

  test("another currency stays out of a cart that has one", async () => {
    const [euro] = (await goods.add(1, "EUR")) as [Id<"sku">];
    const me = buyer();
    await put(me, a);
    assert.deepEqual(wanted(await merge(me, await guestWith([[euro, 1]]))), [[a, 1]]);
    assert.deepEqual(wanted(await merge(buyer(), await guestWith([[euro, 3]]))), [[euro, 3]]);
  });
});
