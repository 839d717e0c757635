import type { Dirent } from "node:fs";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { isoTime, systemClock } from "#kernel/clock";
import type { InstanceFacts } from "#launcher/instance";
import { secretsName } from "#launcher/secrets";
import { formatVersion, type Head, type Manifest } from "#platform/backup/manifest";
import { type FileSource, type SchemaSource, writeBackup } from "#platform/backup/write";
import { openSnapshot, type PortableSnapshot } from "#platform/database/drivers/pg-portable";
import { uploadsOf } from "./database-part.ts";
import { checkout, databaseName, type InstanceOptions } from "./instance.ts";
import { interrupted } from "./interrupt.ts";
import { backUpBase, reachPast } from "./past.ts";
import { type Reached, reachInstance } from "./reach.ts";
import { CommandRefused } from "./refusals.ts";
import { versionOf } from "./release.ts";
import { seedOf } from "./seed-once.ts";

/** `storey backup`: everything an instance is, as one file that any later version restores. */
export function backupCommand(): Command {
  return new Command("backup")
    .description("Write everything the shop has into one file, while it runs or rests.")
    .argument("[file]", "the file to make, such as shop-2026-05-01.storey; it must not exist yet")
    .option("--at <time>", "as it was at a moment, such as 2026-05-01T12:30:00Z (from stage 5 on)", momentOf)
    .option("--base", "copy the database into its archive instead: `--at` can reach all that comes after")
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "say what was written as one line of JSON")
    .addHelpText(
      "after",
      "\nThe file holds the instance's secrets and its customers' data: keep it where only you can read it.\n\n" +
        "Examples: storey backup shop-2026-05-01.storey\n" +
        "          storey backup before-the-mistake.storey --at 2026-05-01T12:30:00Z",
    )
    .action(async (file: string | undefined, options: BackupOptions) => {
      const say = options.json ? () => undefined : (line: string) => console.log(line);
      const startedAt = performance.now();
      if (options.base) {
        const made = await backUpBase(options, say);
        console.log(
          options.json ? JSON.stringify(made) : `${made.directory}: reaches on from ${made.endedAt}.`,
        );
        return;
      }
      if (file === undefined) throw new CommandRefused("backup.no_file", "Say which file to make.");
      const path = resolve(file);
      const reached = options.at
        ? await reachPast(options, options.at, say)
        : await reachInstance(options, say);
      try {
        const manifest = await backUp(reached, path, say, interrupted());
        const summary = {
          file: path,
          bytes: (await stat(path)).size,
          madeAt: manifest.madeAt,
          madeBy: manifest.product,
          stage: manifest.instance.stage,
          ...countsOf(manifest),
        };
        if (options.json) console.log(JSON.stringify(summary));
        else say(inWords(summary, performance.now() - startedAt));
      } finally {
        await reached.close();
      }
    });
}

interface BackupOptions extends InstanceOptions {
  readonly at?: Date;
  readonly base?: true;
  readonly json?: true;
}

/** A moment with its zone: without one, people in two places mean two moments. */
function momentOf(text: string): Date {
  const moment = new Date(text);
  if (/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) && !Number.isNaN(moment.getTime())) return moment;
  throw new InvalidArgumentError("It is a time with its zone, such as 2026-05-01T12:30:00Z.");
}

/** What a backup counts, for people and machines. */
export function countsOf(manifest: Manifest): { tables: number; rows: number; files: number } {
  const tables = manifest.schemas.flatMap((schema) => schema.tables);
  return {
    tables: tables.length,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    files: manifest.files.count,
  };
}

const inWords = (
  made: { file: string; bytes: number; stage: number; tables: number; rows: number; files: number },
  ms: number,
) =>
  `${made.file}: the shop at stage ${made.stage}, ${count(made.rows)} rows of ${made.tables} tables and ${count(made.files)} files in ` +
  `${(made.bytes / 1e6).toFixed(1)} MB, ${(ms / 1_000).toFixed(1)} s.`;

export const count = (number: number): string => number.toLocaleString("en");

/**
 * Writes the instance as it is at one moment: all tables are read in one snapshot. The files are read after it; they
 * are named by their content and written before the rows that name them, so none is missing.
 */
export async function backUp(
  reached: Reached,
  path: string,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<Manifest> {
  const { facts } = reached;
  const product = versionOf(checkout);
  const seeded = await seedOf(facts.directory);
  const uploads = await uploadsOf(facts);
  const snapshot = await openSnapshot({ ...reached.server, database: databaseName }).catch(refuseEmpty);
  try {
    return await writeBackup(
      path,
      {
        head: {
          format: formatVersion,
          product,
          madeAt: isoTime(reached.asOf?.getTime() ?? systemClock.now()),
          instance: { ...describe(facts), ...(seeded ? { seeded } : {}) },
          server: snapshot.serverVersion,
        },
        secrets: await readFile(join(facts.directory, secretsName), "utf8"),
        schemas: snapshot.schemas.map((schema) => sourceOf(snapshot, schema)),
        files: () => filesIn(uploads.directory, ""),
      },
      ({ name, tables }) => say(`${name}: ${count(tables.reduce((sum, table) => sum + table.rows, 0))} rows`),
      signal,
    );
  } finally {
    await snapshot.close();
  }
}

const describe = ({ name, stage, createdAt, purpose }: InstanceFacts): Head["instance"] => ({
  name,
  stage,
  createdAt: createdAt.toISOString(),
  ...(purpose ? { purpose } : {}),
});

const noSuchDatabase = "3D000";

function refuseEmpty(error: unknown): never {
  if ((error as { code?: string }).code !== noSuchDatabase) throw error;
  throw new CommandRefused(
    "instance.none",
    "This instance has no shop yet: it was never started to the end.",
  );
}

function sourceOf(snapshot: PortableSnapshot, schema: PortableSnapshot["schemas"][number]): SchemaSource {
  return {
    name: schema.name,
    migrations: schema.migrations,
    tables: schema.tables.map((table) => ({ ...table, rows: () => snapshot.rows(schema, table) })),
  };
}

/** Files on their way in are not yet anybody's. */
const unfinished = "incoming";

async function* filesIn(directory: string, under: string): AsyncGenerator<FileSource, void> {
  const entries = await readdir(join(directory, under), { withFileTypes: true }).catch(noneYet);
  entries.sort((a: Dirent, b: Dirent) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = under === "" ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory() && path !== unfinished) yield* filesIn(directory, path);
    else if (entry.isFile()) {
      const size = await sizeOf(join(directory, path));
      if (size !== undefined) yield { path, size, bytes: () => bytesOf(join(directory, path)) };
    }
  }
}

/** Who keeps uploads for all makes the directory at its first start. */
function noneYet(error: NodeJS.ErrnoException): Dirent[] {
  if (error.code === "ENOENT") return [];
  throw error;
}

/** Undefined when the file was deleted since its directory was read. */
const sizeOf = (path: string) =>
  stat(path).then(
    (found) => found.size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    },
  );

async function* bytesOf(path: string): AsyncGenerator<Buffer, void> {
  const file = await open(path);
  yield* file.createReadStream();
}
