import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Fails where `text` is not what the file says. With STOREY_GOLDEN=write the file is written first, for a reviewer. */
export function matchesGolden(file: string, text: string): void {
  if (process.env["STOREY_GOLDEN"] === "write") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const expected = readFileSync(file, "utf8");
  assert.equal(
    text,
    expected,
    `${file} says otherwise; if it should not, run again with STOREY_GOLDEN=write`,
  );
}
