import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { stages } from "#stages/all";
import type { Topology } from "#topology/model";
import { type FaultName, faultNames } from "../faults/fault.ts";
import { afflicted, goesOn } from "./promise.ts";
import { mostAtOnce, type Possibility, quietSeconds, randomScenario, recoverySeconds } from "./random.ts";
import { endOf, type PlannedFault, readScenario } from "./scenario.ts";

/** Everything that could be asked of a stage, on components and on hosts: more than any machine can do. */
function everything(topology: Topology): Possibility[] {
  const components = topology.components.map(({ name }) => name);
  const hosts = topology.hosts.map(({ name }) => name);
  return faultNames.map((name) => ({
    name,
    lasts: name !== "kill" && name !== "lost-cache",
    targets: name === "cut-off" || name === "slow-link" ? hosts : components,
    ...(name === "slow-link" ? { grades: { least: 1, most: 1_000, usual: 50 } } : {}),
    ...(name === "clock-jump" ? { grades: { least: -9_999, most: 9_999, usual: 60 } } : {}),
  }));
}

const frames = fc.record({
  topology: fc.constantFrom(...stages),
  seed: fc.nat(),
  seconds: fc.integer({ min: 12, max: 300 }),
});

const made = ({ topology, seed, seconds }: { topology: Topology; seed: number; seconds: number }) =>
  randomScenario(seed, {
    topology,
    seconds,
    perSecond: 10,
    workload: "order",
    possibilities: everything(topology),
  });

/** Those that are on at each moment at which one begins. */
const atOnce = (faults: readonly PlannedFault[]) =>
  faults.map(({ at }) => faults.filter((each) => each.at <= at && endOf(each, 0) >= at));

describe("a random scenario", () => {
  it("is the same for the same seed, and can be kept in a file", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const scenario = made(frame);
        assert.deepEqual(made(frame), scenario);
        assert.deepEqual(readScenario(JSON.stringify(scenario)), scenario);
      }),
    );
  });

  it("leaves a quiet time before its faults and time to recover after them", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const { faults, seconds } = made(frame);
        for (const fault of faults) {
          assert.ok(fault.at >= quietSeconds, JSON.stringify(fault));
          assert.ok(endOf(fault, 0) <= seconds - recoverySeconds(seconds), JSON.stringify(fault));
        }
      }),
    );
  });

  it("keeps to the bounds of every grade", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        for (const { name, grade } of made(frame).faults) {
          if (name === "slow-link") assert.ok(grade !== undefined && grade >= 1 && grade <= 1_000);
          // A clock that is off by more would end sessions.
          else if (name === "clock-jump") assert.ok(grade !== undefined && Math.abs(grade) <= 3_600);
          else assert.equal(grade, undefined);
        }
      }),
    );
  });

  it("never asks more of a stage than it promises", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const { topology } = frame;
        for (const on of atOnce(made(frame).faults)) {
          assert.ok(on.length <= mostAtOnce, JSON.stringify(on));
          const kinds = on.map((fault) => new Set(afflicted(topology, fault.on).map(({ kind }) => kind)));
          const [first, second] = kinds;
          if (first && second) assert.ok(first.isDisjointFrom(second), JSON.stringify(on));
          const alone = on.map(({ name, on: where }) => [{ name: name as FaultName, on: where }]);
          assert.ok(alone.filter((each) => !goesOn(topology, each)).length <= 1, JSON.stringify(on));
          if (alone.every((each) => goesOn(topology, each))) assert.ok(goesOn(topology, alone.flat()));
        }
      }),
    );
  });

  it("lets a cluster become whole before the next of it goes", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const databases = made(frame).faults.filter(({ on }) => /^(?:database-\d|data(?:-\d)?)$/.test(on));
        if (frame.topology.stage < 5) return;
        for (const [at, next] of databases.slice(1).entries()) {
          const before = databases[at] as PlannedFault;
          assert.ok(next.at >= endOf(before, 0) + 25, JSON.stringify(databases));
        }
      }),
    );
  });

  it("comes to every fault that can be had, given seeds enough", () => {
    for (const topology of stages) {
      const seen = new Set<string>();
      for (let seed = 0; seed < 300; seed++)
        for (const { name } of made({ topology, seed, seconds: 90 }).faults) seen.add(name);
      assert.deepEqual([...seen].sort(), [...faultNames].sort());
    }
  });

  it("has no faults where nothing can be done", () => {
    const [topology] = stages;
    assert.ok(topology);
    const frame = { topology, seconds: 60, perSecond: 1, workload: "order" };
    assert.deepEqual(randomScenario(1, { ...frame, possibilities: [] }).faults, []);
  });
});
