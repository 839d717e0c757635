import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { orderDoor } from "#domains/order/api";
import type { EventOf } from "#kernel/event";
import { bucketOf, newId, toBigint } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { asDomain, newCheckout, openInventory, wish } from "./opened.test.ts";
import type { Line } from "./reservation.ts";

describe("reserving, by many at once", () => {
  let inventory: Awaited<ReturnType<typeof openInventory>>;
  before(async () => {
    inventory = await openInventory(2);
  });
  after(() => inventory.close());

  const reserve = async (lines: Line[], process = 0, checkout = newCheckout()) => {
    const door = inventory.doors[process % 2];
    assert.ok(door);
    return expectDone(await door.reserve(asDomain(), { checkout, lines }));
  };
  const settled = async () => assert.deepEqual(await inventory.broken(), []);

  it("never promises more than there is, and refuses only what was too much", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 3 }),
        fc.array(
          fc.array(fc.record({ of: fc.nat({ max: 2 }), quantity: fc.integer({ min: 1, max: 5 }) }), {
            minLength: 1,
            maxLength: 4,
          }),
          { minLength: 1, maxLength: 30 },
        ),
        fc.infiniteStream(fc.nat({ max: 3 })),
        async (stocks, callers, repeats) => {
          const skus = await Promise.all(stocks.map((onHand) => inventory.keep(onHand)));
          const asked = callers.map((lines) =>
            lines.map(({ of, quantity }) => wish(skus[of % skus.length]!, quantity)),
          );
          const answers = await Promise.all(
            asked.map(async (lines, caller) => {
              const checkout = newCheckout();
              const { value: more = 0 } = repeats.next();
              const all = await Promise.all(
                Array.from({ length: 1 + more }, (_, i) => reserve(lines, caller + i, checkout)),
              );
              const decided = all.map((each) => each.map(({ id, reserved }) => [id, reserved]));
              for (const again of decided)
                assert.deepEqual(again, decided[0], "a repeat has the same answer");
              return all[0]!;
            }),
          );
          for (const [i, sku] of skus.entries()) {
            const mine = asked.flatMap((lines, caller) =>
              lines.flatMap((line, at) =>
                line.sku === sku ? [{ ...line, got: answers[caller]![at]!.reserved }] : [],
              ),
            );
            const had = mine.reduce((sum, line) => sum + (line.got ? line.quantity : 0), 0);
            assert.equal(await inventory.available(sku), stocks[i]! - had);
            for (const line of mine) assert.ok(line.got || had + line.quantity > stocks[i]!);
          }
          await settled();
        },
      ),
      { numRuns: 40 },
    ));

  it("sells 100 pieces 100 times when 1,000 ask in two processes", async () => {
    const sku = await inventory.keep(100);
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, i) => reserve([wish(sku)], i)));
    assert.equal(answers.filter(([answer]) => answer?.reserved).length, 100);
    assert.equal(await inventory.available(sku), 0);
    await settled();
  });

  it("refuses who asks for too much, and gives to those behind", async () => {
    const sku = await inventory.keep(10);
    const quantities = [4, 50, 3, 8, 3, 1];
    const answers = await reserve(quantities.map((quantity) => wish(sku, quantity)));
    assert.deepEqual(
      answers.map(({ reserved, available }) => [reserved, available]),
      [
        [true, 6],
        [false, 6],
        [true, 3],
        [false, 3],
        [true, 0],
        [false, 0],
      ],
    );
    await settled();
  });

  it("waits for nobody in a ring: two processes want the same SKUs in any order, some give them back", async () => {
    const skus = await Promise.all(Array.from({ length: 12 }, () => inventory.keep(100_000)));
    const shuffled = () => skus.map((sku) => ({ sku, by: Math.random() })).sort((a, b) => a.by - b.by);
    await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const lines = shuffled().map(({ sku }) => wish(sku, 2));
        const checkout = newCheckout();
        const release = () => inventory.doors[i % 2]!.release(asDomain(), { checkout, lines });
        await Promise.all([reserve(lines, i, checkout), ...(i % 3 === 0 ? [release()] : [])]);
      }),
    );
    await settled();
  });

  it("refuses what was released before it came, and what its caller no longer waits for", async () => {
    const sku = await inventory.keep(5);
    const line = wish(sku);
    const checkout = newCheckout();
    await inventory.doors[0]!.release(asDomain(), { checkout, lines: [line] });
    assert.deepEqual(await reserve([line], 0, checkout), [{ id: line.id, reserved: false, available: 5 }]);
    const late = inventory.doors[0]!.reserve(asDomain(Date.now() - 1), { checkout, lines: [wish(sku)] });
    await assert.rejects(late, { code: "database.too_late" });
    assert.equal(await inventory.available(sku), 5);
  });

  it("says of a SKU that nobody keeps that there is none of it", async () => {
    const sku = newId<"sku">(3, Date.now());
    assert.deepEqual(
      (await reserve([wish(sku)])).map(({ reserved, available }) => [reserved, available]),
      [[false, 0]],
    );
  });

  it("carries on what a batch of events tells, also twice of one order", async () => {
    const sku = await inventory.keep(20);
    const lines = [wish(sku, 1), wish(sku, 2), wish(sku, 4)];
    const checkout = newCheckout();
    await reserve(lines, 0, checkout);
    type Told = EventOf<typeof orderDoor>;
    const told = (type: string, from: string, { id, quantity }: Line): Told =>
      ({ type, body: { checkout, from, lines: [{ reservation: id, sku, quantity }] } }) as unknown as Told;
    const [sold, returned, closed] = lines as [Line, Line, Line];
    const arrivals = [
      told("order.paid", "pending", sold),
      told("order.paid", "pending", returned),
      told("order.refunded", "paid", returned),
      told("order.closed", "pending", closed),
    ].map((event) => ({ bucket: bucketOf(sku), event }));
    const follow = inventory.modules[0]!.reactions.find(({ source }) => source === "order");
    const apply = () =>
      inventory.store.sweep({ from: 0, to: 1023 }).transaction((t) => follow!.apply(t, arrivals));
    for (let i = 0; i < 2; i++) {
      await apply();
      const [row] = await inventory.admin(
        `select on_hand, reserved, sold from inventory.stock
         where bucket = ${bucketOf(sku)} and sku = ${toBigint(sku)}`,
      );
      assert.deepEqual([row?.["on_hand"], row?.["reserved"], row?.["sold"]], [19, 0, 1]);
    }
    await settled();
  });

  it("ends the same in whichever order, and however often, a sale and its return are heard of", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("order.paid", "order.refunded"), { minLength: 1, maxLength: 5 }),
        fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
        async (first, together) => {
          const sku = await inventory.keep(10);
          const line = wish(sku, 3);
          const checkout = newCheckout();
          await reserve([line], 0, checkout);
          const follow = inventory.modules[0]!.reactions.find(({ source }) => source === "order")!;
          const on = inventory.store.sweep({ from: 0, to: 1023 });
          const heard = [...first, "order.paid", "order.refunded"].map((type) => {
            const from = type === "order.paid" ? "pending" : "paid";
            const lines = [{ reservation: line.id, sku, quantity: 3 }];
            const event = { type, body: { checkout, from, lines } } as unknown as EventOf<typeof orderDoor>;
            return { bucket: bucketOf(sku), event };
          });
          const batches: (typeof heard)[] = [];
          for (const [i, arrival] of heard.entries()) {
            if (together[i] && batches.length > 0) batches.at(-1)?.push(arrival);
            else batches.push([arrival]);
          }
          for (const batch of batches) await on.transaction((t) => follow.apply(t, batch));
          const [row] = await inventory.admin(
            `select s.on_hand, s.reserved, s.sold, r.state from inventory.stock s
             join inventory.reservation r on r.bucket = s.bucket and r.sku = s.sku
             where s.bucket = ${bucketOf(sku)} and s.sku = ${toBigint(sku)}`,
          );
          assert.deepEqual(
            [row?.["on_hand"], row?.["reserved"], row?.["sold"], row?.["state"]],
            [10, 0, 0, "returned"],
          );
        },
      ),
      { numRuns: 30 },
    ));
});
