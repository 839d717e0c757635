import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { randomFor } from "#demo/random";
import { holds, runKills } from "#lab/scenarios/kills";
import { openMortal } from "#lab/scenarios/shop-process";
import { freePort } from "#lab/shop/free-port";
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
      const shop = await openMortal({ dataRoot, name: `kills-${victim}`, port: await freePort() });
      const say = (line: string) => t.diagnostic(line);
      const report = await runKills({ shop, victims: Array(times).fill(victim), random, say }).finally(() =>
        shop.stop(),
      );
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
