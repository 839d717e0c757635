import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { openRecentErrors } from "./errors.ts";

test("the last errors are kept with their request, and without what names anybody", async () => {
  const registry = new Registry();
  const errors = openRecentErrors(registry, { now: () => 1_000 });
  const refused = Object.assign(new Error("connect postgres://storey:secret@db:5432 failed\nat x"), {
    code: "ECONNREFUSED",
  });
  errors.logged([{ err: refused }, "the job sweep failed for ada@example.com"], "request-1");
  const [kept] = errors.recent();
  assert.deepEqual(kept, {
    at: 1_000,
    message: "the job sweep failed for …@…",
    detail: "connect postgres://…@db:5432 failed (ECONNREFUSED)",
    trace: "request-1",
  });
  errors.logged([`token ${"0123456789abcdef".repeat(2)}`], undefined);
  assert.equal(errors.recent()[0]?.message, "token …");
  errors.logged([new Error("alone")], undefined);
  assert.deepEqual([errors.recent()[0]?.message, errors.recent()[0]?.detail], ["alone", null]);
  for (let i = 0; i < 50; i++) errors.logged([`error ${i}`], undefined);
  assert.equal(errors.recent().length, 20);
  assert.equal(errors.recent()[0]?.message, "error 49");
  assert.match(await registry.metrics(), /^storey_errors_logged_total 53$/m);
});
