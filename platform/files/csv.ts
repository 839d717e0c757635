import { once } from "node:events";
import { type CsvError, parse } from "csv-parse";

/** One row of a CSV file. Lines count from 1 as an editor shows them: a field may hold several. */
export interface CsvRow {
  readonly line: number;
  /** Bytes of the file up to the end of the row, its line ending included. */
  readonly end: number;
  readonly fields: readonly string[];
}

/**
 * A place that cannot be read. Rows after it are what was meant only if quotes match again; none come if
 * `last`.
 */
export interface CsvProblem {
  readonly line: number;
  readonly problem: string;
  readonly last: boolean;
}

/** A row larger than this is a quote that was never closed: a file of any size is read in bounded memory. */
const maxRowBytes = 1_000_000;
const newline = 10;

/**
 * Reads the rows of a CSV file as it comes in, UTF-8 with or without BOM, lines ending in LF or CRLF. Empty
 * lines are left out. The caller judges how many fields a row should have.
 */
export async function* readCsv(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<CsvRow | CsvProblem, void, undefined> {
  const lines = new LineCount();
  const found: (CsvRow | CsvProblem)[] = [];
  const parser = openParser(lines, found);
  for await (const chunk of source) {
    lines.see(chunk);
    await new Promise((resolve) => parser.write(chunk, resolve));
    yield* found.splice(0);
    if (parser.destroyed) return;
  }
  parser.end();
  if (!parser.closed) await once(parser, "close");
  yield* found;
}

/**
 * Rows and problems go straight to `found`, in the order of the file: the parser's own stream would lose
 * rows at a problem.
 */
function openParser(lines: LineCount, found: (CsvRow | CsvProblem)[]) {
  const parser = parse({
    bom: true,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    skip_records_with_error: true,
    max_record_size: maxRowBytes,
    on_record: (fields: string[], { bytes }) => {
      if (fields.length === 1 && fields[0] === "") return undefined;
      const held = fields.reduce((sum, field) => sum + newlinesIn(field), 0);
      found.push({ line: lines.endingAt(bytes) - held, end: bytes, fields });
      return undefined;
    },
    on_skip: (error) => {
      const before = found.at(-1);
      const { problem, last } = problemOf(error);
      const line = lines.after((error as CsvError & { bytes: number }).bytes);
      if (!before || !("problem" in before) || before.line !== line) found.push({ line, problem, last });
      if (last) throw error;
      return undefined;
    },
  });
  parser.on("error", () => parser.destroy());
  return parser.resume();
}

function problemOf(error: CsvError | undefined): { problem: string; last: boolean } {
  switch (error?.code) {
    case "CSV_MAX_RECORD_SIZE":
    case "CSV_QUOTE_NOT_CLOSED":
      return {
        problem: "A quote is opened here or below and never closed: nothing after it can be read.",
        last: true,
      };
    default:
      return {
        problem: 'A quote stands where none may: write it twice ("") in a field that is quoted.',
        last: false,
      };
  }
}

function newlinesIn(field: string): number {
  let count = 0;
  for (let at = field.indexOf("\n"); at >= 0; at = field.indexOf("\n", at + 1)) count++;
  return count;
}

/**
 * Which line a byte stands in. The parser's own count takes CRLF inside a field for two lines, so newlines
 * are remembered by their places in the file until a row behind them has been read.
 */
class LineCount {
  readonly #places: number[] = [];
  #next = 0;
  #passed = 0;
  #bytes = 0;

  see(chunk: Uint8Array): void {
    this.#places.splice(0, this.#next);
    this.#next = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) {
      this.#places.push(this.#bytes + at);
    }
    this.#bytes += chunk.length;
  }

  /** The line of the first byte from `place` on; places are asked for in order. */
  after(place: number): number {
    for (; (this.#places[this.#next] ?? place) < place; this.#next++) this.#passed++;
    return this.#passed + 1;
  }

  /** The line of the last byte before `place`, a newline being the end of its line. */
  endingAt(place: number): number {
    return this.after(place - 1);
  }
}
