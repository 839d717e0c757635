import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { randomFor } from "#demo/random";
import { holds, runKills } from "#lab/scenarios/kills";
import { testSeed } from "../support/test-seed.ts";

const times = 3;

describe("kill -9 in the middle of 16 concurrent checkouts", () => {
  let dataRoot: string;
  before(async () => {
    dataRoot = await mkdtemp(join(tmpdir(), "storey-kills-"));
    await chmod(dataRoot, 0o711);
  });
  after(() => rm(dataRoot, { recursive: true, force: true }));

  for (const victim of ["application", "database"] as const) {
    it(`loses no acknowledged order and makes none twice when the ${victim} dies`, async (t) => {
      const random = randomFor("kills", victim, testSeed).next;
      const report = await runKills({ victim, times, dataRoot, random, say: (line) => t.diagnostic(line) });
      t.diagnostic(
        `${report.inFlight} of ${report.kills} kills hit requests in flight; ${report.acknowledged} orders`,
      );
      assert.deepEqual(
        { lost: report.lost, doubled: report.doubled, broken: report.brokenInvariants },
        { lost: [], doubled: [], broken: [] },
      );
      assert.ok(report.acknowledged > 0);
      assert.ok(holds(report), `only ${report.inFlight} of ${report.kills} kills hit a checkout`);
    });
  }
});
