import assert from "node:assert/strict";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { after, describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compose, type Doors } from "#apps/server/compose";
import { systemClock } from "#kernel/clock";
import { newContext } from "#kernel/context";
import { type Id, newId, randomBucket, randomToken } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { openTestDatabase } from "#tests/support/database";
import { demoContext } from "./demo.ts";
import type { openDoors } from "./doors.ts";
import { importCommand } from "./import.ts";
import { type BadRow, importFile } from "./import-file.ts";
import { CommandRefused } from "./refusals.ts";

const db = await openTestDatabase();
const folder = await mkdtemp(join(tmpdir(), "storey import "));
const composition = compose({
  database: db.database,
  clock: systemClock,
  payWithinMs: 60_000,
  providers: {},
  log: (message, error) => console.error(message, error),
  counted: () => undefined,
});
const { doors } = composition;
const { catalog } = doors;
expectDone(
  await catalog.putCategories(demoContext(), {
    items: [{ slug: "shirts", parent: null, name: "Shirts", nameZh: "衬衫", position: 0, image: null }],
  }),
);

async function openShop(name = "Linen"): Promise<Id<"shop">> {
  const email = `${randomToken()}@merchant.example`;
  const owner = expectDone(
    await doors.account.register(demoContext(), { email, name: "Mo", password: "long enough" }),
  );
  const session = newId<"session">(randomBucket(), Date.now());
  const caller = { kind: "account", account: owner.id, session, operator: false, shops: [] } as const;
  const context = newContext({ ...demoContext(), caller, idempotencyKey: "shop" });
  const shipping = { flat: 0, freeAbove: null };
  return expectDone(await doors.shop.open(context, { name, region: "Porto", shipping })).id;
}

const header = "Handle,Title,Body (HTML),Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src";

/** Three rows a product: two variants and a picture. */
const productRows = (n: number, text = "Washed linen,\r\nsoft.") =>
  [
    `shirt-${n},Shirt ${n},"<p>${text}</p>",Shirts,Size,M,S-${n}-M,"1,049.00",https://x.example/${n}.png`,
    `shirt-${n},,,,,L,S-${n}-L,49.00,`,
    `shirt-${n},,,,,,,,https://x.example/${n}-b.png`,
  ].join("\r\n");

async function write(...parts: readonly string[]): Promise<string> {
  const path = join(folder, `${randomToken()}.csv`);
  await writeFile(path, parts.map((part) => `${part}\r\n`).join(""));
  return path;
}

async function load(file: string, shop: Id<"shop">, over: Partial<Parameters<typeof importFile>[0]> = {}) {
  const bad: BadRow[] = [];
  const report = await importFile({ file, shop, catalog, bad: (row) => bad.push(row), ...over });
  return { report, bad };
}

const titlesOf = async (shop: Id<"shop">, in_: Doors = doors) => {
  const titles: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const input = { shop, limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const { items, next } = expectDone(await in_.catalog.ofShop(demoContext(), input));
    titles.push(...items.map(({ title }) => title));
    if (next === null) return titles.sort();
    cursor = next;
  }
};

describe("importing a file", () => {
  after(async () => {
    await composition.bus.stop();
    await db.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("goes through it piece by piece, and a second time changes nothing", async () => {
    const shop = await openShop();
    const file = await write(`\ufeff${header}`, ...Array.from({ length: 500 }, (_, n) => productRows(n)));
    const seen: number[] = [];
    const { report, bad } = await load(file, shop, { progress: (done) => seen.push(done) });
    assert.deepEqual(bad, []);
    const counts = { rows: 1_500, products: 500, refused: 0, badRows: 0 };
    assert.deepEqual(report, { ...counts, added: 500, changed: 0, unchanged: 0 });
    assert.ok(seen.length > 5 && seen.at(-1) === 1_500, seen.join());
    assert.equal((await titlesOf(shop)).length, 500);
    assert.deepEqual((await load(file, shop)).report, { ...counts, added: 0, changed: 0, unchanged: 500 });
  });

  test("says of every bad row its line in the file, wherever its piece begins", async () => {
    const shop = await openShop();
    const good = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => productRows(from + i));
    // Of each good product the second line lies inside its description: four lines.
    const parts = [
      header,
      ...good(0, 100),
      "odd,Odd,,Oddities,,,O-1,1.00,",
      ...good(100, 101),
      ",No handle,,Shirts,,,N-1,1.00,",
      ...good(101, 201),
      "dear,Dear,,Shirts,,,D-1,free,",
      productRows(7),
      ...good(201, 211),
      'open,"Open,,Shirts,,,O-2,1.00,',
      ...good(211, 300),
    ];
    const { report, bad } = await load(await write(...parts), shop);
    const lines = parts.join("\r\n").split("\r\n");
    const lineOf = (start: string, from = 0) =>
      lines.findIndex((line, i) => i >= from && line.startsWith(start)) + 1;
    const unclosed = lineOf("open,");
    const [nameless, again] = [lineOf(",No handle"), lineOf("shirt-7,", lineOf("dear,"))];
    assert.deepEqual(
      bad.map(({ line, handle }) => [line, handle]).sort((a, b) => Number(a[0]) - Number(b[0])),
      [
        [lineOf("odd,"), "odd"],
        [lineOf("shirt-100,"), "shirt-100"],
        [nameless, null],
        [lineOf("shirt-101,"), "shirt-101"],
        [lineOf("dear,"), "dear"],
        [again, "shirt-7"],
        [lineOf("shirt-210,"), "shirt-210"],
        [unclosed, null],
        // Its description closes the quote, so that from its second row on all can be read again.
        [lineOf("shirt-211,", unclosed + 2), "shirt-211"],
      ],
    );
    assert.equal(report.badRows, bad.length);
    const missing = new Set([7, 100, 101, 210, 211]);
    const meant = Array.from({ length: 300 }, (_, n) => n).filter((n) => !missing.has(n));
    assert.deepEqual(await titlesOf(shop), meant.map((n) => `Shirt ${n}`).sort());
    assert.deepEqual([report.added, report.products - report.refused], [meant.length, meant.length]);
  });

  test("two imports of one file at once make each product once", async () => {
    const shop = await openShop();
    const file = await write(header, ...Array.from({ length: 300 }, (_, n) => productRows(n)));
    const both = await Promise.all([load(file, shop), load(file, shop)]);
    const sum = (count: "added" | "unchanged") => both[0].report[count] + both[1].report[count];
    assert.deepEqual([sum("added"), sum("unchanged")], [300, 300]);
    assert.equal((await titlesOf(shop)).length, 300);
  });

  test("broken off, it goes on where it was", async () => {
    const shop = await openShop();
    const file = await write(header, ...Array.from({ length: 300 }, (_, n) => productRows(n)));
    const stop = new AbortController();
    const progress = (done: number) => done > 300 && stop.abort();
    await assert.rejects(
      load(file, shop, { progress, signal: stop.signal }),
      /Stopped after \d+ rows. Run it again/,
    );
    const { report } = await load(file, shop);
    assert.ok(report.unchanged >= 100 && report.added >= 100, JSON.stringify(report));
    assert.equal(report.added + report.unchanged, 300);
  });

  test("a trial run changes nothing and finds what is bad", async () => {
    const shop = await openShop();
    const file = await write(header, productRows(1), "odd,Odd,,Oddities,,,O-1,1.00,");
    const { report, bad } = await load(file, shop, { dryRun: true });
    assert.deepEqual([report.added, report.refused, bad.length], [0, 1, 1]);
    assert.deepEqual(await titlesOf(shop), []);
  });

  test("a file or a shop that is none is refused as a whole", async () => {
    const shop = await openShop();
    const nowhere = newId<"shop">(randomBucket(), Date.now());
    const good = await write(header, productRows(1));
    const cases: [string, Id<"shop">, object, RegExp][] = [
      [join(folder, "none.csv"), shop, {}, /none\.csv cannot be read \(ENOENT\)/],
      [folder, shop, {}, /is no file that can be read twice/],
      [await write("a;b;c", "1;2;3"), shop, {}, /names no column Handle/],
      [await write("Handle,Title", "a,b"), shop, {}, /names no column Variant Price/],
      [
        await write("\u007fELF\u0002\u001b[31m,\ufffd"),
        shop,
        {},
        /^The first line is no text in UTF-8\. [ -~]*$/,
      ],
      [await write(""), shop, {}, /empty/],
      [good, nowhere, {}, /no shop/],
      [good, shop, { currency: "EUR" }, /in EUR; this shop sells in USD/],
      [good, shop, { category: "no-such" }, /There is no category no-such; GET .categories lists them/],
      [good, shop, { categories: { Shirts: "no-such" } }, /There is no category no-such/],
    ];
    for (const [file, to, over, reason] of cases) {
      await assert.rejects(load(file, to, over), (error: Error) => {
        assert.match(error.message, reason);
        return error instanceof CommandRefused;
      });
    }
  });

  test("reads 100,000 rows in memory that does not grow with them", { timeout: 600_000 }, async () => {
    const shop = await openShop();
    const file = join(folder, "large.csv");
    await pipeline(function* () {
      yield `${header}\r\n`;
      for (let n = 0; n < 33_334; n++) yield `${productRows(n, "Washed linen, soft. ".repeat(10))}\r\n`;
    }, createWriteStream(file));
    const bytes = (await stat(file)).size;
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const used = () => {
      collect();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    await load(await write(header, productRows(1)), shop, { dryRun: true });
    const before = used();
    let most = 0;
    let pieces = 0;
    const { report } = await load(file, shop, {
      dryRun: true,
      progress: () => {
        if (pieces++ % 50 === 0) most = Math.max(most, used());
      },
    });
    assert.deepEqual([report.rows, report.products, report.badRows], [100_002, 33_334, 0]);
    const grown = most - before;
    assert.ok(grown < 16e6, `${(grown / 1e6).toFixed(1)} MB for a file of ${(bytes / 1e6).toFixed(1)} MB`);
  });

  const open = (async () => ({
    ...composition,
    close: async () => undefined,
  })) as unknown as typeof openDoors;
  const run = async (...args: readonly string[]) => {
    const out: string[] = [];
    const errors: string[] = [];
    const { log, error } = console;
    Object.assign(console, {
      log: (line: string) => out.push(line),
      error: (line: string) => errors.push(line),
    });
    process.exitCode = 0;
    try {
      await importCommand(open)
        .exitOverride()
        .configureOutput({ writeErr: (line) => errors.push(line) })
        .parseAsync(args, { from: "user" });
      return { out: out.join("\n"), errors: errors.join("\n"), code: process.exitCode };
    } finally {
      Object.assign(console, { log, error });
      process.exitCode = 0;
    }
  };

  test("storey import exits with 0 if all is good, and with 2 if rows were bad, which it reports", async () => {
    const shop = await openShop();
    const good = await write(header, productRows(1));
    const first = await run(good, "--shop", shop);
    assert.equal(first.code, 0);
    assert.match(first.out, /^1 products in 3 rows, .* s: 1 added, 0 changed, 0 unchanged, 0 refused\.$/);
    const bad = await write(
      header,
      productRows(1),
      ...Array.from({ length: 60 }, (_, n) => `o-${n},"O ""x""",,Odd,,,O-1,1,`),
    );
    const report = join(folder, "report.csv");
    const second = await run(bad, "--shop", shop, "--report", report);
    assert.equal(second.code, 2);
    assert.match(second.out, /0 added, 0 changed, 1 unchanged, 60 refused/);
    assert.match(second.errors, /^line 6 \(o-0\): No category is called Odd/m);
    assert.match(second.errors, /and 10 more: .*report\.csv\.$/m);
    assert.equal((await readFile(report, "utf8")).trimEnd().split("\n").length, 61);
    const third = await run(bad, "--shop", shop, "--map", "Odd=shirts", "--map", "Other=shirts", "--json");
    assert.equal(third.code, 0);
    assert.equal(JSON.parse(third.out).added, 60);
    const fourth = await run(bad, "--shop", shop, "--dry-run");
    assert.match(fourth.out, /1 can be imported, 60 cannot\. Nothing was changed\.$/);
  });

  test("storey import finds the shop by its slug or its page's address, where only one has it", async () => {
    const good = await write(header, productRows(1));
    const id = await openShop("Oak & Iron");
    for (const shop of ["oak-iron", id, `http://127.0.0.1:3000/s/${id}/oak-iron`]) {
      assert.match((await run(good, "--shop", shop, "--dry-run")).out, /1 can be imported/);
    }
    await assert.rejects(run(good, "--shop", "nobody-s"), (error: CommandRefused) => {
      return error.code === "shop.none" && /No shop has the id or the slug "nobody-s"/.test(error.message);
    });
    const second = await openShop("Oak & Iron");
    await assert.rejects(run(good, "--shop", "oak-iron"), (error: CommandRefused) => {
      return error.code === "shop.several" && error.message.includes(id) && error.message.includes(second);
    });
  });

  test("storey import asks for what it needs", async () => {
    await assert.rejects(run("a.csv"), /--shop/);
    await assert.rejects(run("a.csv", "--shop", "0".repeat(13), "--map", "Shirts"), /TYPE=SLUG/);
  });
});
