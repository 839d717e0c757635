import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import type { AccountDoor } from "#domains/account/api";
import { accountModule } from "#domains/account/module";
import { systemClock as clock } from "#kernel/clock";
import { type Caller, type Context, newContext } from "#kernel/context";
import { bucketOf, type Id, newId, randomToken, toBigint } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import { openTestDatabase } from "#tests/support/database";
import { shopModule } from "./module.ts";
import { slugOf } from "./shop.ts";

describe("shop", async () => {
  const { database, admin, close } = await openTestDatabase();
  after(close);
  const told = () => undefined;
  const account = accountModule({ store: database.store("account"), clock }).door;
  const shopOn = (with_: AccountDoor) =>
    shopModule({ store: database.store("shop"), clock, account: with_, told }).door;
  const shop = shopOn(account);

  const context = (caller?: Caller, idempotencyKey = randomToken()): Context =>
    newContext({ ...(caller && { caller }), deadline: Date.now() + 20_000, idempotencyKey, trace: "test" });
  const twenty = <T>(work: (i: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 20 }, (_, i) => work(i)));
  const codeOf = (outcome: unknown) =>
    isRefusal(outcome) ? (outcome as { refusal: string }).refusal : "done";

  let people = 0;
  async function merchant() {
    const email = `merchant${++people}@example.com`;
    const password = "a long enough secret";
    expectDone(await account.register(context(), { email, name: "Merchant", password }));
    const { token } = expectDone(await account.signIn(context(), { email, password }));
    /** As the next request of the session would be seen. */
    const caller = async (): Promise<Caller & { kind: "account" }> => {
      const inside: Caller = { kind: "domain", domain: "test" };
      const found = expectDone(await account.resolve(context(inside), { token }));
      assert.ok(found);
      return { kind: "account", ...found };
    };
    return caller;
  }

  const input = { name: "Harbour Linen", region: "Porto", shipping: { flat: 490, freeAbove: 5000 } };
  const eventsOf = (id: Id<"shop">) =>
    admin(`select version, type, body from shop.outbox where aggregate = ${toBigint(id)} order by version`);

  test("whoever opens a shop is its staff at the next request, and everybody can read it", async () => {
    const caller = await merchant();
    const opened = expectDone(await shop.open(context(await caller()), input));
    assert.deepEqual(
      { ...opened, id: "", createdAt: "" },
      {
        ...input,
        id: "",
        createdAt: "",
        slug: "harbour-linen",
        description: "",
        currency: "USD",
        feeBasisPoints: 500,
      },
    );
    assert.deepEqual((await caller()).shops, [opened.id]);
    assert.deepEqual(await shop.get(context(), { id: opened.id }), opened);
    assert.deepEqual(await eventsOf(opened.id), [
      { version: 1, type: "shop.changed", body: { shop: opened.id } },
    ]);
    const another = expectDone(await shop.open(context(await caller()), { ...input, currency: "CNY" }));
    assert.equal(another.currency, "CNY");
    assert.deepEqual([...(await caller()).shops].sort(), [opened.id, another.id].sort());
  });

  test("one idempotency key opens one shop, also twenty times at once; of two people two", async () => {
    const [one, two] = [await merchant(), await merchant()];
    const c = context(await one(), "the same key");
    const opened = (await twenty(() => shop.open(c, input))).map(expectDone);
    assert.equal(new Set(opened.map(({ id }) => id)).size, 1);
    assert.equal((await eventsOf(opened[0]!.id)).length, 1);
    assert.deepEqual((await one()).shops, [opened[0]!.id]);
    const other = expectDone(await shop.open(context(await two(), "the same key"), input));
    assert.notEqual(other.id, opened[0]!.id);
  });

  test("a crash before the owner became staff is mended by the repeat", async () => {
    const caller = await merchant();
    const broken = shopOn({ ...account, grantShop: () => Promise.reject(new Error("the power went")) });
    const c = context(await caller(), "mended");
    await assert.rejects(broken.open(c, input), /the power went/);
    assert.deepEqual((await caller()).shops, []);
    const opened = expectDone(await shop.open(c, { ...input, name: "A later try" }));
    assert.equal(opened.name, input.name);
    assert.deepEqual((await caller()).shops, [opened.id]);
    assert.equal((await eventsOf(opened.id)).length, 1);
  });

  test("an id that turns out to be another's shop makes nobody its staff", async () => {
    const [owner, thief] = [await merchant(), await merchant()];
    const { id } = expectDone(await shop.open(context(await owner()), input));
    const { account: by } = await thief();
    await admin(
      `insert into shop.opened values (${bucketOf(by)}, ${toBigint(by)}, 'drawn twice', ${toBigint(id)})`,
    );
    const outcomes = await twenty(async () => shop.open(context(await thief(), "drawn twice"), input));
    const ids = new Set(outcomes.map((outcome) => expectDone(outcome).id));
    assert.equal(ids.size, 1);
    assert.ok(!ids.has(id));
    assert.deepEqual((await thief()).shops, [...ids]);
  });

  test("staff change what they name and no more; twenty changes are told one by one", async () => {
    const caller = await merchant();
    const { id } = expectDone(await shop.open(context(await caller()), { ...input, description: "Shirts" }));
    const c = context(await caller());
    const renamed = expectDone(await shop.change(c, { id, name: "Harbour" }));
    assert.deepEqual(
      [renamed.name, renamed.description, renamed.shipping],
      ["Harbour", "Shirts", input.shipping],
    );
    const free = { flat: 0, freeAbove: null };
    assert.deepEqual(expectDone(await shop.change(c, { id, shipping: free })).shipping, free);
    assert.equal(expectDone(await shop.change(c, { id, description: "" })).description, "");
    await twenty((i) => shop.change(c, { id, region: `Region ${i}` }));
    const versions = (await eventsOf(id)).map(({ version }) => version);
    assert.deepEqual(
      versions,
      Array.from({ length: 24 }, (_, i) => i + 1),
    );
    assert.deepEqual(expectDone(await shop.get(c, { id })).shipping, free);
  });

  test("only staff and operators change a shop", async () => {
    const [owner, stranger] = [await merchant(), await merchant()];
    const { id } = expectDone(await shop.open(context(await owner()), input));
    const change = (caller?: Caller) => shop.change(context(caller), { id, name: "Mine now" });
    assert.equal(codeOf(await change(await stranger())), "shop.not_yours");
    assert.equal(codeOf(await change()), "request.unauthenticated");
    assert.equal(codeOf(await shop.open(context(), input)), "request.unauthenticated");
    const unknown = newId<"shop">(1, Date.now());
    assert.equal(
      codeOf(await shop.change(context(await owner()), { id: unknown, name: "x" })),
      "shop.not_yours",
    );
    const operator: Caller = { ...(await stranger()), operator: true };
    assert.equal(codeOf(await shop.change(context(operator), { id: unknown, name: "x" })), "shop.not_found");
    assert.equal(expectDone(await change(operator)).name, "Mine now");
    assert.equal(codeOf(await shop.get(context(), { id: unknown })), "shop.not_found");
  });

  test("the list pages through all shops, the newest first; several are read at once", async () => {
    const caller = await merchant();
    for (let i = 0; i < 5; i++) await shop.open(context(await caller()), input);
    const [{ n } = { n: 0 }] = await admin("select count(*)::int as n from shop.shop");
    const ids: Id<"shop">[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page = expectDone(await shop.list(context(), { limit: 2, ...(cursor && { cursor }) })) as {
        items: { id: Id<"shop"> }[];
        next: string | null;
      };
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    assert.equal(ids.length, n);
    assert.deepEqual(ids, [...ids].sort().reverse());
    const unknown = newId<"shop">(1, Date.now());
    const found = expectDone(await shop.getMany(context(), { ids: [...ids, unknown] }));
    assert.deepEqual(found.map(({ id }) => id).sort(), [...ids].sort());
    assert.deepEqual(await shop.getMany(context(), { ids: [] }), []);
  });
});

describe("the name in the address", () => {
  test("accents go, letters of every script and their marks stay", () => {
    const slugs = {
      "Café Ünïcode & Söhne": "cafe-unicode-sohne",
      "  Harbour -- Linen!  ": "harbour-linen",
      "İstanbul Ipek": "istanbul-ipek",
      東京ガーデン: "東京ガーデン",
      "한국 가게": "한국-가게",
      "कपड़े की दुकान": "कपड़े-की-दुकान".normalize("NFC"),
      "№ 1 ½": "no-1-1-2",
      "😀": "shop",
      "": "shop",
    };
    for (const [name, slug] of Object.entries(slugs)) assert.equal(slugOf(name), slug, name);
  });

  test("whatever the name: 1 to 80 letters, digits and single hyphens, none at an end, and a slug is its own", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 100 }), (name) => {
        const slug = slugOf(name);
        assert.match(slug, /^[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*$/u);
        assert.ok([...slug].length <= 80 && slug.isWellFormed());
        assert.equal(slugOf(slug), slug);
      }),
    );
  });
});
