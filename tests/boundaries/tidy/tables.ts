import type { Tree } from "../archive.ts";
import { lineAt } from "./rule.ts";
import {
  bracketed,
  findWords,
  isNameToken,
  qualifiedName,
  splitAt,
  type Token,
  tokensOf,
} from "./sql-tokens.ts";

/** What the migrations of one owner (a domain, or the platform for tables that every domain has) make. */
export interface Table {
  readonly owner: string;
  readonly schema: string | undefined;
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly columns: Map<string, Column>;
  /** Primary keys, unique constraints and unique indexes. */
  readonly keys: Key[];
  readonly references: { schema: string | undefined; table: string; line: number }[];
}
interface Column {
  readonly type: string;
  readonly collation: string | undefined;
}
interface Key {
  readonly kind: "primary key" | "unique";
  readonly columns: readonly string[];
  readonly line: number;
}

export const isMigration = (path: string) => /^(?:domains|platform)\/[^/]+\/[^/]+[.]sql$/.test(path);
export const ownerOf = (path: string) => path.split("/").slice(0, 2).join("/").replace("domains/", "");

/** Every table that migrations make, with what later statements add to it. Partitions are their parent's. */
export function tablesOf(tree: Tree): Table[] {
  const tables: Table[] = [];
  const paths = [...tree.keys()].filter(isMigration).sort();
  for (const path of paths) {
    const text = tree.get(path) ?? "";
    const line = (token: Token | undefined) => lineAt(text, token?.at ?? 0);
    for (const statement of splitAt(tokensOf(text), ";")) {
      const made = createdTable(statement, path, line);
      if (made) tables.push(made);
      else addLater(statement, tables, ownerOf(path), line);
    }
  }
  return tables;
}

type LineOf = (token: Token | undefined) => number;

function createdTable(statement: Token[], path: string, line: LineOf): Table | undefined {
  const at = findWords(statement.slice(0, 4), "table");
  if (statement[0]?.text !== "create" || at < 0 || findWords(statement, "partition of") >= 0)
    return undefined;
  const exists = findWords(statement.slice(0, at + 4), "if not exists");
  const named = qualifiedName(statement, exists < 0 ? at + 1 : exists + 3);
  if (!named || statement[named.next]?.text !== "(") return undefined;
  const table: Table = {
    owner: ownerOf(path),
    schema: named.schema,
    name: named.name,
    path,
    line: line(statement[0]),
    columns: new Map(),
    keys: [],
    references: [],
  };
  for (const item of splitAt(bracketed(statement, named.next).inside, ",")) addItem(table, item, line);
  return table;
}

/** `alter table … add …` and `create unique index … on …`. */
function addLater(statement: Token[], tables: Table[], owner: string, line: LineOf): void {
  const find = (name: string | undefined) =>
    tables.find((table) => table.owner === owner && table.name === name);
  if (findWords(statement, "create unique index") === 0) {
    const on = findWords(statement, "on");
    const open = statement.findIndex((token, i) => i > on && token.text === "(");
    const columns = splitAt(bracketed(statement, open).inside, ",").map(nameOrExpression);
    find(qualifiedName(statement, on + 1)?.name)?.keys.push({
      kind: "unique",
      columns,
      line: line(statement[0]),
    });
  }
  if (findWords(statement, "alter table") === 0) {
    const named = qualifiedName(statement, statement[2]?.text === "only" ? 3 : 2);
    const table = find(named?.name);
    if (!named || !table) return;
    for (const change of splitAt(statement.slice(named.next), ","))
      if (change[0]?.text === "add") addItem(table, change.slice(change[1]?.text === "column" ? 2 : 1), line);
  }
}

/** One line of a table: a constraint or a column with constraints of its own. */
function addItem(table: Table, item: Token[], line: LineOf): void {
  const bare = item[0]?.text === "constraint" ? item.slice(2) : item;
  const first = bare[0];
  for (const kind of ["primary key", "unique"] as const) {
    const at = findWords(bare, kind);
    if (at < 0) continue;
    const open = at + kind.split(" ").length;
    const columns =
      at === 0 && bare[open]?.text === "("
        ? splitAt(bracketed(bare, open).inside, ",").map(nameOrExpression)
        : [first?.text ?? ""];
    table.keys.push({ kind, columns, line: line(bare[at]) });
  }
  const references = findWords(bare, "references");
  const target = references < 0 ? undefined : qualifiedName(bare, references + 1);
  if (target)
    table.references.push({ schema: target.schema, table: target.name, line: line(bare[references]) });
  const isConstraint = /^(?:primary|unique|foreign|check|exclude|like)$/.test(first?.text ?? "");
  if (!isNameToken(first) || (first.kind === "word" && isConstraint)) return;
  const collate = findWords(bare, "collate");
  const type = bare[1]?.text ?? "";
  table.columns.set(first.text, { type, collation: collate < 0 ? undefined : bare[collate + 1]?.text });
}

const nameOrExpression = (part: Token[]) =>
  part.length <= 2 && isNameToken(part[0]) ? part[0].text : part.map((token) => token.text).join("");

export const unsplitList = "tests/boundaries/unsplit-tables.json";

/** The tables that are not split by bucket, as `domain.table`, each with its reason. */
export function unsplitTables(tree: Tree): Record<string, string> {
  return JSON.parse(tree.get(unsplitList) ?? "{}");
}

export const labelOf = (table: Table) => `${table.owner.replace("platform/", "")}.${table.name}`;

/** The tables that are, or will be, split by bucket: all but the listed. */
export function splitTablesOf(tree: Tree): Table[] {
  const unsplit = unsplitTables(tree);
  return tablesOf(tree).filter((table) => !(labelOf(table) in unsplit));
}
