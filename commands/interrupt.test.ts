import assert from "node:assert/strict";
import { test } from "node:test";
import { unlessInterrupted } from "./interrupt.ts";

test("work answers, or ends at once when somebody interrupts, before or while it goes on", async () => {
  const abort = new AbortController();
  assert.equal(await unlessInterrupted(abort.signal, Promise.resolve(7)), 7);
  const endless = new Promise<never>(() => undefined);
  const waiting = unlessInterrupted(abort.signal, endless);
  abort.abort(new Error("interrupted"));
  await assert.rejects(waiting, /interrupted/);
  await assert.rejects(unlessInterrupted(abort.signal, endless), /interrupted/);
});
