import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Caller, newContext } from "#kernel/context";
import { bucketOf, type Id, newId } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import { openTestDatabase, type TestDatabase } from "#tests/support/database";
import type { AccountDoor } from "./api.ts";
import { accountModule } from "./module.ts";

describe("addresses", () => {
  let db: TestDatabase;
  let door: AccountDoor;
  let sweep: () => Promise<void>;
  let aheadMs = 0;

  before(async () => {
    db = await openTestDatabase();
    const clock = { now: () => Date.now() + aheadMs };
    const module = accountModule({ store: db.database.store("account"), clock });
    door = module.door;
    sweep = async () => {
      for (const job of module.jobs) await job.run();
    };
  });
  after(() => db.close());

  let people = 0;
  async function newcomer(): Promise<{
    account: Id<"account">;
    as: (key?: string) => ReturnType<typeof newContext>;
  }> {
    const input = { email: `p${++people}@example.com`, name: "P", password: "a long enough secret" };
    const { id } = expectDone(await door.register(context(), input));
    const session = newId<"session">(1, Date.now());
    return {
      account: id,
      as: (key) => context({ kind: "account", account: id, session, operator: false, shops: [] }, key),
    };
  }
  const context = (caller?: Caller, idempotencyKey?: string) =>
    newContext({ ...(caller && { caller }), deadline: Date.now() + 20_000, idempotencyKey, trace: "test" });
  const inside: Caller = { kind: "domain", domain: "order" };
  const codeOf = (outcome: unknown) =>
    isRefusal(outcome) ? (outcome as { refusal: string }).refusal : "done";
  const twenty = <T>(work: (i: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 20 }, (_, i) => work(i)));
  const fields = (line1: string) => ({
    recipient: "Ada",
    line1,
    city: "London",
    postalCode: "N1 9GU",
    country: "GB",
  });

  test("addresses are added, listed the newest first, replaced and removed", async () => {
    const { account, as } = await newcomer();
    const one = expectDone(await door.addAddress(as("1"), { ...fields("First"), phone: "1", region: "R" }));
    const two = expectDone(await door.addAddress(as("2"), fields("Second")));
    assert.deepEqual(one, { id: one.id, ...fields("First"), phone: "1", region: "R" });
    assert.deepEqual(expectDone(await door.addresses(as(), {})).items, [two, one]);
    const changed = expectDone(await door.changeAddress(as(), { id: one.id, ...fields("Third") }));
    assert.deepEqual(changed, { id: one.id, ...fields("Third") });
    assert.deepEqual(await door.addressOf(context(inside), { account, address: one.id }), changed);
    assert.equal(await door.removeAddress(as(), { id: one.id }), null);
    assert.equal(await door.removeAddress(as(), { id: one.id }), null, "the same again");
    const both = await Promise.all([0, 1].map(() => door.removeAddress(as(), { id: two.id })));
    assert.deepEqual(both, [null, null], "the same at once");
    const never = newId<"address">(bucketOf(account), Date.now());
    assert.equal(codeOf(await door.removeAddress(as(), { id: never })), "account.address_not_found");
    assert.equal(
      codeOf(await door.changeAddress(as(), { id: one.id, ...fields("x") })),
      "account.address_not_found",
    );
    assert.deepEqual(expectDone(await door.addresses(as(), {})).items, []);
  });

  test("one idempotency key adds one address, also twenty times at once", async () => {
    const { as } = await newcomer();
    const added = await twenty(() => door.addAddress(as("same"), fields("Once")));
    const [first] = added.map(expectDone);
    assert.ok(first);
    assert.equal(new Set(added.map((a) => expectDone(a).id)).size, 1);
    assert.equal(expectDone(await door.addresses(as(), {})).items.length, 1);
    await door.removeAddress(as(), { id: first.id });
    assert.deepEqual(await door.addAddress(as("same"), fields("Once")), first);
    assert.equal(expectDone(await door.addresses(as(), {})).items.length, 0);
  });

  test("no more than twenty, also when forty are added at once", async () => {
    const { as } = await newcomer();
    const codes = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => codeOf(await door.addAddress(as(`${i}`), fields(`${i}`)))),
    );
    assert.equal(codes.filter((code) => code === "done").length, 20);
    assert.equal(codes.filter((code) => code === "account.too_many_addresses").length, 20);
    const { items } = expectDone(await door.addresses(as(), {}));
    assert.equal(items.length, 20);
    await door.removeAddress(as(), { id: items[0]!.id });
    assert.equal(codeOf(await door.addAddress(as("one more"), fields("x"))), "done");
  });

  test("of many who change addresses at the same moment each changes its own, and one is changed last", async () => {
    const all = await twenty(async () => {
      const { account, as } = await newcomer();
      return { account, as, added: expectDone(await door.addAddress(as("k"), fields("New"))) };
    });
    const codes = await Promise.all(
      all.flatMap(({ as, added }, i) => [
        ...["a", "b"].map((line) => door.changeAddress(as(), { id: added.id, ...fields(`${line}${i}`) })),
        door.changeAddress(as(), { id: all[(i + 1) % 20]!.added.id, ...fields("stolen") }),
      ]),
    );
    assert.deepEqual(
      codes.map(codeOf),
      all.flatMap(() => ["done", "done", "account.address_not_found"]),
    );
    const now = await Promise.all(
      all.map(({ account, added }) => door.addressOf(context(inside), { account, address: added.id })),
    );
    for (const [i, one] of now.entries()) assert.match(expectDone(one).line1, new RegExp(`^[ab]${i}$`));
  });

  test("somebody else's address does not exist, and one key of two people is two keys", async () => {
    const [ada, bob] = [await newcomer(), await newcomer()];
    const { id } = expectDone(await door.addAddress(ada.as("k"), fields("Ada's")));
    const own = expectDone(await door.addAddress(bob.as("k"), fields("Bob's")));
    assert.notEqual(own.id, id);
    assert.equal(
      codeOf(await door.changeAddress(bob.as(), { id, ...fields("x") })),
      "account.address_not_found",
    );
    assert.equal(codeOf(await door.removeAddress(bob.as(), { id })), "account.address_not_found");
    const asked = { account: bob.account, address: id };
    assert.equal(codeOf(await door.addressOf(context(inside), asked)), "account.address_not_found");
    assert.equal(expectDone(await door.addresses(ada.as(), {})).items[0]?.line1, "Ada's");
  });

  test("nor does it for somebody whose account lies in the same bucket", async () => {
    const [ada, bob] = [1, 2].map((n) => newId<"account">(500, Date.now() + n)) as [
      Id<"account">,
      Id<"account">,
    ];
    const session = newId<"session">(500, Date.now());
    const as = (account: Id<"account">) =>
      context({ kind: "account", account, session, operator: false, shops: [] }, "k");
    const { id } = expectDone(await door.addAddress(as(ada), fields("Ada's")));
    assert.equal(
      codeOf(await door.changeAddress(as(bob), { id, ...fields("x") })),
      "account.address_not_found",
    );
    assert.equal(codeOf(await door.removeAddress(as(bob), { id })), "account.address_not_found");
    const asked = { account: bob, address: id };
    assert.equal(codeOf(await door.addressOf(context(inside), asked)), "account.address_not_found");
    assert.deepEqual(expectDone(await door.addresses(as(bob), {})).items, []);
    assert.equal(expectDone(await door.addresses(as(ada), {})).items[0]?.line1, "Ada's");
  });

  test("keys are forgotten after a month, addresses are not", async () => {
    const { as } = await newcomer();
    await door.addAddress(as("old"), fields("Kept"));
    aheadMs += 31 * 24 * 3_600_000;
    await sweep();
    assert.deepEqual(await db.admin("select 1 from account.address_key"), []);
    assert.equal(expectDone(await door.addresses(as(), {})).items.length, 1);
  });
});
