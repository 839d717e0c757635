import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { readRepository } from "./archive.ts";
import { cruise, program, root, run } from "./tools.ts";

// The tools that check the whole repository, one test each. Run by hand they are the program and arguments below.

async function passes(name: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(program(name), args);
  assert.equal(code, 0, `${name} ${args.join(" ")}\n${output}`);
}

const written = [...readRepository(root).keys()];

test("biome: formatting and lint", () =>
  passes("biome", ["check", "--error-on-warnings", "--max-diagnostics=200"]));

test("tsc: types of what Node runs", () => passes("tsc", ["--noEmit"]));

const pages = written.filter((path) => /^apps\/storefront\/.*[.]tsx?$/.test(path));
if (pages.length > 0)
  test("tsc: types of what a browser runs", () =>
    passes("tsc", ["--noEmit", "--project", "apps/storefront"]));

test("knip: no unused file, export or package", () => passes("knip", ["--no-progress"]));

test("dependency-cruiser: every file was seen, and every import is allowed", async () => {
  const { violations, modules, rules } = await cruise(root);
  // Beside TypeScript 7, which has no compiler interface, dependency-cruiser sees no module and passes.
  assert.equal(ts.versionMajorMinor.split(".")[0], "6", "dependency-cruiser needs TypeScript 6");
  const seen = new Set(modules);
  const unseen = written.filter((path) => /^[^.].*[.](?:ts|tsx|mjs)$/.test(path) && !seen.has(path));
  assert.deepEqual(unseen, [], "dependency-cruiser did not see these files");
  assert.ok(rules.length > 30, `${rules.length} rules were loaded`);
  const found = violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  assert.ok(found.length === 0, `${found.join("\n")}\nWhat each rule says stands in .dependency-cruiser.mjs`);
});
