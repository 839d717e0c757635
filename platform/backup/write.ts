import { open, rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import {
  type Head,
  type Manifest,
  names,
  type SchemaManifest,
  sealedName,
  startSeal,
  type TableManifest,
} from "./manifest.ts";
import { BackupRefused, interruptedHere } from "./refused.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar.ts";

/** What goes into a backup, read while it is written. */
export interface BackupSource {
  readonly head: Head;
  readonly secrets: string;
  readonly schemas: readonly SchemaSource[];
  files(): AsyncIterable<FileSource>;
}

export interface SchemaSource extends Pick<SchemaManifest, "name" | "migrations"> {
  readonly tables: readonly TableSource[];
}

export interface TableSource extends Pick<TableManifest, "name" | "columns"> {
  /** In COPY's text format: whole rows, each of which ends with a line feed and holds no other. */
  rows(): AsyncIterable<Buffer>;
}

export interface FileSource {
  /** Relative, with slashes. */
  readonly path: string;
  /** Bytes; just as many are yielded by `bytes`. */
  readonly size: number;
  bytes(): AsyncIterable<Buffer>;
}

/** A part of a table is closed when it has reached this many bytes, after a whole row. */
const partBytes = 1 << 20;
/** 6 is the usual level. 3 makes rows a tenth larger in half the time, and pictures do not shrink anyway. */
const compression = { level: 3 };

/**
 * Writes a backup: whole, or not at all. The file is nobody's but its writer's to read (0600), because it holds the
 * instance's secrets. Throws BackupRefused: `backup.file_exists`, `backup.unwritable`, `backup.disk_full`.
 */
export async function writeBackup(
  path: string,
  source: BackupSource,
  told: (done: SchemaManifest) => void,
  signal?: AbortSignal,
): Promise<Manifest> {
  if (await stat(path).catch(() => undefined)) {
    throw new BackupRefused("backup.file_exists", `${path} exists. Choose another name, or remove it first.`);
  }
  const draft = `${path}.part`;
  try {
    const file = await open(draft, "w", 0o600);
    let manifest: Manifest | undefined;
    const archive = archiveOf(source, told, (made) => {
      manifest = made;
    });
    // `flush` syncs before it closes: a backup that was announced survives a power cut.
    await pipeline(archive, createGzip(compression), file.createWriteStream({ flush: true }), {
      ...(signal ? { signal } : {}),
    });
    await rename(draft, path);
    if (!manifest) throw new Error("a backup ended without its manifest");
    return manifest;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw explain(path, error);
  }
}

function explain(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ABORT_ERR") return interruptedHere(error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    const next = "Free some space or choose another disk. Nothing was left behind.";
    return new BackupRefused("backup.disk_full", `The disk that holds ${path} is full. ${next}`, {
      cause: error,
    });
  }
  if (["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EISDIR"].includes(code)) {
    const next = "Name a file in a directory that exists and that this user may write to.";
    return new BackupRefused(
      "backup.unwritable",
      `${path} cannot be written (${(error as Error).message}). ${next}`,
      {
        cause: error,
      },
    );
  }
  return error;
}

async function* archiveOf(
  source: BackupSource,
  told: (done: SchemaManifest) => void,
  made: (manifest: Manifest) => void,
): AsyncGenerator<Buffer, void> {
  const madeAtMs = Date.parse(source.head.madeAt);
  const whole = (name: string, text: string) => wholeEntry(name, Buffer.from(text), madeAtMs);
  yield* whole(names.head, `${JSON.stringify(source.head)}\n`);
  const secrets = startSeal();
  secrets.add(source.secrets);
  yield* whole(names.secrets, source.secrets);
  const schemas: SchemaManifest[] = [];
  for (const { name, migrations, tables } of source.schemas) {
    const done: TableManifest[] = [];
    for (const table of tables) done.push(yield* tableParts(name, table, madeAtMs));
    schemas.push({ name, migrations, tables: done });
    told({ name, migrations, tables: done });
  }
  const files = yield* fileEntries(source.files(), madeAtMs);
  const manifest: Manifest = { ...source.head, schemas, files, secrets: secrets.seal() };
  yield* whole(names.manifest, `${JSON.stringify(manifest, undefined, 1)}\n`);
  yield tarEnd();
  made(manifest);
}

function* wholeEntry(name: string, body: Buffer, madeAtMs: number): Generator<Buffer, void> {
  yield tarHeader(name, body.length, madeAtMs);
  yield body;
  yield tarPadding(body.length);
}

async function* tableParts(
  schema: string,
  table: TableSource,
  madeAtMs: number,
): AsyncGenerator<Buffer, TableManifest> {
  const seal = startSeal();
  let rows = 0;
  let part = 0;
  let waiting: Buffer[] = [];
  let bytes = 0;
  const close = () => {
    const body = Buffer.concat(waiting);
    part += 1;
    waiting = [];
    bytes = 0;
    return wholeEntry(names.part(schema, table.name, part), body, madeAtMs);
  };
  for await (const some of table.rows()) {
    seal.add(some);
    rows += countLines(some);
    waiting.push(some);
    bytes += some.length;
    if (bytes >= partBytes) yield* close();
  }
  if (bytes > 0) yield* close();
  return { name: table.name, columns: table.columns, rows, ...seal.seal() };
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

async function* fileEntries(
  files: AsyncIterable<FileSource>,
  madeAtMs: number,
): AsyncGenerator<Buffer, Manifest["files"]> {
  const seal = startSeal();
  let count = 0;
  for await (const { path, size, bytes } of files) {
    seal.add(sealedName(path, size));
    yield tarHeader(names.file(path), size, madeAtMs);
    let written = 0;
    for await (const piece of bytes()) {
      seal.add(piece);
      written += piece.length;
      yield piece;
    }
    if (written !== size) throw new Error(`${path} changed while it was backed up`);
    yield tarPadding(size);
    count += 1;
  }
  return { count, ...seal.seal() };
}
