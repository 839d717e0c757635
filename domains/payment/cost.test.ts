import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { systemClock } from "#kernel/clock";
import { expectDone } from "#kernel/refusal";
import type { Statement, Store, Writer } from "#platform/database/api";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import { anyone, asBuyer, asking, asOrder, notice } from "#tests/support/payments";
import { paymentModule } from "./module.ts";
import type { Provider } from "./provider.ts";

/** A provider that costs nothing and believes everything, so that only statements are counted. */
const gullible: Provider = {
  redirectUrl: () => "/",
  verify: (raw) => {
    const { reference, amount, currency } = JSON.parse(raw);
    return { reference, state: "captured", amount: { amount, currency }, providerReference: "c" };
  },
  status: async () => undefined,
  refund: async () => "done",
};

/** The names of the statements that a store runs, in their order. */
function listening(store: Store): { store: Store; heard: string[] } {
  const heard: string[] = [];
  const on = <Some extends Pick<Writer, "all" | "one">>(writer: Some): Some => ({
    ...writer,
    all: (statement: Statement, parameters: []) => {
      heard.push(statement.name);
      return writer.all(statement, parameters);
    },
    one: (statement: Statement, parameters: []) => {
      heard.push(statement.name);
      return writer.one(statement, parameters);
    },
  });
  return {
    heard,
    store: {
      ...store,
      read: (...given) => on(store.read(...given)),
      readEach: (c, keys, where, statement, parameters) => {
        heard.push(statement.name);
        return store.readEach(c, keys, where, statement, parameters);
      },
      write: (...given) => on(store.write(...given)),
      writeEach: (c, keys, where, statement, parameters) => {
        heard.push(statement.name);
        return store.writeEach(c, keys, where, statement, parameters);
      },
      sweep: (range) => on(store.sweep(range)),
    },
  };
}

describe("the statements that a payment costs, for one order or for forty", () => {
  let db: TestDatabase;
  before(async () => {
    db = await openTestDatabase();
  });
  after(() => db.close());

  for (const orders of [1, 40]) {
    test(`${orders}`, async () => {
      const { store, heard } = listening(db.database.store("payment"));
      const { door, jobs } = paymentModule({
        store,
        clock: systemClock,
        providers: { sandbox: gullible },
        counted: () => undefined,
        told: () => undefined,
        log: (message, error) => assert.fail(`${message} ${error}`),
      });
      const cost = async (work: () => Promise<unknown>) => {
        heard.length = 0;
        await work();
        return [...heard];
      };
      const asked = asking(Array.from({ length: orders }, (_, i) => i + 1));
      const payment = expectDone(await door.start(asOrder, asked));
      const id = { id: payment.id };
      const buyer = asBuyer(asked.account);
      assert.deepEqual(await cost(() => door.start(asOrder, asked)), ["begin", "pending"]);
      assert.deepEqual(await cost(() => door.get(buyer, id)), ["one"]);
      assert.deepEqual(await cost(() => door.refresh(buyer, id)), ["one"]);
      const callback = { provider: "sandbox", raw: notice(payment), signature: "" };
      assert.deepEqual(await cost(() => door.callback(anyone, callback)), ["settle"]);
      assert.deepEqual(await cost(() => door.callback(anyone, callback)), ["settle"]);
      const part = { payment: payment.id, order: asked.allocations[0]!.order, reason: "" };
      assert.deepEqual(await cost(() => door.refund(asOrder, part)), ["ask_refund"]);
      const [, refunds] = jobs;
      assert.deepEqual(await cost(() => refunds!.run()), ["claim_refunds", "finish_refund"]);
      assert.deepEqual(await cost(() => refunds!.run()), ["claim_refunds"]);
      assert.deepEqual(await cost(() => door.facts(asOrder, {})), ["page"]);
      const fresh = asking([5]);
      assert.deepEqual(await cost(() => door.start(asOrder, fresh)), ["begin"]);
    });
  }
});
