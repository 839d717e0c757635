import { type CsvRow, readCsv } from "./csv.ts";

/** Rows of one key that stand together. */
export interface CsvGroup {
  readonly key: string;
  /** The line of the first row. */
  readonly line: number;
  /** Bytes of the file before the first row and up to the end of the last. */
  readonly from: number;
  end: number;
  rows: number;
}

/** A place of the file that makes a group unusable, or belongs to none. */
export interface CsvLoss {
  readonly line: number;
  readonly key: string | null;
  readonly reason: string;
}

export interface CsvGroups {
  /** The first row; undefined if none can be read. */
  readonly header: CsvRow | undefined;
  /** Below the header, empty ones not counted. */
  readonly rows: number;
  /** How many keys there are, usable or not. */
  readonly keys: number;
  /** The groups that are whole. */
  readonly groups: readonly CsvGroup[];
  readonly losses: readonly CsvLoss[];
}

export interface Grouping {
  /** How the file's users call the key: "handle". */
  readonly called: string;
  /**
   * Told the first row; returns how to find a row's key, or undefined if this is not the file that was meant.
   */
  keyOf(header: readonly string[]): ((fields: readonly string[]) => string) | undefined;
  /** Every row with the group it stands in, which may turn out not to be whole. */
  each?(group: CsvGroup, row: CsvRow): void;
}

/**
 * Groups a CSV file in which a thing has several rows, one after another. Only places are remembered, about
 * 200 bytes a group, so that files of any size can be grouped. Whole is a group whose key comes nowhere else
 * and beside which everything can be read: what cannot be read might be a row of either neighbour.
 */
export async function groupCsv(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  grouping: Grouping,
): Promise<CsvGroups> {
  const seen = new Seen();
  let header: CsvRow | undefined;
  let keyOf: ReturnType<Grouping["keyOf"]>;
  let rows = 0;
  let end = 0;
  for await (const found of readCsv(source)) {
    if ("problem" in found) {
      seen.lose(found.line, found.problem);
      if (!header) break;
      continue;
    }
    const from = end;
    end = found.end;
    if (!header) {
      header = found;
      keyOf = grouping.keyOf(found.fields);
      if (!keyOf) break;
    } else if (found.fields.some((field) => field !== "")) {
      rows++;
      const key = keyOf?.(found.fields) ?? "";
      if (key === "") seen.lose(found.line, `It has no ${grouping.called}.`);
      else {
        const group = seen.take(key, found, from);
        grouping.each?.(group, found);
      }
    }
  }
  return { header, rows, ...seen.result() };
}

class Seen {
  readonly #groups: CsvGroup[] = [];
  readonly #losses: CsvLoss[] = [];
  readonly #first = new Map<string, CsvGroup>();
  readonly #scattered = new Set<string>();
  /** Groups beside something unreadable, with its line. */
  readonly #beside = new Map<CsvGroup, number>();
  #unreadable: number | undefined;

  take(key: string, row: CsvRow, from: number): CsvGroup {
    const last = this.#groups.at(-1);
    const group = last?.key === key ? last : this.#begin(key, row.line, from);
    if (this.#unreadable !== undefined) this.#spoil(group, this.#unreadable);
    this.#unreadable = undefined;
    group.end = row.end;
    group.rows++;
    return group;
  }

  lose(line: number, reason: string): void {
    this.#losses.push({ line, key: null, reason });
    this.#unreadable = line;
    const last = this.#groups.at(-1);
    if (last) this.#spoil(last, line);
  }

  result(): Pick<CsvGroups, "groups" | "losses" | "keys"> {
    const isWhole = (group: CsvGroup) => !this.#scattered.has(group.key) && !this.#beside.has(group);
    return { groups: this.#groups.filter(isWhole), losses: this.#losses, keys: this.#first.size };
  }

  #begin(key: string, line: number, from: number): CsvGroup {
    const group = { key, line, from, end: from, rows: 0 };
    const first = this.#first.get(key);
    if (first) {
      this.#scattered.add(key);
      const reason = `Its rows do not stand together: others begin at line ${first.line}.`;
      this.#losses.push({ line, key, reason });
    } else this.#first.set(key, group);
    this.#groups.push(group);
    return group;
  }

  #spoil(group: CsvGroup, line: number): void {
    if (this.#beside.has(group)) return;
    this.#beside.set(group, line);
    const reason = `Line ${line} beside it, which cannot be read, may belong to it.`;
    this.#losses.push({ line: group.line, key: group.key, reason });
  }
}
