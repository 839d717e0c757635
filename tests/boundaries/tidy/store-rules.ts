import type { Tree } from "../archive.ts";
import { volatile } from "./migration-rules.ts";
import type { Offence, Rule } from "./rule.ts";
import { bracketed, findWords, type Token } from "./sql-tokens.ts";
import { type Block, type Reference, type Statement, statementsOf } from "./statements.ts";
import { isMigration, splitTablesOf } from "./tables.ts";

const statementRule = (
  name: string,
  instead: string,
  offends: (statement: Statement, isSplit: (reference: Reference) => boolean) => string[],
): Rule => ({
  name,
  instead,
  check: (tree: Tree) => {
    const split = splitTablesOf(tree);
    return statementsOf(tree).flatMap((statement): Offence[] => {
      const owners = [statement.owner, "platform/database"];
      const isSplit = (reference: Reference) =>
        split.some(({ name, owner }) => name === reference.table && owners.includes(owner));
      const { path, line } = statement;
      const found = [...new Set(offends(statement, isSplit))];
      return found.map((what) => ({ path, line, what: statement.name ? `${statement.name} ${what}` : what }));
    });
  },
});

const namesBucket = statementRule(
  "names-bucket",
  "Name the bucket of every split table in the column list, where, on or using (DATA 5): that is what routes it.",
  ({ blocks }, isSplit) =>
    blocks.flatMap((block) =>
      block.tables
        .filter((reference) => isSplit(reference) && !isRouted(reference, block))
        .map(({ table }) => `touches ${table} without its bucket`),
    ),
);

function isRouted({ isInsert, alias, next }: Reference, { tokens }: Block): boolean {
  if (isInsert) {
    const columns = tokens[next]?.text === "(" ? bracketed(tokens, next).inside : [];
    return columns.some(({ text }) => text === "bucket");
  }
  return conditionsOf(tokens).some(
    ({ text }, i, all) => text === "bucket" && (all[i - 1]?.text !== "." || all[i - 2]?.text === alias),
  );
}

/** What a block says in its where, on and using. */
function conditionsOf(tokens: readonly Token[]): readonly Token[] {
  let isCondition = false;
  return tokens.filter(({ kind, text }, i) => {
    if (kind !== "word") return isCondition;
    const next = tokens[i + 1]?.text;
    if (text === "where" || (text === "on" && next !== "conflict") || (text === "using" && next === "("))
      isCondition = true;
    if (/^(?:returning|group|order|limit|set|insert|update|delete)$/.test(text)) isCondition = false;
    return isCondition;
  });
}

const givenToStatements = statementRule(
  "given-to-statements",
  "Ids and times are parameters (DATA 10): take them from the clock and #kernel/id, then every server writes the same.",
  ({ blocks, tokens, path }) =>
    blocks.some(isWrite) && !isMigration(path)
      ? tokens
          .map((token, i) => (tokens[i + 1]?.text === "(" ? `${token.text}(` : token.text))
          .filter((word, i) => tokens[i]?.kind === "word" && volatile.test(word))
          .map((word) => `writes, and calls ${word.replace("(", "()")}`)
      : [],
);

const isWrite = ({ tokens }: Block) =>
  tokens.some(
    ({ kind, text }, i) =>
      kind === "word" &&
      /^(?:insert|update|delete)$/.test(text) &&
      !/^(?:for|do|key|[.])$/.test(tokens[i - 1]?.text ?? ""),
  );

const conflictWithoutTarget = statementRule(
  "conflict-without-target",
  "On a split table write `on conflict do nothing` without a target, the one form that partitions and foreign tables take.",
  ({ blocks }, isSplit) =>
    blocks
      .filter(({ tables }) => tables.some((reference) => reference.isInsert && isSplit(reference)))
      .filter(({ tokens }) => {
        const at = findWords(tokens, "on conflict");
        return at >= 0 && findWords(tokens.slice(at + 2, at + 4), "do nothing") !== 0;
      })
      .map(() => "has a conflict target or an update on conflict"),
);

const ownTables = statementRule(
  "own-tables",
  "A domain reads and writes its own schema (DATA 1): ask the other domain's door.",
  ({ blocks, owner }) =>
    blocks.flatMap(({ tables }) =>
      tables
        .filter(({ schema }) => schema !== undefined && schema !== owner && !owner.startsWith("platform/"))
        .map(({ schema, table }) => `touches ${schema}.${table}`),
    ),
);

const uniqueNames: Rule = {
  name: "unique-names",
  instead: "A prepared statement is known by its name: give each its own.",
  check: (tree) => {
    const seen = new Set<string>();
    return statementsOf(tree).flatMap(({ owner, name, path, line }) => {
      const key = `${owner} ${name}`;
      if (name !== undefined && seen.has(key))
        return [{ path, line, what: `a second statement named ${name}` }];
      seen.add(key);
      return [];
    });
  },
};

export const storeRules = [namesBucket, givenToStatements, conflictWithoutTarget, ownTables, uniqueNames];
