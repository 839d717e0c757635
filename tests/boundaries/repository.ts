import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { type Tree, writeTrees } from "./archive.ts";
import { root } from "./tools.ts";

const settings = [
  "package.json",
  "tsconfig.json",
  ".dependency-cruiser.mjs",
  "biome.json",
  "knip.json",
  ".gitignore",
];

/** A repository in a temporary folder with the settings of ours. It is removed when the tests of the file are over. */
export function makeRepository(...trees: Tree[]): string {
  const folder = mkdtempSync(join(tmpdir(), "storey-boundaries-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  writeTrees(folder, ...trees);
  for (const file of settings) copyFileSync(join(root, file), join(folder, file));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}
