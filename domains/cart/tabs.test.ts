import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import type { Caller } from "#kernel/context";
import { type Id, newId } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { Cart } from "./api.ts";
import { type Line, type Offer, shown } from "./cart.ts";
import { buyer, context, guest, openCart, wanted } from "./opened.test.ts";
import { newToken, readToken } from "./token.ts";

describe("two tabs", async () => {
  const opened = await openCart();
  after(opened.close);
  const { cart, goods } = opened;
  const skus = await goods.add(6);

  /** Zero takes the SKU out. */
  type Edit = readonly [sku: number, quantity: number];
  const edit: fc.Arbitrary<Edit> = fc.tuple(
    fc.nat(skus.length - 1),
    fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 999 })),
  );
  const skuOf = (index: number): Id<"sku"> => skus[index]!;

  async function apply(caller: Caller, [index, quantity]: Edit): Promise<Cart> {
    const sku = skuOf(index);
    return expectDone(
      quantity === 0
        ? await cart.remove(context(caller), { sku })
        : await cart.put(context(caller), { sku, quantity }),
    );
  }

  /** A cart is a map that remembers in which order its keys came. */
  function applyToModel(model: Map<Id<"sku">, number>, [index, quantity]: Edit): void {
    if (quantity === 0) model.delete(skuOf(index));
    else model.set(skuOf(index), quantity);
  }

  async function someCart(kind: "buyer" | "guest"): Promise<Caller> {
    if (kind === "buyer") return buyer();
    const { token } = expectDone(await cart.put(context(), { sku: skuOf(0), quantity: 1 }));
    const caller = guest(token ?? "");
    await cart.remove(context(caller), { sku: skuOf(0) });
    return caller;
  }
  const kind = fc.constantFrom("buyer" as const, "guest" as const);

  test("taking turns, each answer is the cart of the model", async () => {
    await fc.assert(
      fc.asyncProperty(kind, fc.array(edit, { maxLength: 15 }), async (whose, edits) => {
        const caller = await someCart(whose);
        const model = new Map<Id<"sku">, number>();
        for (const each of edits) {
          applyToModel(model, each);
          assert.deepEqual(new Map(wanted(await apply(caller, each))), model);
        }
        assert.deepEqual(new Map(wanted(expectDone(await cart.get(context(caller), {})))), model);
      }),
      { numRuns: 25 },
    );
  });

  test("at once, no line of either is lost, and each is as one of them left it", async () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(kind, edits, edits, async (whose, left, right) => {
        const caller = await someCart(whose);
        const tab = async (mine: readonly Edit[]) => {
          for (const each of mine) await apply(caller, each);
        };
        await Promise.all([tab(left), tab(right)]);
        const result = new Map(wanted(expectDone(await cart.get(context(caller), {}))));
        for (const [index, sku] of skus.entries()) {
          const last = [left, right].flatMap(
            (mine) => mine.findLast(([touched]) => touched === index)?.[1] ?? [],
          );
          const allowed = last.length > 0 ? last : [0];
          assert.ok(allowed.includes(result.get(sku) ?? 0), `${result.get(sku)} is none of ${allowed}`);
        }
      }),
      { numRuns: 25 },
    );
  });
});

test("of sixty carts that change at the same moment each is answered its own", async (t) => {
  const opened = await openCart();
  t.after(opened.close);
  const { cart, goods } = opened;
  const skus = await goods.add(6);
  const carts = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      if (i % 2 === 0) return buyer();
      const { token } = expectDone(await cart.put(context(), { sku: skus[0]!, quantity: i + 1 }));
      return guest(token ?? "");
    }),
  );
  const put = async (caller: Caller, sku: number, quantity: number) =>
    expectDone(await cart.put(context(caller), { sku: skus[sku]!, quantity }));
  for (let round = 1; round < skus.length; round++) {
    const shown = await Promise.all(carts.map((caller, i) => put(caller, round, 10 * i + round)));
    for (const [i, one] of shown.entries()) {
      const wished = skus.slice(1, round + 1).map((sku, at) => [sku, 10 * i + at + 1] as const);
      const first = i % 2 === 0 ? [] : [[skus[0]!, i + 1] as const];
      assert.deepEqual(new Map(wanted(one)), new Map([...first, ...wished]));
    }
    const read = await Promise.all(carts.map((caller) => cart.get(context(caller), {})));
    assert.deepEqual(
      read.map((one) => wanted(expectDone(one))),
      shown.map(wanted),
    );
  }
  // Two who guess at a cart among them: their token is nobody's, so each gets a cart of its own.
  const other = newToken(newId(3, Date.now()));
  const [stray, again] = await Promise.all([other, other].map(({ text }) => put(guest(text), 0, 7)));
  assert.ok(stray?.token && again?.token && stray.token !== again.token);
});

const line = fc.record({
  n: fc.nat(200),
  quantity: fc.integer({ min: 1, max: 999 }),
  price: fc.nat(10 ** 9),
});
const idOf = <Kind extends string>(n: number) => `000000000${String(n).padStart(4, "0")}` as Id<Kind>;

describe("pure rules", () => {
  test("the total is the sum of prices of now times quantities; what is not offered is not shown", () => {
    const entries = fc.uniqueArray(fc.tuple(line, fc.boolean(), fc.nat(10 ** 9), fc.nat(20)), {
      selector: ([{ n }]) => n,
      maxLength: 100,
    });
    fc.assert(
      fc.property(entries, (drawn) => {
        const usd = (amount: number) => ({ amount, currency: "USD" });
        const kept: Line[] = drawn.map(([l]) => ({
          sku: idOf<"sku">(l.n),
          quantity: l.quantity,
          price: usd(l.price),
          addedAt: l.n,
        }));
        const sold = drawn.filter(([, isSold]) => isSold);
        const offers = new Map(sold.map(([l, , now]) => [idOf<"sku">(l.n), offerOf(l.n, now)]));
        const stock = new Map(sold.map(([l, , , left]) => [idOf<"sku">(l.n), left]));
        const cart = shown(kept, offers, stock);
        assert.deepEqual(
          cart.lines.map(({ sku }) => sku),
          sold.map(([l]) => idOf<"sku">(l.n)),
        );
        assert.equal(
          cart.total.amount,
          sold.reduce((total, [l, , now]) => total + l.quantity * now, 0),
        );
        assert.equal(
          cart.count,
          sold.reduce((pieces, [l]) => pieces + l.quantity, 0),
        );
        for (const [i, [l, , now, left]] of sold.entries()) {
          assert.equal(cart.lines[i]?.available, left);
          assert.equal(cart.lines[i]?.priceBefore?.amount, l.price === now ? undefined : l.price);
        }
      }),
    );
  });

  test("a token reads back as what it was made of; nothing else reads, and its text holds no digest", () => {
    fc.assert(
      fc.property(fc.nat(1023), fc.string({ maxLength: 100 }), (bucket, noise) => {
        const made = newToken(newId(bucket, Date.now()));
        assert.deepEqual(readToken(made.text), { id: made.id, digest: made.digest });
        assert.ok(!made.text.includes(made.digest ?? ""));
        assert.equal(readToken(noise), undefined);
        assert.ok(made.text.length <= 100);
      }),
    );
  });
});

const offerOf = (n: number, amount: number): Offer => ({
  sku: idOf(n),
  product: idOf(n),
  shop: idOf(n),
  title: `Thing ${n}`,
  slug: `thing-${n}`,
  options: {},
  code: `T${n}`,
  price: { amount, currency: "USD" },
  image: null,
});
