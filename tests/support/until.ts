import assert from "node:assert/strict";

/** Asks until it is so; fails after `withinMs`. */
export async function until(isSo: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail(`it did not come about within ${withinMs} ms`);
}
