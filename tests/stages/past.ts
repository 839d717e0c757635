import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { backUp } from "#commands/backup";
import { databaseName, type InstanceOptions } from "#commands/instance";
import { backUpBase, reachPast } from "#commands/past";
import { reachInstance } from "#commands/reach";
import { restore } from "#commands/restore";
import { fromBigint, type Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { connectAdministrator } from "#platform/database/drivers/pg-administrator";
import { buyer, merchant, order, sell } from "../support/people.ts";
import type { StagePlace } from "./journey.ts";

/**
 * Orders, a moment, more orders and a mistake; then the moment is brought back as another instance: exactly what was
 * acknowledged before it is there, and it is other data than the shop's.
 */
export async function bringBackMoment(place: StagePlace, where: InstanceOptions & { data: string }) {
  const quiet = () => undefined;
  const seller = await merchant(place);
  const product = await sell(place, seller, { title: "As it was", stock: 50 });
  const sku = product.skus[0]?.id as Id<"sku">;
  const who = await buyer(place);
  const placeOne = async () => {
    const checkout = expectDone(await order(who, [{ sku, quantity: 1 }]));
    return checkout.orders.map(({ id }) => id);
  };
  await backUpBase(where, quiet);
  const before = [...(await placeOne()), ...(await placeOne()), ...(await placeOne())];
  // The database's clock is this machine's: what comes after is later by more than it can be wrong.
  await pause(50);
  const at = new Date();
  await pause(50);
  const after = [...(await placeOne()), ...(await placeOne())];
  expectDone(await seller.api.catalog.change({ id: product.id, title: "A mistake" }));
  await place.quiet();

  const file = join(where.data, "past.storey");
  const past = await reachPast(where, at, quiet);
  const manifest = await backUp(past, file, quiet).finally(() => past.close());
  assert.equal(manifest.madeAt, at.toISOString());
  const again = { name: "again", data: where.data, stage: 1 };
  const { report } = await restore(file, again, quiet);
  assert.deepEqual(report.broken, []);

  const [now, then] = [await lookAt(where), await lookAt(again)];
  for (const id of before) assert.ok(then.orders.has(id), `${id} was acknowledged before, and is not there`);
  for (const id of after) assert.ok(!then.orders.has(id) && now.orders.has(id));
  assert.ok(then.titles.has("As it was") && !then.titles.has("A mistake") && now.titles.has("A mistake"));
  assert.notEqual(then.incarnation, now.incarnation);
}

async function lookAt(where: InstanceOptions) {
  const reached = await reachInstance(where, () => undefined);
  const inside = await connectAdministrator({ ...reached.server, database: databaseName });
  const column = async (text: string) => (await inside.run(text)).map((row) => String(Object.values(row)[0]));
  try {
    const orders = await column('select id from "order".orders');
    return {
      orders: new Set(orders.map((id) => fromBigint<"order">(id))),
      titles: new Set(await column("select doc->>'title' from catalog.product")),
      incarnation: (await column("select name from platform.incarnation"))[0],
    };
  } finally {
    await inside.close();
    await reached.close();
  }
}
