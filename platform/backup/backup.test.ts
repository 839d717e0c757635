import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { formatVersion } from "./manifest.ts";
import { readBackup, takeNothing } from "./read.ts";
import { type BackupCode, BackupRefused } from "./refused.ts";
import { type BackupSource, writeBackup } from "./write.ts";

const directory = mkdtempSync(join(tmpdir(), "storey-backup-"));
after(() => rmSync(directory, { recursive: true, force: true }));
let made = 0;
const newPath = () => join(directory, `${++made}.storey`);

interface Contents {
  readonly tables: Readonly<Record<string, readonly Buffer[]>>;
  readonly files: Readonly<Record<string, Buffer>>;
}

const each = async function* <T>(items: Iterable<T>) {
  yield* items;
};

const sourceOf = ({ tables, files }: Contents): BackupSource => ({
  head: {
    format: formatVersion,
    product: "0.1.0",
    madeAt: "2026-05-01T10:00:00.000Z",
    instance: { name: "shop", stage: 1, createdAt: "2026-04-01T10:00:00.000Z" },
    server: "18.4",
  },
  secrets: '{"root":"not a real one"}\n',
  schemas: [
    {
      name: "order",
      migrations: [{ name: "001-create.sql", digest: "0123456789abcdef" }],
      tables: Object.entries(tables).map(([name, rows]) => ({
        name,
        columns: ["a"],
        rows: () => each(rows),
      })),
    },
  ],
  files: () =>
    each(
      Object.entries(files).map(([path, body]) => ({ path, size: body.length, bytes: () => each([body]) })),
    ),
});

const write = (path: string, contents: Contents) => writeBackup(path, sourceOf(contents), () => undefined);

async function read(path: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const whole = async (bytes: AsyncIterable<Buffer>) => {
    const parts: Buffer[] = [];
    for await (const piece of bytes) parts.push(Buffer.from(piece));
    return Buffer.concat(parts).toString("latin1");
  };
  await readBackup(path, {
    secrets: async (text) => {
      found["secrets"] = text;
    },
    table: async (schema, table, rows) => {
      found[`${schema}.${table}`] = await whole(rows);
    },
    file: async (name, bytes) => {
      found[`/${name}`] = await whole(bytes);
    },
  });
  return found;
}

const refuses = (path: string, ...codes: BackupCode[]) =>
  assert.rejects(readBackup(path), (error: BackupRefused) => {
    assert.ok(error instanceof BackupRefused, String(error));
    assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
    return true;
  });

function decompressed(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

const sample: Contents = {
  tables: { orders: [Buffer.from("1\tpaid\n"), Buffer.from("2\t\\N\n")], checkout: [] },
  files: { "ab/picture.svg": Buffer.from("<svg/>"), "ab/empty": Buffer.alloc(0) },
};

describe("a backup", () => {
  it("gives back what was put in, whatever its size", async () => {
    const rows = fc.array(fc.uint8Array({ maxLength: 2_000 }).map((b) => Buffer.from([...b, 10])));
    const contents = fc.record({
      tables: fc.dictionary(fc.stringMatching(/^[a-z_]{1,20}$/), rows, { maxKeys: 4 }),
      files: fc.dictionary(
        fc.stringMatching(/^[0-9a-f]{2}\/[0-9a-f]{1,64}[.]svg$/),
        fc.uint8Array({ maxLength: 3_000 }).map((b) => Buffer.from(b)),
        { maxKeys: 4 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(contents, async (given) => {
        const path = newPath();
        await write(path, given);
        const expected: Record<string, string> = { secrets: '{"root":"not a real one"}\n' };
        for (const [name, all] of Object.entries(given.tables))
          if (all.length > 0) expected[`order.${name}`] = Buffer.concat(all).toString("latin1");
        for (const [name, body] of Object.entries(given.files))
          expected[`/${name}`] = body.toString("latin1");
        assert.deepEqual(await read(path), expected);
      }),
      { numRuns: 30 },
    );
  });

  it("cuts a large table into parts and gives it back as one", async () => {
    const row = Buffer.from(`${"x".repeat(299_999)}\n`);
    const path = newPath();
    const manifest = await write(path, {
      tables: { large: Array.from({ length: 20 }, () => row) },
      files: {},
    });
    assert.equal(manifest.schemas[0]?.tables[0]?.rows, 20);
    const listed = execFileSync("tar", ["tzf", path], { encoding: "utf8" }).trim().split("\n");
    assert.equal(listed.filter((name) => name.startsWith("tables/order/large/")).length, 5);
    const all = (await read(path))["order.large"] ?? "";
    const expected = createHash("sha256").update(row.toString().repeat(20)).digest("hex");
    assert.equal(createHash("sha256").update(all).digest("hex"), expected);
  });

  it("is nobody's but its writer's to read, and never written over", async () => {
    const path = newPath();
    await write(path, sample);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    await assert.rejects(write(path, sample), { code: "backup.file_exists" });
    await assert.rejects(write(join(directory, "no/such/place"), sample), { code: "backup.unwritable" });
  });

  it("leaves nothing behind when it could not be finished", async () => {
    const path = newPath();
    const broken = async function* () {
      yield Buffer.from("1\n");
      throw new Error("the database went away");
    };
    const table = { name: "orders", columns: ["a"], rows: broken };
    const source = { ...sourceOf(sample), schemas: [{ name: "order", migrations: [], tables: [table] }] };
    await assert.rejects(
      writeBackup(path, source, () => undefined),
      /the database went away/,
    );
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.startsWith(`${made}.`)),
      [],
    );
  });

  it("is refused with a bit flipped, wherever that changes what it holds", async () => {
    const path = newPath();
    await write(path, sample);
    const whole = readFileSync(path);
    const contents = gunzipSync(whole);
    let refused = 0;
    for (let at = 0; at < whole.length; at += 1) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(path, flipped);
      // Some bits say nothing: when it was compressed, and lengths of codes that are not used.
      if (decompressed(flipped)?.equals(contents)) continue;
      await refuses(path, "backup.damaged", "backup.truncated", "backup.not_a_backup");
      refused += 1;
    }
    assert.ok(refused > whole.length * 0.8, `${refused} of ${whole.length}`);
  });

  it("is refused when its contents were changed and compressed anew", async () => {
    const path = newPath();
    await write(path, sample);
    const bytes = gunzipSync(readFileSync(path));
    for (const [was, is] of [
      ["1\tpaid\n", "1\tfree\n"],
      ["<svg/>", "<gif/>"],
      ["ab/picture.svg", "ab/picturE.svg"],
      ["not a real one", "not a real 1ne"],
    ] as const) {
      const changed = Buffer.from(bytes.toString("latin1").replace(was, is), "latin1");
      writeFileSync(path, gzipSync(changed));
      await refuses(path, "backup.damaged");
    }
  });

  it("is refused wherever it is cut", async () => {
    const path = newPath();
    await write(path, sample);
    for (let length = statSync(path).size - 1; length > 20; length -= 7) {
      truncateSync(path, length);
      await refuses(path, "backup.truncated");
    }
    const archive = newPath();
    await write(archive, sample);
    // As a program would cut it that knows the compression.
    writeFileSync(archive, gzipSync(gunzipSync(readFileSync(archive)).subarray(0, 2_048)));
    await refuses(archive, "backup.truncated");
  });

  it("of a newer format is refused, and so is what is no backup", async () => {
    const path = newPath();
    const newer = sourceOf(sample);
    await writeBackup(
      path,
      { ...newer, head: { ...newer.head, format: formatVersion + 1 } },
      () => undefined,
    );
    await refuses(path, "backup.newer_format");
    for (const text of ["", "what is this\n"]) {
      const other = newPath();
      writeFileSync(other, text);
      await refuses(other, "backup.not_a_backup", "backup.truncated");
    }
    writeFileSync(path, gzipSync("what is this"));
    await refuses(path, "backup.not_a_backup", "backup.truncated");
    await refuses(join(directory, "missing"), "backup.no_file");
  });

  it("never names a file outside its directory", async () => {
    const path = newPath();
    await write(path, { tables: {}, files: { "../../etc/cron.d/evil": Buffer.from("x") } });
    await assert.rejects(readBackup(path, takeNothing), { code: "backup.damaged" });
  });

  it("stops when told to, and leaves nothing behind", async () => {
    const path = newPath();
    const abort = new AbortController();
    const endless = async function* () {
      for (let i = 0; ; i += 1) {
        if (i === 1_000) abort.abort();
        yield Buffer.from(`${i}\n`);
        if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const table = { name: "orders", columns: ["a"], rows: endless };
    const source = { ...sourceOf(sample), schemas: [{ name: "order", migrations: [], tables: [table] }] };
    await assert.rejects(
      writeBackup(path, source, () => undefined, abort.signal),
      { code: "backup.interrupted" },
    );
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.startsWith(`${made}.`)),
      [],
    );
  });
});
