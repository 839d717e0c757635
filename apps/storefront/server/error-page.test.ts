import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "#kernel/refusal";
import { errorPageOf, statusOf } from "./error-page.ts";

const headingOf = (error: unknown): string => {
  const page = errorPageOf(statusOf(error), "trace-1");
  assert.ok(page.name === "error");
  return page.view.heading;
};

test("people are told apart: come back, what was sent, and what broke on our side", () => {
  const busy = new Fault("database.busy", "The database asks to try again.", { safeToRetry: true });
  const perhaps = new Fault("database.silent", "The database did not answer in time.");
  const tooLarge = Object.assign(new Error("too large"), { statusCode: 413 });
  const told: [unknown, number, RegExp][] = [
    [busy, 503, /busy/],
    [perhaps, 500, /our side/],
    [tooLarge, 413, /no sense/],
    [new Error("a bug"), 500, /our side/],
    [Object.assign(new Error("a bug"), { statusCode: 200 }), 500, /our side/],
  ];
  for (const [error, status, heading] of told) {
    assert.equal(statusOf(error), status);
    assert.match(headingOf(error), heading);
  }
});
