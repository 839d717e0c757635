import { readdir, rm, statfs } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { migrationsOf, schemas } from "#apps/server/set-up";
import { systemClock } from "#kernel/clock";
import { chooseDataRoot } from "#launcher/data-root";
import { holdDirectory, lookAtInstance } from "#launcher/instance";
import { readJson } from "#launcher/json-file";
import { LaunchRefused } from "#launcher/refused";
import {
  abandonReplacement,
  beginReplacement,
  decideReplacement,
  finishReplacement,
  hasData,
} from "#launcher/replacement";
import type { Manifest } from "#platform/backup/manifest";
import { readBackup, takeNothing } from "#platform/backup/read";
import { type Level, levelOf } from "#platform/database/drivers/pg-portable";
import { inWords as verdictInWords } from "./audit.ts";
import { count, countsOf } from "./backup.ts";
import { databasePartOf } from "./database-part.ts";
import { endLeftFaults } from "./end-faults.ts";
import { checkout, type InstanceOptions } from "./instance.ts";
import { interrupted } from "./interrupt.ts";
import { makeRoom } from "./make-room.ts";
import { wholeFrom } from "./numbers.ts";
import { stopOrphans } from "./orphans.ts";
import { type Levels, type Refill, refill, type Says } from "./refill.ts";
import { CommandRefused } from "./refusals.ts";
import { stageOf } from "./stage.ts";

interface RestoreOptions extends InstanceOptions {
  /** Absent: the stage that the backup was made at. */
  readonly stage?: number;
  readonly install?: true;
  readonly force?: true;
  readonly verbose?: true;
  readonly json?: true;
}

/** `storey restore`: makes an instance from a backup, and says whether its invariants hold. Exits with 2 if not. */
export function restoreCommand(): Command {
  return new Command("restore")
    .description("Make an instance from a backup, at any stage, check it, and say the verdict.")
    .argument("<file>", "what `backup` wrote")
    .option("--name <name>", "which instance to make", "shop")
    .option("--stage <number>", "at which stage (default: the one the backup was made at)", wholeFrom(1))
    .option("--install", "install what the distribution must bring for its databases, without asking")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--force", "where there is data already: put it aside (it is never deleted)")
    .option("--verbose", "say what arrives in each table, too")
    .option("--json", "say what was restored, and the audit's report, as JSON")
    .addHelpText(
      "after",
      "\nCarries a shop to another stage, too: its rows, its uploads and its secrets; not its flags, its logs or its TLS.\n" +
        "Exits with 0 if every invariant holds, 2 if not.\n\n" +
        "Examples: storey restore shop-2026-05-01.storey --name again\n" +
        "          storey restore shop-2026-05-01.storey --name grown --stage 2",
    )
    .action(async (file: string, options: RestoreOptions) => {
      const say = options.json ? () => undefined : (line: string) => console.log(line);
      const path = resolve(file);
      const { manifest, stage, report, aside } = await restore(path, options, say);
      if (!report.clean) process.exitCode = 2;
      if (options.json) {
        console.log(
          JSON.stringify({
            instance: options.name,
            stage,
            madeAt: manifest.madeAt,
            madeBy: manifest.product,
            madeAtStage: manifest.instance.stage,
            ...countsOf(manifest),
            aside,
            report,
          }),
        );
        return;
      }
      const { rows, files } = countsOf(manifest);
      say(verdictInWords(report));
      if (aside) say(`The data that was there before is in ${aside}. Remove it when you no longer need it.`);
      say(
        `${options.name} is at stage ${stage}, and as it was at ${manifest.madeAt}: ${count(rows)} rows and ` +
          `${count(files)} files. Start it: ./storey up --name ${options.name}`,
      );
    });
}

/**
 * Checks the whole file, makes everything beside what is there, and puts it in place by one rename at the end: until
 * then nothing has changed, and a restore that was killed is refused by `up` and done over by the next one.
 */
export async function restore(path: string, options: RestoreOptions, say: (line: string) => void) {
  const detail = options.verbose ? say : () => undefined;
  const signal = interrupted();
  const dataRoot = await chooseDataRoot(checkout, options.data);
  say(`Checking ${path} …`);
  let secrets = "";
  const manifest = await readBackup(
    path,
    {
      ...takeNothing,
      secrets: async (text) => {
        secrets = text;
      },
    },
    signal,
  );
  const { instance, product, madeAt } = manifest;
  const stage = options.stage ?? instance.stage;
  say(`${instance.name} at stage ${instance.stage}, backed up at ${madeAt} by version ${product}.`);
  const levels = await levelsOf(path, manifest);
  await makeRoom(databasePartOf(stageOf(stage)), { install: options.install === true, say: detail });
  const held = await holdDirectory({ name: options.name, dataRoot });
  const what = { path, manifest, levels, secrets, name: options.name, stage };
  try {
    const done = await replaceBy(what, held.directory, options.force === true, { say, detail }, signal);
    return { manifest, stage, ...done };
  } finally {
    await letGo(held);
  }
}

async function replaceBy(what: Refill, directory: string, force: boolean, says: Says, signal: AbortSignal) {
  const { manifest } = what;
  if (!force && (await hasData(directory))) throw notEmpty(directory);
  await requireSpace(directory, manifest);
  await finishReplacement(directory);
  await endFaultsOf(directory, says.say);
  await stopAllOrphans(directory);
  const place = await beginReplacement(directory);
  try {
    const { rows, files } = countsOf(manifest);
    says.say(`Restoring ${count(rows)} rows and ${count(files)} files at stage ${what.stage} …`);
    const report = await refill(place, what, says, signal);
    const aside = await decideReplacement(directory, new Date(systemClock.now()));
    return { report, aside };
  } catch (error) {
    await stopAllOrphans(directory);
    await abandonReplacement(directory);
    throw await explain(directory, error);
  }
}

/** What a supervisor that was killed left on: data may lie under another disk. */
async function endFaultsOf(directory: string, say: (line: string) => void): Promise<void> {
  const instance = await lookAtInstance({ name: basename(directory), dataRoot: dirname(directory) });
  if (instance) await endLeftFaults(instance, say);
}

/** Servers whose launcher was killed, of the data in place and of a restore that was interrupted. */
async function stopAllOrphans(directory: string): Promise<void> {
  for (const at of [directory, join(directory, "restoring")]) {
    const { stage } = (await readJson<{ stage: number }>(join(at, "instance.json"))) ?? {};
    await stopOrphans({ directory: at, stage: stage ?? 1 });
  }
}

/** Lets the directory go, and takes it away where nothing has come into it. */
async function letGo({ directory, lock }: Awaited<ReturnType<typeof holdDirectory>>): Promise<void> {
  const found = await readdir(directory).catch(() => []);
  const isBare = found.every((name) => name.startsWith("lock"));
  lock.release();
  if (isBare) await rm(directory, { recursive: true, force: true });
}

const notEmpty = (directory: string) =>
  new LaunchRefused(
    "launch.not_empty",
    `${directory} holds a shop already. Restore under another --name, or add --force to put that one aside.`,
  );

/** Which migrations each schema of the backup has had. Refuses a backup of a newer or an altered version. */
async function levelsOf(path: string, manifest: Manifest): Promise<Levels> {
  const levels: Levels = new Map();
  const known = new Set<string>(schemas);
  for (const schema of manifest.schemas) {
    const level: Level = known.has(schema.name)
      ? levelOf(schema, await migrationsOf(schema.name))
      : { kind: "newer", migration: "its tables" };
    if (level.kind !== "known") throw otherVersion(path, manifest.product, schema.name, level);
    levels.set(schema.name, level.migrations);
  }
  return levels;
}

function otherVersion(
  path: string,
  product: string,
  schema: string,
  { kind, migration }: { kind: "newer" | "altered"; migration: string },
): CommandRefused {
  const next = `Restore it with version ${product}. Nothing was changed.`;
  return kind === "newer"
    ? new CommandRefused(
        "restore.newer",
        `${path} was made by a newer version (${schema} has ${migration}). ${next}`,
      )
    : new CommandRefused(
        "restore.altered",
        `${path} was made by a version in which ${schema}/${migration} was another file. ${next}`,
      );
}

/** An empty cluster and its log; the rows of the backup take at least as much room in it. */
const clusterBytes = 100e6;

async function requireSpace(directory: string, manifest: Manifest): Promise<void> {
  const tables = manifest.schemas.flatMap((schema) => schema.tables);
  const needed =
    clusterBytes + manifest.files.bytes + tables.reduce((bytes, table) => bytes + table.bytes, 0);
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize > needed) return;
  throw new CommandRefused(
    "restore.disk_full",
    `${directory} needs ${Math.ceil(needed / 1e6)} MB and has ${Math.floor((bavail * bsize) / 1e6)}. Free some space or choose another directory with --data. Nothing was changed.`,
  );
}

/** A disk that filled up shows in many ways: in our writes, in the database's words, in its end. */
async function explain(directory: string, error: unknown): Promise<unknown> {
  const { code } = error as { code?: string };
  const { bavail, bsize } = await statfs(directory);
  const isFull = code === "ENOSPC" || code === "EDQUOT" || code === "53100" || bavail * bsize < 16e6;
  if (!isFull || error instanceof LaunchRefused) return error;
  return new CommandRefused(
    "restore.disk_full",
    `The disk that holds ${directory} is full. Free some space or choose another directory with --data. Nothing was changed, and nothing was left behind.`,
  );
}
