import ts from "typescript";
import type { Tree } from "../archive.ts";
import { isTest, lineAt, nodesOf } from "./rule.ts";
import { bracketed, isNameToken, qualifiedName, type Token, tokensOf } from "./sql-tokens.ts";
import { isMigration, ownerOf } from "./tables.ts";

/** A statement of a store: `sql(name, text)`, or one in the body of a function that a migration makes. */
export interface Statement {
  readonly owner: string;
  readonly path: string;
  readonly line: number;
  /** Undefined in function bodies and where the name is put together while running. */
  readonly name: string | undefined;
  readonly blocks: readonly Block[];
  readonly tokens: readonly Token[];
}

/**
 * One select, insert, update or delete, without the queries in its brackets: those are blocks of their own.
 */
export interface Block {
  readonly tokens: readonly Token[];
  readonly tables: readonly Reference[];
}

export interface Reference {
  readonly schema: string | undefined;
  readonly table: string;
  /** The name by which the block speaks of it. */
  readonly alias: string;
  readonly isInsert: boolean;
  /** Where the next token stands in the block. */
  readonly next: number;
}

/**
 * The files that hold SQL of the running shop. What only the audit asks may stand in audit-store.ts;
 * platform/bus/boxes.ts is the store of every domain's events.
 */
export const isStore = (path: string) =>
  !isTest(path) &&
  /^(?:domains\/[^/]+\/(?:audit-)?store|apps\/sandbox\/store|platform\/bus\/boxes|platform\/database\/.*)[.]ts$/.test(
    path,
  );

export function statementsOf(tree: Tree): Statement[] {
  return [...tree].flatMap(([path, text]) => {
    if (isStore(path)) return statementsOfStore(path, text);
    return isMigration(path) ? statementsOfFunctions(path, text) : [];
  });
}

function statementsOfStore(path: string, text: string): Statement[] {
  const statements: Statement[] = [];
  const constants = new Map<string, ts.Expression>();
  for (const node of nodesOf(path, text))
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      constants.set(node.name.text, node.initializer);
  for (const node of nodesOf(path, text)) {
    if (!ts.isCallExpression(node) || node.expression.getText() !== "sql") continue;
    const [name, body] = node.arguments;
    if (!name || !body) continue;
    const known = ts.isStringLiteralLike(name) ? name.text : undefined;
    statements.push(statement(path, lineAt(text, node.getStart()), known, tokensOf(textOf(body, constants))));
  }
  return statements;
}

/** The text of an expression as far as it stands in the file; what only running can tell becomes one word. */
function textOf(node: ts.Node, constants: ReadonlyMap<string, ts.Expression>, depth = 0): string {
  if (depth > 5) return " substituted ";
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.templateSpans.reduce(
      (text, span) => text + textOf(span.expression, constants, depth + 1) + span.literal.text,
      node.head.text,
    );
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return textOf(node.left, constants, depth + 1) + textOf(node.right, constants, depth + 1);
  if (ts.isAsExpression(node)) return textOf(node.expression, constants, depth);
  const constant = ts.isIdentifier(node) ? constants.get(node.text) : undefined;
  return constant ? textOf(constant, constants, depth + 1) : " substituted ";
}

/**
 * A body in plpgsql or SQL is split at its semicolons; what stands before the verb (`if … then`) is left out.
 */
function statementsOfFunctions(path: string, text: string): Statement[] {
  return tokensOf(text)
    .filter(({ kind, text: body }) => kind === "string" && body.startsWith("$"))
    .flatMap(({ text: body, at }) => {
      const tag = /^\$\w*\$/.exec(body)?.[0] ?? "";
      const line = lineAt(text, at) - 1;
      const inside = body.slice(tag.length, -tag.length);
      return parts(tokensOf(inside)).map((part) =>
        statement(path, line + lineAt(inside, part[0]?.at ?? 0), undefined, part),
      );
    });
}

function parts(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  for (const token of tokens)
    if (token.text === ";") found.push([]);
    else found.at(-1)?.push(token);
  return found
    .map((part) => part.slice(part.findIndex(({ text }) => verbs.has(text))))
    .filter((part) => verbs.has(part[0]?.text ?? ""));
}

const verbs = new Set(["select", "insert", "update", "delete", "with"]);

const statement = (path: string, line: number, name: string | undefined, tokens: Token[]): Statement => {
  const made = new Set<string>();
  const blocks = blocksOf(tokens, made);
  return {
    owner: ownerOf(path),
    path,
    line,
    name,
    tokens,
    blocks: blocks.map((block) => ({
      ...block,
      tables: block.tables.filter(({ schema, table }) => schema !== undefined || !made.has(table)),
    })),
  };
};

/** Takes a query apart, innermost last. Names of common table expressions are added to `made`. */
function blocksOf(tokens: readonly Token[], made: Set<string>): Block[] {
  const own: Token[] = [];
  const inner: Block[] = [];
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i] as Token;
    if (token.text === "(" && verbs.has(tokens[i + 1]?.text ?? "") && tokens[i + 1]?.kind === "word") {
      const { inside, close } = bracketed(tokens, i);
      const name = nameBefore(own);
      if (name !== undefined) made.add(name);
      inner.push(...blocksOf(inside, made));
      own.push({ kind: "other", text: "(query)", at: token.at });
      i = close;
    } else own.push(token);
  }
  return [...sides(own).map((side) => ({ tokens: side, tables: tablesIn(side) })), ...inner];
}

/** The name of the table expression whose query comes next: `name [(columns)] as [[not] materialized]`. */
function nameBefore(own: readonly Token[]): string | undefined {
  let i = own.length - 1;
  while (own[i]?.text === "materialized" || own[i]?.text === "not") i -= 1;
  if (own[i]?.text !== "as") return undefined;
  i -= 1;
  if (own[i]?.text === ")") i = own.findLastIndex(({ text }, at) => text === "(" && at < i) - 1;
  return isNameToken(own[i]) ? own[i]?.text : undefined;
}

/** The two sides of a union are read apart; so is the statement that follows its common table expressions. */
function sides(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  for (const token of tokens)
    if (token.kind === "word" && /^(?:union|intersect|except)$/.test(token.text)) found.push([]);
    else found.at(-1)?.push(token);
  return found;
}

const clauses = new Set(
  "where group order limit offset fetch having window returning set for on union values select".split(" "),
);
const notAliases = new Set([
  ...clauses,
  ..."join inner left right full cross natural lateral using as default do tablesample".split(" "),
]);

function tablesIn(tokens: readonly Token[]): Reference[] {
  const found: Reference[] = [];
  const read = (at: number, isInsert: boolean) => {
    const start = /^(?:only|lateral)$/.test(tokens[at]?.text ?? "") ? at + 1 : at;
    const named = qualifiedName(tokens, start);
    const isTable = named && (isInsert || tokens[named.next]?.text !== "(");
    if (!named || !isTable) return;
    const as = tokens[named.next]?.text === "as" ? named.next + 1 : named.next;
    const alias = isNameToken(tokens[as]) && !notAliases.has(tokens[as].text) ? tokens[as].text : undefined;
    const next = alias === undefined ? named.next : as + 1;
    found.push({ schema: named.schema, table: named.name, alias: alias ?? named.name, isInsert, next });
  };
  for (const [i, { kind, text }] of tokens.entries()) {
    if (kind !== "word") continue;
    const before = tokens[i - 1]?.text ?? "";
    if (text === "into") read(i + 1, before === "insert");
    if (text === "update" && !/^(?:for|do|key)$/.test(before)) read(i + 1, false);
    if (text === "join" || (text === "from" && before !== "distinct")) read(i + 1, false);
    if (text === "using" && tokens[i + 1]?.text !== "(") read(i + 1, false);
    if (text === "from" && before !== "distinct")
      for (const comma of commasAfter(tokens, i)) read(comma + 1, false);
  }
  return found;
}

/** The commas of the list of tables that begins at `from`. */
function commasAfter(tokens: readonly Token[], from: number): number[] {
  const commas: number[] = [];
  let depth = 0;
  for (let i = from + 1; i < tokens.length && depth >= 0; i += 1) {
    const { kind, text } = tokens[i] as Token;
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
    if (depth === 0 && kind === "word" && clauses.has(text) && text !== "on") break;
    if (depth === 0 && text === ",") commas.push(i);
  }
  return commas;
}
