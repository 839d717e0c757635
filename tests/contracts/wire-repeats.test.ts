import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { publicOperations } from "#apps/client/operations";
import { bucketOf, newId } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { password } from "../support/people.ts";
import { doorSpecs, openWires, type Wires } from "../support/wire.ts";
import { type Market, openMarket } from "./cost-market.ts";
import { asDomain } from "./cost-party.ts";
import { draftOf } from "./cost-questions.ts";

/** Every command that says it may be delivered twice, by name. */
const retriable = Object.entries(doorSpecs).flatMap(([domain, { operations }]) =>
  Object.entries(operations)
    .filter(([, { kind, retriable }]) => kind === "command" && retriable)
    .map(([name]) => `${domain}.${name}`),
);

for (const wiring of ["twice", "lost"] as const) {
  describe(`every operation over a wire, ${wiring === "twice" ? "delivered twice" : "its first answer lost"}`, () => {
    let wires: Wires;
    let market: Market;
    before(async () => {
      wires = (await openWires(wiring))!;
      market = await openMarket(wires.reach);
    });
    after(async () => {
      await market.close();
      await wires.close();
    });

    it("is done, and is the same when it is a command", async () => {
      for (const { domain, name, operation } of publicOperations()) {
        const called = `${domain}.${name}`;
        const elsewhere = operation.rawBody || called === "search.rebuild";
        if (domain in doorSpecs && !elsewhere) await market.ask(called, "few");
      }
      await askAsDomain(market);
      const never = retriable.filter((name) => !wires.repeated.has(name));
      assert.deepEqual(never, [], "nobody delivered these twice");
    });
  });
}

/** What only domains and the commands of an operator ask. */
async function askAsDomain({ doors, parties, shop }: Market): Promise<void> {
  const { context, product, checkout, email } = parties.few;
  const { account, catalog, inventory, payment, search } = doors;
  assert.ok(context.caller.kind === "account");
  const person = { email: "operator@example.com", name: "Op", password };
  expectDone(await account.appointOperator(asDomain, person));
  expectDone(await account.resetPassword(asDomain, { email, password }));
  expectDone(await account.grantShop(asDomain, { account: context.caller.account, shop }));
  const draft = draftOf(shop, "Imported", 1);
  expectDone(await catalog.importMany(asDomain, { shop, products: [{ handle: "imported", draft }] }));
  expectDone(await search.rebuild(asDomain, {}));

  const sku = product.skus[0]!.id;
  const lines = [{ id: newId<"reservation">(bucketOf(sku), Date.now()), sku, quantity: 1 }];
  const [line] = expectDone(await inventory.reserve(asDomain, { checkout, lines }));
  assert.equal(line?.reserved, true);
  expectDone(await inventory.release(asDomain, { checkout, lines }));

  const order = parties.few.orders.paid;
  expectDone(await payment.refund(asDomain, { payment: parties.few.payment, order, reason: "" }));
}
