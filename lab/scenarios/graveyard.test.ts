import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { makeScratch } from "#launcher/scratch";
import { bury, type Grave, gravesOf, shortened } from "./graveyard.ts";
import { readScenario } from "./scenario.ts";

const grave: Grave = {
  stage: 4,
  seed: 7,
  commit: "abc",
  date: "2026-11-23T00:00:00.000Z",
  failed: ["lost: one"],
  scenario: {
    seed: 7,
    stage: 4,
    workload: "order",
    perSecond: 5,
    seconds: 60,
    faults: [{ at: 30, name: "freeze", on: "redis", forSeconds: 12 }],
  },
};

describe("the graveyard", () => {
  it("keeps what failed as it failed first, and finds it by stage and target", async () => {
    using scratch = makeScratch();
    const path = await bury(scratch.path, grave);
    await bury(scratch.path, { ...grave, failed: ["something else"] });
    await bury(scratch.path, { ...grave, stage: 5 });
    await bury(scratch.path, { ...grave, scenario: { ...grave.scenario, target: "hosts" } });
    writeFileSync(join(scratch.path, "README.md"), "# Graveyard");
    assert.deepEqual(gravesOf(scratch.path, 4), [grave]);
    assert.equal(gravesOf(scratch.path, 4, "hosts").length, 1);
    assert.deepEqual(gravesOf(join(scratch.path, "none"), 4), []);
    assert.deepEqual(readScenario(readFileSync(path, "utf8")), grave.scenario);
  });

  it("plays a scenario in less time, in proportion", () => {
    const { seconds, faults } = shortened(grave.scenario, 20);
    assert.deepEqual([seconds, faults[0]?.at, faults[0]?.forSeconds], [20, 10, 4]);
    assert.deepEqual(shortened(grave.scenario, 90), grave.scenario);
  });
});

describe("the file of a scenario", () => {
  const text = (change: object) => JSON.stringify({ ...grave.scenario, ...change });

  it("is refused with everything that is wrong with it", () => {
    for (const [bad, why] of [
      ["{", /JSON/],
      [text({ stage: 0, perSecond: 0 }), /\/stage.*\/perSecond/],
      [text({ fault: [] }), /additional/],
      [text({ faults: [{ at: 50, name: "freeze", on: "redis", forSeconds: 20 }] }), /redis ends after/],
    ] as const)
      assert.throws(() => readScenario(bad), why, bad);
  });
});
