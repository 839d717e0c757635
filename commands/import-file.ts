import { type FileHandle, open } from "node:fs/promises";
import type { CatalogDoor } from "#domains/catalog/api";
import { systemClock } from "#kernel/clock";
import { newContext } from "#kernel/context";
import { type Id, randomToken } from "#kernel/id";
import { isRefusal } from "#kernel/refusal";
import { type CsvGroup, type CsvGroups, groupCsv } from "#platform/files/csv-groups";
import { CommandRefused } from "./refusals.ts";

export interface BadRow {
  readonly line: number;
  readonly handle: string | null;
  readonly reason: string;
}

export interface ImportReport {
  /** Below the first line. */
  rows: number;
  products: number;
  added: number;
  changed: number;
  unchanged: number;
  /** Products left out because of bad rows. */
  refused: number;
  badRows: number;
}

export interface ImportRequest {
  readonly file: string;
  readonly shop: Id<"shop">;
  readonly catalog: Pick<CatalogDoor, "importCsv">;
  readonly category?: string | undefined;
  readonly categories?: Readonly<Record<string, string>> | undefined;
  readonly currency?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** Told after every piece: how many rows are done, and what became of them. */
  progress?(done: number, report: ImportReport): void;
  /** Told of every bad row, in the order of the file within a piece. */
  bad?(row: BadRow): void;
  /** Ends the import after the piece in hand. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A piece holds no more rows than the door lists bad ones, and no more bytes than are worth keeping in
 * memory.
 */
const pieceRows = 200;
const pieceProducts = 100;
const pieceBytes = 1_000_000;
/** What the door takes at most. */
const maxProductBytes = 5_000_000;
const pieceMs = 60_000;

/**
 * Imports a file of any size in bounded memory. It is read once to see which rows make which product, then
 * sent to the catalog piece by piece. Broken off, it is run again: what was imported is found unchanged.
 * Throws CommandRefused where no row of it can be imported.
 */
export async function importFile(request: ImportRequest): Promise<ImportReport> {
  const file = await openFile(request.file);
  try {
    const plan = await groupCsv(file.createReadStream({ start: 0, autoClose: false }), {
      called: "handle",
      keyOf,
    });
    const report = {
      rows: plan.rows,
      products: plan.keys,
      added: 0,
      changed: 0,
      unchanged: 0,
      refused: 0,
      badRows: 0,
    };
    report.refused = plan.keys - plan.groups.length;
    for (const { key, ...loss } of plan.losses) note(request, report, { ...loss, handle: key });
    await sendPieces(request, file, plan, report);
    return report;
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new CommandRefused("import.no_file", `${path} cannot be read (${error.code}). Name a CSV file.`);
  });
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new CommandRefused("import.no_file", `${path} is no file that can be read twice. Name a CSV file.`);
}

/** Only the handle is needed to cut a file; the catalog reads the rest, and says what is missing. */
function keyOf(header: readonly string[]): ((fields: readonly string[]) => string) | undefined {
  const at = header.findIndex((title) => /^(?:url ?)?handle$/i.test(title.trim()));
  return at < 0 ? undefined : (fields) => fields[at]?.trim() ?? "";
}

async function sendPieces(request: ImportRequest, file: FileHandle, plan: CsvGroups, report: ImportReport) {
  const { header, groups } = plan;
  const first = await bytesOf(file, 0, header?.end ?? 0);
  const lines = first.toString("latin1").split("\n").length - 1;
  if (groups.length === 0 && plan.losses.length === 0) await send(request, first, 2, report);
  let done = 0;
  for (const piece of piecesOf(groups)) {
    const { from = 0, line = 2, key = "" } = piece[0] ?? {};
    const to = piece.at(-1)?.end ?? from;
    if (request.signal?.aborted) throw interruptedAt(done);
    if (to - from + first.length > maxProductBytes) {
      report.refused++;
      note(request, report, { line, handle: key, reason: "The product is larger than 5 MB." });
    } else {
      const csv = Buffer.concat([first, await bytesOf(file, from, to)]);
      // In the piece the first group stands right below the header.
      await send(request, csv, line - lines + 1, report);
    }
    done += piece.reduce((sum, { rows }) => sum + rows, 0);
    request.progress?.(done, report);
  }
}

const interruptedAt = (rows: number) =>
  new CommandRefused("import.interrupted", `Stopped after ${rows} rows. Run it again to go on from there.`);

/**
 * Groups that stand side by side in the file, as many as go into one piece; a group larger than that goes
 * alone.
 */
function* piecesOf(groups: readonly CsvGroup[]): Generator<CsvGroup[]> {
  let piece: CsvGroup[] = [];
  let rows = 0;
  for (const group of groups) {
    const from = piece[0]?.from ?? group.from;
    const fits =
      piece.length < pieceProducts && rows + group.rows <= pieceRows && group.end - from <= pieceBytes;
    const isNext = piece.length === 0 || piece.at(-1)?.end === group.from;
    if (piece.length > 0 && !(fits && isNext)) {
      yield piece;
      piece = [];
      rows = 0;
    }
    piece.push(group);
    rows += group.rows;
  }
  if (piece.length > 0) yield piece;
}

async function bytesOf(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(to - from);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  if (bytesRead < bytes.length)
    throw new CommandRefused("import.file_changed", "The file became shorter: run it again.");
  return bytes;
}

async function send(
  request: ImportRequest,
  csv: Buffer,
  firstLine: number,
  report: ImportReport,
): Promise<void> {
  const { catalog, shop, category, categories, currency, dryRun } = request;
  const context = newContext({
    caller: { kind: "domain", domain: "import" },
    deadline: systemClock.now() + pieceMs,
    trace: `import-${randomToken()}`,
  });
  const text = csv.toString("utf8");
  const options = { category, categories, currency, dryRun };
  const outcome = await catalog.importCsv(context, { shop, csv: text, firstLine, ...options });
  if (isRefusal(outcome)) throw new CommandRefused(outcome.refusal, outcome.message);
  for (const count of ["added", "changed", "unchanged", "refused"] as const) report[count] += outcome[count];
  for (const row of outcome.bad) note(request, report, row);
  report.badRows += outcome.badRows - outcome.bad.length;
}

function note(request: ImportRequest, report: ImportReport, row: BadRow): void {
  report.badRows++;
  request.bad?.(row);
}
