import assert from "node:assert/strict";
import { basename } from "node:path";
import { before, describe, test } from "node:test";
import { readSample, sampleNames, type Tree } from "./archive.ts";
import { makeRepository } from "./repository.ts";
import { type Cruise, cruise, run } from "./tools.ts";

// A rule counts only once it has been seen to fail. All violations live in one tree, so that one run proves
// all.
const clean = readSample("clean.txt").tree;
const edges = new Map(sampleNames("edges").map((name) => [name, readSample(`edges/${name}.txt`).tree]));
describe("boundary rules", () => {
  let broken: Cruise;
  before(async () => {
    broken = await cruise(makeRepository(clean, ...edges.values()));
  });

  for (const [rule, tree] of edges)
    test(`${rule} fires on its sample, and nothing else does`, () => {
      const fired = (path: string) => broken.violations.filter(({ from }) => from === path);
      const names = [...tree.keys()].flatMap(fired).map(({ rule }) => rule.name);
      assert.deepEqual([...new Set(names)], [rule]);
      for (const path of tree.keys())
        assert.ok(fired(path).length > 0 || isImported(path, tree), `${path} was let through`);
    });

  test("every rule has a sample", () => {
    assert.deepEqual([...new Set(broken.rules)].sort(), [...edges.keys()]);
  });

  test("a repository that keeps the rules passes", async () => {
    const { violations, modules } = await cruise(makeRepository(clean));
    assert.deepEqual(violations, []);
    for (const path of clean.keys())
      if (/[.](ts|tsx|mjs)$/.test(path)) assert.ok(modules.includes(path), `${path} was not seen`);
  });

  for (const name of sampleNames("refused"))
    test(`the configuration refuses to load: ${name}`, async () => {
      const { comment, tree } = readSample(`refused/${name}.txt`);
      const { code, output } = await run(
        process.execPath,
        ["--eval", `import("./.dependency-cruiser.mjs")`],
        makeRepository(clean, tree),
      );
      assert.notEqual(code, 0);
      assert.ok(output.includes(comment), output);
    });
});

/** A file that another file of the sample imports may be innocent itself. */
function isImported(path: string, tree: Tree): boolean {
  return [...tree.values()].some((text) => text.includes(`"./${basename(path)}"`));
}
