import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { formatVersion, type Manifest, names, type Seal, sealedName, startSeal, whatIs } from "./manifest.ts";
import { BackupRefused, interruptedHere } from "./refused.ts";
import { type Entry, readTar, TarDamaged } from "./tar.ts";

/** Who takes what is in a backup. Each body has to be read to its end. */
export interface BackupSink {
  secrets(text: string): Promise<void>;
  /** Called once for a table that has rows; they are cut anywhere. */
  table(schema: string, table: string, rows: AsyncIterable<Buffer>): Promise<void>;
  file(path: string, bytes: AsyncIterable<Buffer>): Promise<void>;
}

const skip = async (bytes: AsyncIterable<Buffer>) => {
  for await (const _ of bytes);
};
/** Takes nothing: for reading a backup only to know that it is whole. */
export const takeNothing: BackupSink = {
  secrets: async () => undefined,
  table: (_schema, _table, rows) => skip(rows),
  file: (_path, bytes) => skip(bytes),
};

/**
 * Reads a backup from its beginning to its end in bounded memory and checks every count and checksum on the way; the
 * answer means that it is whole. Throws BackupRefused: `backup.no_file`, `backup.not_a_backup`,
 * `backup.newer_format`, `backup.truncated`, `backup.damaged`.
 */
export async function readBackup(
  path: string,
  sink: BackupSink = takeNothing,
  signal?: AbortSignal,
): Promise<Manifest> {
  try {
    let manifest: Manifest | undefined;
    const read = async (bytes: AsyncIterable<Buffer>) => {
      manifest = await readArchive(path, readTar(bytes), sink);
    };
    await pipeline(createReadStream(path), createGunzip(), read, { ...(signal ? { signal } : {}) });
    if (!manifest) throw damaged(path, "its manifest is missing");
    return manifest;
  } catch (error) {
    throw explain(path, error);
  }
}

function explain(path: string, error: unknown): unknown {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (code === "ABORT_ERR") return interruptedHere(error);
  if (["ENOENT", "EACCES", "EISDIR", "ENOTDIR"].includes(code)) {
    const next = "Name a backup that exists and that this user may read.";
    return new BackupRefused("backup.no_file", `${path} cannot be read (${message}). ${next}`, {
      cause: error,
    });
  }
  if (code === "Z_BUF_ERROR" || (error instanceof TarDamaged && error.truncated)) {
    const next = "Copy it again from where it was made, or use an older one. Nothing was changed.";
    return new BackupRefused("backup.truncated", `${path} is cut short. ${next}`, { cause: error });
  }
  if (code === "Z_DATA_ERROR" && message === "incorrect header check") return notABackup(path, error);
  if (code.startsWith("Z_") || error instanceof TarDamaged) return damaged(path, message, error);
  return error;
}

const notABackup = (path: string, cause?: unknown) =>
  new BackupRefused(
    "backup.not_a_backup",
    `${path} is no backup of this program. Name a file that \`backup\` made.`,
    {
      cause,
    },
  );

function damaged(path: string, how: string, cause?: unknown): BackupRefused {
  const next = "Copy it again from where it was made, or use an older one. Nothing was changed.";
  return new BackupRefused("backup.damaged", `${path} is damaged (${how}). ${next}`, { cause });
}

async function readArchive(
  path: string,
  entries: AsyncGenerator<Entry, void>,
  sink: BackupSink,
): Promise<Manifest> {
  const head = await entries.next();
  if (head.done || head.value.name !== names.head) throw notABackup(path);
  checkFormat(path, parse(path, await textOf(head.value)));
  const found = await takeAll(path, entries, sink);
  if (!found.manifest) throw damaged(path, "its manifest is missing");
  const { manifest } = found;
  const expected = new Map<string, Seal>([
    [names.secrets, manifest.secrets],
    ["files", manifest.files],
    ...manifest.schemas.flatMap(({ name, tables }) =>
      tables
        .filter((table) => table.rows > 0)
        .map((table) => [`${name}.${table.name}`, table] as [string, Seal]),
    ),
  ]);
  for (const what of new Set([...expected.keys(), ...found.seals.keys()])) {
    const [right, read] = [expected.get(what), found.seals.get(what)];
    if (right?.bytes !== read?.bytes || right?.sha256 !== read?.sha256)
      throw damaged(path, `${what} is not what was written`);
  }
  return manifest;
}

interface Found {
  readonly seals: Map<string, Seal>;
  readonly manifest: Manifest | undefined;
}

async function takeAll(path: string, entries: AsyncGenerator<Entry, void>, sink: BackupSink): Promise<Found> {
  const seals = new Map<string, Seal>();
  const files = startSeal();
  let manifest: Manifest | undefined;
  let next = await entries.next();
  while (!next.done) {
    if (manifest) throw damaged(path, "it goes on after its manifest");
    const entry: Entry = next.value;
    const what = whatIs(entry.name);
    if (what?.kind === "part") {
      const table = oneTable(entry, what, entries);
      await sink.table(what.schema, what.table, table.rows);
      const { seal, after } = table.ended();
      if (seals.has(`${what.schema}.${what.table}`)) throw damaged(path, "a table comes twice");
      seals.set(`${what.schema}.${what.table}`, seal);
      next = after;
      continue;
    }
    if (what?.kind === "file") {
      files.add(sealedName(what.path, entry.size));
      await sink.file(what.path, sealed(entry.body, files));
    } else if (entry.name === names.secrets) {
      const text = await textOf(entry);
      const seal = startSeal();
      seal.add(text);
      seals.set(names.secrets, seal.seal());
      await sink.secrets(text);
    } else if (entry.name === names.manifest) {
      manifest = parse(path, await textOf(entry)) as Manifest;
    } else throw damaged(path, `it holds ${entry.name}, which nobody knows`);
    next = await entries.next();
  }
  seals.set("files", files.seal());
  return { seals, manifest };
}

async function* sealed(bytes: AsyncIterable<Buffer>, seal: { add(bytes: Buffer): void }) {
  for await (const piece of bytes) {
    seal.add(piece);
    yield piece;
  }
}

/** The parts of one table as one stream of rows; `ended` then gives their seal and what comes after them. */
function oneTable(
  first: Entry,
  { schema, table }: { schema: string; table: string },
  entries: AsyncGenerator<Entry, void>,
) {
  const seal = startSeal();
  let after: IteratorResult<Entry, void> | undefined;
  async function* rows(): AsyncGenerator<Buffer, void> {
    let part: Entry = first;
    for (;;) {
      yield* sealed(part.body, seal);
      const next = await entries.next();
      const what = next.done ? undefined : whatIs(next.value.name);
      if (next.done || what?.kind !== "part" || what.schema !== schema || what.table !== table) {
        after = next;
        return;
      }
      part = next.value;
    }
  }
  return {
    rows: rows(),
    ended: () => {
      if (!after) throw new Error(`${schema}.${table} was not read to its end`);
      return { seal: seal.seal(), after };
    },
  };
}

async function textOf(entry: Entry): Promise<string> {
  const parts: Buffer[] = [];
  for await (const piece of entry.body) parts.push(piece);
  return Buffer.concat(parts).toString("utf8");
}

function parse(path: string, text: string): { format?: number } {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(path, "what should be JSON is not", error);
  }
}

function checkFormat(path: string, { format }: { format?: number }): void {
  if (!Number.isSafeInteger(format)) throw notABackup(path);
  if ((format ?? 0) > formatVersion) {
    throw new BackupRefused(
      "backup.newer_format",
      `${path} was made by a newer version (format ${format}; this one reads up to ${formatVersion}). Use that version.`,
    );
  }
}
