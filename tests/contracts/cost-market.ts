import assert from "node:assert/strict";
import { compose, type Doors, type Reach } from "#apps/server/compose";
import type { Product } from "#domains/catalog/api";
import { systemClock } from "#kernel/clock";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { countingDatabase } from "../support/counting.ts";
import { openTestDatabase } from "../support/database.ts";
import { openTestOperations } from "../support/operations.ts";
import { again, asDomain, type Party, partyOf, type Size, sandboxKey, signedIn } from "./cost-party.ts";
import { draftOf, questions } from "./cost-questions.ts";

/** Lines of a cart and of a checkout, all of one product: of one bucket. */
const lines: Record<Size, number> = { few: 2, many: 20 };
const manyProducts = 100;
const at = "http://127.0.0.1:9";

export interface Market {
  readonly doors: Doors;
  readonly parties: Record<Size, Party>;
  readonly shop: Id<"shop">;
  /** What an operation sent. It must be done, not refused. */
  ask(name: string, size: Size): Promise<readonly string[]>;
  sentBy(work: () => Promise<unknown>): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A shop without a server, whose database counts; nothing runs in the background once it is open. */
export async function openMarket(reach?: Reach): Promise<Market> {
  const test = await openTestDatabase();
  const counting = countingDatabase(test.database);
  const { doors, bus } = compose({
    database: counting.database,
    clock: systemClock,
    payWithinMs: 1_800_000,
    providers: { sandbox: { key: sandboxKey, pageUrl: "/sandbox", apiUrl: at, clock: systemClock } },
    log: () => undefined,
    counted: () => undefined,
    ...(reach ? { reach } : {}),
  });
  const names = Array.from({ length: 40 }, (_, i) => ({ slug: `cups-${i}`, name: `Cups ${i}`, position: i }));
  const items = names.map((each) => ({ ...each, parent: null, nameZh: "杯子", image: null }));
  expectDone(await doors.catalog.putCategories(asDomain, { items }));
  const opening = { name: "Cups", region: "Porto", shipping: { flat: 490, freeAbove: null } };
  const opener = await signedIn(doors, "seller@example.com");
  const shop = expectDone(await doors.shop.open(opener, opening)).id;
  const seller = await signedIn(doors, "seller@example.com");
  const make = async (title: string, skus: number): Promise<Product> =>
    expectDone(await doors.catalog.create(again(seller), draftOf(shop, title, skus)));
  const products = { few: await make("Few cups", lines.few), many: await make("Many cups", lines.many) };
  for (let i = 2; i < manyProducts; i++) await make(`Cup ${i}`, 1 + (i % 3));
  await bus.quiet();
  const founded = { doors, bus, seller };
  const parties = {
    few: await partyOf({ ...founded, product: products.few, email: "few@example.com", times: 5 }),
    many: await partyOf({ ...founded, product: products.many, email: "many@example.com", times: 15 }),
  };
  await bus.quiet();
  await bus.stop();

  const asked = questions({ doors, operations: openTestOperations(), shop, seller });
  return {
    doors,
    parties,
    shop,
    sentBy: counting.sentBy,
    ask: async (name, size) => {
      const question = asked[name];
      assert.ok(question, `nobody asks ${name}`);
      const work = await question(parties[size], size);
      return counting.sentBy(async () => {
        expectDone(await work());
      });
    },
    close: () => test.close(),
  };
}
