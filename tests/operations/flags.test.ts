import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Doors } from "#apps/server/compose";
import { switchedDoors } from "#apps/server/switched-doors";
import { product } from "#apps/storefront/data/product";
import { databaseName, type OpenInstance, openInstanceWithDatabase } from "#commands/instance";
import { expectDone, isRefusal } from "#kernel/refusal";
import { openFileConfig } from "#platform/config/drivers/file";
import { connectAdministrator } from "#platform/database/drivers/pg-administrator";
import { type FlagName, flagNames } from "#platform/flags/api";
import { openFlags } from "#platform/flags/open";
import { run } from "../boundaries/tools.ts";
import { type Market, openMarket } from "../contracts/cost-market.ts";
import { costOf } from "../contracts/cost-pages.ts";
import { again, anyone } from "../contracts/cost-party.ts";
import { buyer, categories, merchant, order, password, person, sell } from "../support/people.ts";
import { problemIn } from "../support/problem.ts";
import { type Served, serve } from "../support/served.ts";
import { openShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

describe("what is switched off", () => {
  let market: Market;
  let doors: Doors;
  const off = new Set<FlagName>();
  const flags = { isOn: (name: FlagName) => !off.has(name) };
  before(async () => {
    market = await openMarket();
    doors = switchedDoors(market.doors, flags);
  });
  after(() => market.close());
  /** Which statements `work` sends with a flag on, and with it off. */
  const withAndWithout = async (name: FlagName, work: (turn: string) => Promise<unknown>) => {
    off.clear();
    const on = await market.sentBy(() => work("on"));
    off.add(name);
    const without = await market.sentBy(() => work("off"));
    off.clear();
    return { on, without };
  };

  it("facets: a listing counts nothing to narrow down by, and says nothing of it", async () => {
    // Another shelf each time, so that nothing is remembered of the time before.
    const listing = (turn: string) =>
      doors.search.list(anyone, { category: "cups-1", priceFrom: turn === "on" ? 1 : 2, facets: true });
    const { on, without } = await withAndWithout("facets", listing);
    off.add("facets");
    const listed = expectDone(await listing("off"));
    const found = expectDone(await doors.search.find(anyone, { q: "cup" }));
    off.clear();
    assert.ok(listed.items.length > 0 && found.items.length > 0);
    assert.deepEqual([listed.facets, found.facets], [undefined, undefined]);
    assert.deepEqual(without, ["search.shelf_newest", "search.shelf_size"]);
    assert.ok(on.length > without.length, on.join());
    assert.ok(expectDone(await doors.search.find(anyone, { q: "cup" })).facets);
  });

  it("suggestions: a key press reaches no database", async () => {
    const asked = () => doors.search.suggest(anyone, { q: "cu" });
    const { on, without } = await withAndWithout("suggestions", asked);
    assert.deepEqual([on.length, without.length], [1, 0]);
  });

  it("related products: a product's page asks for none, and shows none", async () => {
    const { id, slug } = market.parties.few.product;
    const page = () => costOf(market, product, { params: { id, slug } }, flags);
    off.clear();
    const on = await page();
    off.add("relatedProducts");
    const without = await page();
    off.clear();
    assert.equal(without.length, on.length - 1, without.join());
    assert.ok(!without.some((each) => each.startsWith("search.")), without.join());
  });

  it("imports and registrations: refused before anything is read, hashed or written", async () => {
    const someone = { email: "late@example.com", name: "Late", password: "correct horse battery" };
    const csv = { shop: market.shop, csv: "Handle,Title\na,A" };
    for (const [name, work] of [
      ["registrations", () => doors.account.register(anyone, someone)],
      ["imports", () => doors.catalog.importCsv(again(anyone), csv)],
    ] as const) {
      off.add(name);
      const sent = await market.sentBy(async () => {
        const outcome = await work();
        assert.ok(isRefusal(outcome) && (outcome.refusal as string) === "request.switched_off", name);
      });
      assert.deepEqual(sent, []);
      off.clear();
    }
  });

  it("all of it: an order is placed and paid as ever, at the same cost", async () => {
    const { context, product: cups, address } = market.parties.few;
    const buy = async () => {
      const asked = { lines: cups.skus.map(({ id }) => ({ sku: id, quantity: 1 })), address };
      const { digest } = expectDone(await doors.order.quote(context, asked));
      const placed = expectDone(await doors.order.place(again(context), { ...asked, quote: digest }));
      expectDone(await doors.order.pay(again(context), { checkout: placed.id, provider: "sandbox" }));
    };
    const on = await market.sentBy(buy);
    for (const name of flagNames) off.add(name);
    assert.deepEqual(await market.sentBy(buy), on);
    off.clear();
  });
});

describe("flags of two application processes", () => {
  let data: string;
  let open: OpenInstance;
  let one: Served;
  let two: Served;
  let operator: string;
  before(async () => {
    data = await mkdtemp(join(tmpdir(), "storey-flags-"));
    // Its server's own user passes through.
    await chmod(data, 0o711);
    open = await openInstanceWithDatabase({ name: "shop", data }, () => undefined);
    [one, two] = await Promise.all([serve(open, "app-1"), serve(open, "app-2")]);
    operator = await operatorIn(open, one);
  });
  after(async () => {
    await Promise.all([one?.stop(), two?.stop()]);
    await open?.close();
    await rm(data, { recursive: true, force: true });
  });
  const set = (served: Served, name: string, body: unknown, token: string | undefined = operator) =>
    fetch(`${served.url}/api/v1/operations/flags/${name}`, {
      method: "PUT",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
  const flagsOf = async (served: Served) =>
    expectDone(await served.client.as({ token: operator }).operations.flags({}));
  const isOn = async (served: Served, name: FlagName) =>
    (await flagsOf(served)).items.find((each) => each.name === name)?.on;
  const storey = (...args: string[]) =>
    run(process.execPath, ["cli.ts", "flag", ...args, "--data", data, "--name", "shop"]);

  it("set at one are in force at the other within a second", async () => {
    assert.equal((await set(one, "registrations", { on: false })).status, 200);
    const someone = { email: "flagged@example.com", name: "Flagged", password };
    const refusedAtOnce = await one.client.account.register(someone);
    assert.ok(isRefusal(refusedAtOnce), "it holds at once where it was set");
    await until(async () => (await isOn(two, "registrations")) === false, 1_000);
    const answer = await fetch(`${two.url}/api/v1/accounts`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
      body: JSON.stringify(someone),
    });
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
    await problemIn(answer, 503, "request.switched_off");
    assert.equal((await set(two, "registrations", { on: true })).status, 200);
    await until(async () => (await isOn(one, "registrations")) === true, 1_000);
  });

  it("are turned from the command line, which says what they are", async () => {
    const { code, output } = await storey("facets", "off", "--json");
    assert.equal(code, 0, output);
    assert.equal(JSON.parse(output)[0].on, false);
    await until(async () => (await isOn(one, "facets")) === false, 1_000);
    await until(async () => (await isOn(two, "facets")) === false, 1_000);
    assert.match((await storey()).output, /facets +off \(set by hand\)/);
    for (const [args, code] of [
      [["teleport", "off"], "flag.unknown"],
      [["facets", "maybe"], "flag.bad_state"],
    ] as const) {
      const refused = await storey(...args, "--json");
      assert.equal(refused.code, 1);
      assert.equal(JSON.parse(refused.output).code, code);
    }
    await storey("facets", "on");
    for (const each of [one, two]) await until(async () => (await isOn(each, "facets")) === true, 1_000);
  });

  it("are refused when they do not exist, have another value, or are not one's to turn", async () => {
    await problemIn(await set(one, "teleport", { on: false }), 404, "operations.unknown_flag");
    await problemIn(await set(one, "facets", { on: "off" }), 400, "request.invalid");
    await problemIn(await set(one, "facets", {}), 400, "request.invalid");
    await problemIn(await set(one, "facets", { on: false }, ""), 401, "request.unauthenticated");
    const { token } = await person({ ...one, quiet: async () => undefined });
    await problemIn(await set(one, "facets", { on: false }, token), 403, "request.forbidden");
    assert.equal(await isOn(one, "facets"), true);
  });

  it("keep what held when their file is damaged, and say so to operators", async () => {
    await set(one, "imports", { on: false });
    await until(async () => (await isOn(two, "imports")) === false, 1_000);
    await writeFile(join(open.instance.paths.settings, "flags.json"), '{"imports": tr');
    await until(async () => (await flagsOf(two)).problem !== null, 1_000);
    assert.equal(await isOn(two, "imports"), false);
    await set(two, "imports", { on: true });
    await until(async () => (await flagsOf(one)).problem === null, 1_000);
    assert.equal(await isOn(one, "imports"), true);
  });
});

describe("a flood of what is costly", () => {
  it("keeps buyers out, until it is switched off: then they buy while it goes on", async () => {
    const settings = await mkdtemp(join(tmpdir(), "storey-flood-"));
    const shop = await openShop({ settings, limits: { atOnce: 60 } });
    const board = await openFlags(
      openFileConfig(settings, () => undefined),
      () => undefined,
    );
    const holder = await connectAdministrator({ ...shop.db.server, database: shop.db.name });
    let goesOn = true;
    let answered = 0;
    const flood = async (who: number) => {
      for (let i = 0; goesOn; i++) {
        const answer = await fetch(`${shop.url}/api/v1/search/suggestions?q=cup${who}x${i}`);
        await answer.body?.cancel();
        if (answer.status === 200) answered += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    let flooding: Promise<unknown> | undefined;
    try {
      await categories(shop);
      const sku = (await sell(shop, await merchant(shop))).skus[0]!.id;
      const who = await buyer(shop);
      // Whatever asks search now takes for ever.
      await holder.run("begin; lock table search.product, search.word, search.card in access exclusive mode");
      flooding = Promise.all(Array.from({ length: 120 }, (_, at) => flood(at)));
      await until(async () => (await fetch(`${shop.url}/api/v1/categories`)).status === 503);
      await board.set("suggestions", false);
      const lines = [{ sku, quantity: 1 }];
      await until(async () => !isRefusal(await who.api.order.quote({ lines, address: who.address })));
      for (let i = 0; i < 5; i++) expectDone(await order(who, lines));
      assert.ok(answered > 100, `the flood ended after ${answered}`);
    } finally {
      goesOn = false;
      await holder.run("rollback");
      await flooding;
      await Promise.all([holder.close(), board.close()]);
      await shop.close();
      await rm(settings, { recursive: true, force: true });
    }
  });
});

/** Somebody new, made an operator by whoever has the database's keys; their token. */
async function operatorIn({ postgres, instance }: OpenInstance, { client }: Served): Promise<string> {
  const email = "ola@example.com";
  expectDone(await client.account.register({ email, name: "Ola", password }));
  const admin = await connectAdministrator({
    host: postgres.socketDir,
    port: postgres.port,
    database: databaseName,
    user: postgres.superuser.user,
    password: instance.superuserPassword,
  });
  await admin.run("update account.account set operator = true");
  await admin.close();
  return expectDone(await client.account.signIn({ email, password })).token;
}
