import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeFailures, judgeTimes, type Vitals } from "./vitals.ts";

const nothing: Vitals = { requests: 0, failures: 0, seconds: 0 };
const usual: Vitals = { requests: 1_000, failures: 1, seconds: 10 };

test("a release that fails, or has become slow, is found out; one that is as before is not", () => {
  const after = (now: Partial<Vitals>) => {
    const spans = { before: nothing, now: { ...nothing, ...now }, usual };
    return judgeFailures(spans) ?? judgeTimes(spans);
  };
  assert.equal(after({ requests: 100, failures: 0, seconds: 1 }), undefined);
  assert.match(after({ requests: 100, failures: 5, seconds: 1 }) ?? "", /5.0 % of 100 answers/);
  assert.match(after({ requests: 100, failures: 0, seconds: 30 }) ?? "", /takes 300 ms, and took 10 ms/);
  // Too few to say anything.
  assert.equal(after({ requests: 10, failures: 10, seconds: 1 }), undefined);
});
