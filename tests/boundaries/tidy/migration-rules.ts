import type { Tree } from "../archive.ts";
import { lineAt, type Offence, type Rule } from "./rule.ts";
import { tokensOf } from "./sql-tokens.ts";
import {
  isMigration,
  labelOf,
  splitTablesOf,
  type Table,
  tablesOf,
  unsplitList,
  unsplitTables,
} from "./tables.ts";

const textTypes = /^(?:text|varchar|character|char|bpchar|citext)$/;

const tableRule = (
  name: string,
  instead: string,
  tables: (tree: Tree) => Table[],
  offends: (table: Table) => { line?: number; what: string }[],
): Rule => ({
  name,
  instead,
  check: (tree) =>
    tables(tree).flatMap((table) =>
      offends(table).map(({ line, what }) => ({
        path: table.path,
        line: line ?? table.line,
        what: `${labelOf(table)} ${what}`,
      })),
    ),
});

const primaryKey = tableRule(
  "primary-key",
  "Replication and moves find a row by its primary key (DATA 21).",
  tablesOf,
  (table) => (table.keys.some(({ kind }) => kind === "primary key") ? [] : [{ what: "has no primary key" }]),
);

const bucketFirst = tableRule(
  "bucket-first",
  `Put bucket first in every key (DATA 5), or list the table in ${unsplitList} with the reason why it is never split.`,
  splitTablesOf,
  (table) => [
    ...(table.columns.has("bucket") ? [] : [{ what: "has no bucket" }]),
    ...table.keys
      .filter(({ columns }) => columns[0] !== "bucket")
      .map(({ kind, columns, line }) => ({
        line,
        what: `${kind} (${columns.join(", ")}) does not begin with bucket`,
      })),
  ],
);

const textKeys = tableRule(
  "text-keys",
  'Write `text collate "C"`: a key must sort the same on every server and version (DATA 10).',
  tablesOf,
  (table) =>
    [...new Set(table.keys.flatMap(({ columns }) => columns))].flatMap((name) => {
      const column = table.columns.get(name);
      const isFree = column !== undefined && textTypes.test(column.type) && column.collation !== "C";
      return isFree ? [{ what: `has the text key ${name} without collate "C"` }] : [];
    }),
);

const ownSchema = tableRule(
  "own-schema",
  "No key, join or transaction crosses domains (DATA 1): keep the other's id, and ask its door.",
  tablesOf,
  (table) => [
    ...(table.schema === undefined || table.schema === table.owner
      ? []
      : [{ what: `is made in the schema ${table.schema}` }]),
    ...table.references
      .filter(({ schema }) => schema !== undefined && schema !== table.owner)
      .map(({ schema, table: other, line }) => ({ line, what: `refers to ${schema}.${other}` })),
  ],
);

const tokenRule = (name: string, instead: string, offends: RegExp): Rule => ({
  name,
  instead,
  check: (tree) =>
    [...tree]
      .filter(([path]) => isMigration(path))
      .flatMap(([path, text]) =>
        wordsOf(text)
          .filter(({ word }) => offends.test(word))
          .map(({ word, at }) => ({ path, line: lineAt(text, at), what: word })),
      ),
});

/** The words of a text and those of the function bodies in it; a name that is called ends in a bracket. */
function wordsOf(text: string, offset = 0): { word: string; at: number }[] {
  const tokens = tokensOf(text);
  return tokens.flatMap(({ kind, text: word, at }, i) => {
    const tag = kind === "string" ? /^\$\w*\$/.exec(word)?.[0] : undefined;
    if (tag !== undefined) return wordsOf(word.slice(tag.length, -tag.length), offset + at + tag.length);
    if (kind !== "word") return [];
    return [{ word: tokens[i + 1]?.text === "(" ? `${word}(` : word, at: offset + at }];
  });
}

/** Functions whose answer differs between two servers, or two moments, that run the same statement. */
const volatileFunctions = [
  "now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday",
  "random|gen_random_uuid|uuidv[47]|uuid_generate_v\\w+",
  "txid_current|pg_current_xact_id",
];
export const volatile = new RegExp(
  `^(?:(?:${volatileFunctions.join("|")})\\(|(?:current_(?:timestamp|time|date)|localtime(?:stamp)?)\\(?)$`,
);

const noSequences = tokenRule(
  "no-sequences",
  "Ids come from #kernel/id: a sequence cannot be split (DATA 10).",
  /^(?:(?:small|big)?serial[248]?|sequence|nextval\(|identity)$/,
);

const noVolatileDefaults = tokenRule(
  "given-to-tables",
  "Ids and times are parameters of the statement that writes them (DATA 10).",
  volatile,
);

const unsplitListed: Rule = {
  name: "unsplit-listed",
  instead: "Give the reason in words, or take out the line of a table that is gone.",
  check: (tree) => {
    const known = new Set(tablesOf(tree).map(labelOf));
    return Object.entries(unsplitTables(tree)).flatMap(([label, reason]): Offence[] => {
      if (!known.has(label)) return [{ path: unsplitList, line: 1, what: `${label} does not exist` }];
      return reason.trim().split(/\s+/).length < 4
        ? [{ path: unsplitList, line: 1, what: `${label} has no reason` }]
        : [];
    });
  },
};

export const migrationRules = [
  primaryKey,
  bucketFirst,
  textKeys,
  ownSchema,
  noSequences,
  noVolatileDefaults,
  unsplitListed,
];
