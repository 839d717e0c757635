import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Files by their path from the root of a repository, with forward slashes. */
export type Tree = ReadonlyMap<string, string>;

const samples = join(import.meta.dirname, "samples");

/**
 * Reads a sample: several small files in one text, each after a line `-- path --` (Go's txtar format). What
 * stands before the first such line is the sample's comment. Two spellings keep samples short and forbidden
 * words out of the repository: `[401 times] x` is 401 lines of x, and `\u002f` is a slash.
 */
export function readSample(name: string): { comment: string; tree: Tree } {
  const tree = new Map<string, string>();
  const comment: string[] = [];
  let path: string | undefined;
  for (const line of readFileSync(join(samples, name), "utf8").split("\n")) {
    const head = /^-- (?<path>\S+) --$/.exec(line)?.groups?.path;
    if (head !== undefined) {
      path = head;
      tree.set(path, "");
    } else if (path === undefined) comment.push(line);
    else tree.set(path, `${tree.get(path)}${spell(line)}\n`);
  }
  return { comment: comment.map(spell).join("\n").trim(), tree };
}

function spell(line: string): string {
  const times = /^\[(?<count>\d+) times\] (?<text>.*)$/.exec(line)?.groups;
  const spelled = times ? Array(Number(times.count)).fill(times.text).join("\n") : line;
  return spelled.replaceAll("\\u002f", "/");
}

/** The names of the samples of a folder, without the extension. */
export function sampleNames(folder: string): string[] {
  return readdirSync(join(samples, folder))
    .filter((file) => file.endsWith(".txt"))
    .map((file) => file.slice(0, -".txt".length))
    .sort();
}

/** Writes trees on top of each other; a later file replaces an earlier one at the same path. */
export function writeTrees(root: string, ...trees: Tree[]): void {
  for (const [path, text] of trees.flatMap((tree) => [...tree])) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Folders of what was installed, made or measured, not written. */
const notWritten = new Set([".git", "node_modules", "build", "data", "screens", "results", "samples"]);
const binary = /[.](?:png|jpe?g|webp|avif|woff2?|ico|gz|zip|pdf)$/;

/** Every text file of the repository but the samples and generated folders. */
export function readRepository(root: string): Tree {
  const tree = new Map<string, string>();
  const read = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !notWritten.has(entry.name)) read(path);
      else if (entry.isFile() && !binary.test(entry.name))
        tree.set(path, readFileSync(join(root, path), "utf8"));
    }
  };
  read("");
  return tree;
}
