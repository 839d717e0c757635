import type { Context } from "#kernel/context";
import { newContext } from "#kernel/context";
import { type Bucket, bucketOf, type Id, newId, randomBucket, toBigint } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { openTestDatabase } from "#tests/support/database";
import { inventoryModule } from "./module.ts";
import type { Line } from "./reservation.ts";

const clock = { now: () => Date.now() };

/** Inventory on a real database of its own, in as many processes as are asked for; close it when the suite is over. */
export async function openInventory(processes = 1) {
  const db = await openTestDatabase();
  // Stores of their own share nothing but the database, as those of two processes.
  const modules = Array.from({ length: processes }, () =>
    inventoryModule({ store: db.database.store("inventory"), clock }),
  );
  const doors = modules.map(({ door }) => door);
  return {
    doors,
    modules,
    store: db.database.store("inventory"),
    admin: db.admin,
    /** A SKU of which so many are on hand. */
    keep: async (onHand: number, bucket: Bucket = randomBucket()): Promise<Id<"sku">> => {
      const sku = newId<"sku">(bucket, clock.now());
      await db.admin(
        `insert into inventory.stock (bucket, sku, warehouse, slot, shop, on_hand, reserved, received, sold, version)
         values (${bucket}, ${toBigint(sku)}, 0, 0, 1, ${onHand}, 0, ${onHand}, 0, 1)`,
      );
      return sku;
    },
    available: async (sku: Id<"sku">): Promise<number | undefined> => {
      const [door] = doors;
      const found = await door?.available(asDomain(), { skus: [sku] });
      return found && expectDone(found).items[0]?.available;
    },
    broken: async () => {
      const findings = await doors[0]?.audit(asDomain(), {});
      return findings && expectDone(findings).broken;
    },
    close: () => db.close(),
  };
}

export const asDomain = (deadline = Date.now() + 30_000): Context =>
  newContext({ caller: { kind: "domain", domain: "order" }, deadline, trace: "test" });

export const newCheckout = (): Id<"checkout"> => newId(randomBucket(), clock.now());

export const wish = (sku: Id<"sku">, quantity = 1): Line => ({
  id: newId(bucketOf(sku), clock.now()),
  sku,
  quantity,
});
