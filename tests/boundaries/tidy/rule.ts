import ts from "typescript";
import type { Tree } from "../archive.ts";

export interface Offence {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly what: string;
}

/** A rule that no other tool checks. `instead` says what to do, and is printed with every offence. */
export interface Rule {
  readonly name: string;
  readonly instead: string;
  readonly check: (tree: Tree) => Offence[];
}

export const isTest = (path: string) => path.startsWith("tests/") || /[.]test[.]tsx?$/.test(path);
export const isCode = (path: string) => /[.](?:ts|tsx|mjs|js)$/.test(path);

/** Whether a path lies in one of the places, given as folders (`kernel/`) or whole file names (`cli.ts`). */
export const liesIn = (path: string, places: readonly string[]) =>
  places.some((place) => (place.endsWith("/") ? path.startsWith(place) : path === place));

export const lineAt = (text: string, offset: number) => text.slice(0, offset).split("\n").length;

const parsed = new Map<string, ts.SourceFile>();

function parse(path: string, text: string): ts.SourceFile {
  const key = `${path}\n${text}`;
  const known = parsed.get(key);
  if (known) return known;
  const kind = path.endsWith(".tsx")
    ? ts.ScriptKind.TSX
    : path.endsWith(".ts")
      ? ts.ScriptKind.TS
      : ts.ScriptKind.JS;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  parsed.set(key, file);
  return file;
}

/** Every node of a source text, parents first. */
export function* nodesOf(path: string, text: string): Generator<ts.Node> {
  const pending: ts.Node[] = [parse(path, text)];
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node;
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => void children.push(child));
    pending.push(...children.reverse());
  }
}

/**
 * A rule about single nodes of the code outside `except`: `offends` says what is wrong with a node, if
 * anything.
 */
export function nodeRule(
  name: string,
  instead: string,
  offends: (node: ts.Node, path: string) => string | undefined,
  except: (path: string) => boolean = () => false,
): Rule {
  const check = (tree: Tree) =>
    [...tree]
      .filter(([path]) => isCode(path) && !except(path))
      .flatMap(([path, text]) => {
        const offences: Offence[] = [];
        for (const node of nodesOf(path, text)) {
          const what = offends(node, path);
          if (what !== undefined) offences.push({ path, line: lineAt(text, node.getStart()), what });
        }
        return offences;
      });
  return { name, instead, check };
}

/** A rule about single lines of the files that `of` picks. */
export function lineRule(
  name: string,
  instead: string,
  of: (path: string) => boolean,
  offends: (line: string) => string | undefined,
): Rule {
  const check = (tree: Tree) =>
    [...tree]
      .filter(([path]) => of(path))
      .flatMap(([path, text]) =>
        text.split("\n").flatMap((line, index) => {
          const what = offends(line);
          return what === undefined ? [] : [{ path, line: index + 1, what }];
        }),
      );
  return { name, instead, check };
}
