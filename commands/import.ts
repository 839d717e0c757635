import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { Command, InvalidArgumentError } from "commander";
import { openDoors } from "./doors.ts";
import { findShop } from "./find-shop.ts";
import { type BadRow, type ImportReport, importFile } from "./import-file.ts";
import type { InstanceOptions } from "./instance.ts";
import { interrupted } from "./interrupt.ts";

interface ImportOptions extends InstanceOptions {
  /** An id, a slug or the address of its page. */
  readonly shop: string;
  readonly category?: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly currency?: string;
  readonly report?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Bad rows that are shown; `--report` has them all. */
const shownRows = 50;

/** `storey import`: fills a shop from Shopify's product CSV. Exits with 2 if some rows were bad. */
export function importCommand(open: typeof openDoors = openDoors): Command {
  return new Command("import")
    .description(
      "Add or change a shop's products from Shopify's product CSV, of any size; again is harmless.",
    )
    .argument("<file>", "the file as Shopify exports it")
    .requiredOption("--shop <shop>", "which shop sells them: its id, its slug, or the address of its page")
    .option("--category <slug>", "the category of products whose type names none")
    .option("--map <type=slug>", "the category of a type; may be repeated", typeAndSlug)
    .option("--currency <code>", "what the prices are in: refused unless the shop sells in it")
    .option("--dry-run", "check the file and change nothing")
    .option("--report <file>", "write every bad row there, as CSV")
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "say what became of it as one line of JSON")
    .addHelpText(
      "after",
      "\nExits with 0 if all rows were good, 2 if some were bad, 1 if it could not go on.\n\n" +
        "Example: storey import products.csv --shop harbour-linen --map T-Shirt=shirts --category home --dry-run",
    )
    .action((file: string, options: ImportOptions) => run(open, file, options));
}

function typeAndSlug(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [, type, slug] = /^(.+)=([a-z0-9-]+)$/.exec(text) ?? [];
  if (!type || !slug) throw new InvalidArgumentError("write TYPE=SLUG, such as T-Shirt=shirts.");
  return { ...before, [type]: slug };
}

async function run(open: typeof openDoors, file: string, options: ImportOptions): Promise<void> {
  const signal = interrupted();
  const startedAt = performance.now();
  const rates = progressLine(Boolean(options.json), startedAt);
  const bad: BadRow[] = [];
  const report = options.report === undefined ? undefined : openReport(options.report);
  const shop = await open(options, (message, error) => console.error(message, error ?? ""));
  try {
    const { id } = await findShop(shop.doors.shop, options.shop);
    const done = await importFile({
      ...options,
      shop: id,
      file,
      signal,
      catalog: shop.doors.catalog,
      categories: options.map,
      progress: rates.show,
      bad: (row) => {
        if (bad.length < shownRows) bad.push(row);
        report?.write(rowAsCsv(row));
      },
    });
    rates.clear();
    if (done.badRows > 0) process.exitCode = 2;
    if (options.json) console.log(JSON.stringify({ ...done, bad }));
    else console.log(inWords(done, bad, options, performance.now() - startedAt));
  } finally {
    rates.clear();
    await shop.close();
    if (report) await finished(report.end());
  }
}

const rowAsCsv = ({ line, handle, reason }: BadRow): string =>
  `${[String(line), handle ?? "", reason].map((text) => `"${text.replaceAll('"', '""')}"`).join(",")}\n`;

function openReport(path: string): WriteStream {
  const report = createWriteStream(path);
  report.on("error", (error: NodeJS.ErrnoException) => {
    console.error(`storey: the report cannot be written to ${path} (${error.code}).`);
  });
  report.write("Line,Handle,Reason\n");
  return report;
}

/** One line that is written over on a terminal; elsewhere a line every tenth of the file. */
function progressLine(silent: boolean, startedAt: number) {
  const out = process.stderr;
  let tenth = 0;
  return {
    show: (rows: number, report: ImportReport) => {
      if (silent || report.rows === 0) return;
      const products = report.added + report.changed + report.unchanged;
      const rate = Math.round(rows / ((performance.now() - startedAt) / 1_000));
      const line = `${count(rows)} of ${count(report.rows)} rows, ${count(products)} products, ${count(rate)} rows/s`;
      if (out.isTTY) out.write(`\r\u001b[K${line}`);
      else if (rows < report.rows && Math.floor((10 * rows) / report.rows) > tenth) console.error(line);
      tenth = Math.floor((10 * rows) / report.rows);
    },
    clear: () => {
      if (!silent && out.isTTY) out.write("\r\u001b[K");
    },
  };
}

const count = (number: number): string => number.toLocaleString("en");

function inWords(done: ImportReport, bad: readonly BadRow[], options: ImportOptions, ms: number): string {
  for (const { line, handle, reason } of bad) {
    console.error(`line ${line}${handle === null ? "" : ` (${handle})`}: ${reason}`);
  }
  const hidden = done.badRows - bad.length;
  if (hidden > 0) {
    console.error(
      `and ${count(hidden)} more${options.report ? `: ${options.report}` : "; --report FILE lists them all"}.`,
    );
  }
  const read = `${count(done.products)} products in ${count(done.rows)} rows, ${(ms / 1_000).toFixed(1)} s`;
  const good = count(done.products - done.refused);
  if (options.dryRun)
    return `${read}: ${good} can be imported, ${count(done.refused)} cannot. Nothing was changed.`;
  const { added, changed, unchanged, refused } = done;
  const parts = Object.entries({ added, changed, unchanged, refused }).map(
    ([word, n]) => `${count(n)} ${word}`,
  );
  return `${read}: ${parts.join(", ")}.`;
}
