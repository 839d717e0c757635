/**
 * Just enough of PostgreSQL's grammar to know the words, names and brackets of a statement apart from what
 * stands in strings and comments. A real parser (libpg_query) would be a 2 MB dependency for a dozen
 * questions.
 */
export interface Token {
  /** A word is an unquoted name or key word, in small letters; a name was quoted. */
  readonly kind: "word" | "name" | "string" | "other";
  readonly text: string;
  /** Where it begins in the text. */
  readonly at: number;
}

const shapes: readonly (readonly [Token["kind"] | "blank", RegExp])[] = [
  ["blank", /\s+|--[^\n]*|\/\*[\s\S]*?\*\//y],
  ["string", /(?<tag>\$(?:[a-z_]\w*)?\$)[\s\S]*?\k<tag>/iy],
  ["string", /e?'(?:[^'\\]|''|\\[\s\S])*'/iy],
  ["name", /"(?:[^"]|"")*"/y],
  ["word", /[a-z_][\w$]*/iy],
  ["other", /\$\d+|\d[\d.]*|::|[<>=!]+|[\s\S]/y],
];

export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    for (const [kind, shape] of shapes) {
      shape.lastIndex = at;
      const found = shape.exec(sql)?.[0];
      if (found === undefined) continue;
      if (kind !== "blank") tokens.push({ kind, text: spelled(kind, found), at });
      at += found.length;
      break;
    }
  }
  return tokens;
}

function spelled(kind: Token["kind"], found: string): string {
  if (kind === "name") return found.slice(1, -1).replaceAll('""', '"');
  return kind === "word" ? found.toLowerCase() : found;
}

export const isNameToken = (token: Token | undefined): token is Token =>
  token?.kind === "word" || token?.kind === "name";

/** Splits at a separator that stands outside brackets. */
export function splitAt(tokens: readonly Token[], separator: string): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "other" && token.text === "(") depth += 1;
    if (token.kind === "other" && token.text === ")") depth -= 1;
    if (depth === 0 && token.kind !== "string" && token.text === separator) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

/** The tokens between the bracket at `open` and the one that closes it, and where that one stands. */
export function bracketed(tokens: readonly Token[], open: number): { inside: Token[]; close: number } {
  let depth = 0;
  for (let i = open; i < tokens.length; i += 1) {
    if (tokens[i]?.kind !== "other") continue;
    if (tokens[i]?.text === "(") depth += 1;
    if (tokens[i]?.text === ")") depth -= 1;
    if (depth === 0) return { inside: tokens.slice(open + 1, i), close: i };
  }
  return { inside: tokens.slice(open + 1), close: tokens.length };
}

/** Where a sequence of words stands, from `start` on; -1 if nowhere. */
export function findWords(tokens: readonly Token[], words: string, start = 0): number {
  const wanted = words.split(" ");
  for (let i = start; i + wanted.length <= tokens.length; i += 1)
    if (wanted.every((word, j) => tokens[i + j]?.kind !== "string" && tokens[i + j]?.text === word)) return i;
  return -1;
}

/** Reads `name` or `schema.name` at a place; undefined if none stands there. */
export function qualifiedName(
  tokens: readonly Token[],
  at: number,
): { schema?: string; name: string; next: number } | undefined {
  const first = tokens[at];
  const second = tokens[at + 2];
  if (!isNameToken(first)) return undefined;
  if (tokens[at + 1]?.text === "." && isNameToken(second))
    return { schema: first.text, name: second.text, next: at + 3 };
  return { name: first.text, next: at + 1 };
}
