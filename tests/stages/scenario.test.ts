import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkout } from "#commands/instance";
import { gravesOf, shortened } from "#lab/scenarios/graveyard";
import { openPlace, type ScenarioPlace } from "#lab/scenarios/place";
import { randomScenario } from "#lab/scenarios/random";
import { runScenario } from "#lab/scenarios/run";
import type { Scenario } from "#lab/scenarios/scenario";
import { freePort } from "#lab/shop/free-port";
import { caches } from "#stages/03-caches";
import { whyNot } from "./why-not.ts";

const { stage } = caches;
const shortSeconds = 15;

describe("scenarios at stage 3", { skip: whyNot(caches) }, () => {
  let dataRoot: string;
  let place: ScenarioPlace;
  before(async () => {
    dataRoot = await mkdtemp(join(tmpdir(), "storey-scenario-"));
    await chmod(dataRoot, 0o711);
    place = await openPlace({ stage, name: "scenario", dataRoot, port: await freePort() });
  });
  after(async () => {
    await place?.shop.stop();
    await rm(dataRoot, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });

  it("no order is lost or doubled while parts of it die, stand still and come back", async (t) => {
    const scenario: Scenario = {
      stage,
      workload: "order",
      perSecond: 6,
      seconds: 8,
      faults: [
        { at: 1, name: "freeze", on: "redis", forSeconds: 5 },
        { at: 1.5, name: "kill", on: "database" },
        { at: 5, name: "kill", on: "app" },
      ],
    };
    const report = await runScenario(scenario, place, (line) => t.diagnostic(line));
    assert.deepEqual(report.failed, []);
    assert.deepEqual(
      report.faults.map(({ name, on, isRefused }) => [name, on, isRefused]),
      scenario.faults.map(({ name, on }) => [name, on, false]),
    );
    // Somebody was cut off by the deaths, or they hit nothing.
    assert.ok(Object.values(report.errors).length > 0);
    assert.ok(report.acknowledged.orders > 20, `${report.acknowledged.orders} orders`);
  });

  it("makes the same of a seed as long as the same can be done", async () => {
    const possibilities = await place.possibilities();
    const names = possibilities.map(({ name }) => name);
    for (const name of ["kill", "freeze", "lost-cache"] as const)
      assert.ok(names.includes(name), names.join());
    assert.ok(!names.includes("lagging-replica"), "there is no replica");
    const frame = { topology: caches, possibilities, workload: "order", perSecond: 6, seconds: 60 };
    assert.deepEqual(
      randomScenario(5, { ...frame, possibilities: await place.possibilities() }),
      randomScenario(5, frame),
    );
  });

  for (const { seed, failed, scenario } of gravesOf(join(checkout, "lab/graveyard"), stage)) {
    it(`seed ${seed} holds, which once failed: ${failed[0]}`, async (t) => {
      const report = await runScenario(shortened(scenario, shortSeconds), place, (line) =>
        t.diagnostic(line),
      );
      assert.deepEqual(report.failed, []);
    });
  }
});
