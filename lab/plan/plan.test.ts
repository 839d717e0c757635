import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Step } from "../climb/step.ts";
import { costsOf, type StageCosts } from "./costs.ts";
import { type PriceList, planFor } from "./plan.ts";

const costs: StageCosts = {
  stage: 4,
  name: "reverse-proxy",
  ordersPerRequest: 0.1,
  responseSeconds: 0.02,
  parts: [
    { kind: "nginx", count: 1, cpuMs: 0.05, busiestCpuMs: 0.05 },
    { kind: "application", count: 2, cpuMs: 1, busiestCpuMs: 0.5 },
    { kind: "postgres", count: 1, cpuMs: 0.6, busiestCpuMs: 0.6 },
    { kind: "prometheus", count: 1, cpuMs: 0.2, busiestCpuMs: 0.2 },
  ],
};
const prices: PriceList = {
  currency: "USD",
  source: "a test",
  sizes: [
    { name: "small", cores: 2, memoryGiB: 8, perMonth: 70 },
    { name: "large", cores: 32, memoryGiB: 128, perMonth: 1_100 },
  ],
};

test("a plan follows from costs: so many requests, so many cores, none busier than it may be", () => {
  const plan = planFor(costs, { users: 7_020, thinkSeconds: 7 }, prices);
  assert.ok(Math.abs(plan.requestsPerSecond - 1_000) < 1e-6);
  assert.ok(Math.abs(plan.ordersPerSecond - 100) < 1e-6);
  const [proxy, application, database] = plan.parts;
  // A core and two thirds; a second of two is asked for, because the stage has two.
  assert.deepEqual([application?.hosts, application?.size.name], [2, "small"]);
  assert.deepEqual([database?.hosts, database?.size.name, database?.used], [1, "small", 0.3]);
  assert.equal(proxy?.hosts, 1);
  assert.equal(plan.perMonth, 5 * 70);
  assert.ok(plan.fits);
  // 32 cores at 60 % over 0.6 ms are 32,000 requests a second, each user asks once in 7.02 s.
  assert.deepEqual(plan.nextLimit, { kind: "postgres", users: Math.floor(32_000 * 7.02) });
});

test("whom a plan fits, its limit is beyond; more users never cost less", () => {
  const users = fc.integer({ min: 1, max: 50_000_000 });
  fc.assert(
    fc.property(users, users, (some, others) => {
      const [few, many] = [some, others]
        .toSorted((a, b) => a - b)
        .map((n) => planFor(costs, { users: n, thinkSeconds: 7 }, prices));
      assert.ok(few && many && few.perMonth <= many.perMonth);
      assert.equal(few.fits, few.nextLimit.users >= Math.min(some, others));
      for (const { used } of few.fits ? few.parts : []) assert.ok(used <= 0.6 + 1e-9);
    }),
  );
});

test("without a balancer there is one application, on one core", () => {
  const alone = { ...costs, parts: costs.parts.filter(({ kind }) => kind !== "nginx") };
  const plan = planFor(alone, { users: 7_020, thinkSeconds: 7 }, prices);
  // One core at 60 % over the 0.5 ms of the busiest.
  assert.deepEqual(plan.nextLimit, { kind: "application", users: Math.floor(1_200 * 7.02) });
  assert.ok(plan.fits);
  assert.equal(planFor(alone, { users: 10_000, thinkSeconds: 7 }, prices).fits, false);
});

test("what a part does anyhow is no request's cost", () => {
  const stepAt = (rate: number): Step => ({
    ...{ rate, requestsPerSecond: rate, requests: rate * 30, orders: rate * 3, ordersPerSecond: rate / 10 },
    ...{ latency: { mean: 5 } as Step["latency"], errors: {}, errorShare: 0, hosts: [], cpuMs: 0 },
    // 6 ms a second, and 0.02 ms a request.
    cpuMsByKind: { redis: 30 * (6 + 0.02 * rate) },
    ...{ broken: [], generatorSaturated: false, histogram: "" },
  });
  const climbed = { stage: 4, name: "reverse-proxy", bootMs: 0, hosts: [], steps: [], mismatches: [] };
  const [redis] = costsOf(climbed, [stepAt(10), stepAt(20), stepAt(50)]).parts;
  assert.ok(Math.abs((redis?.cpuMs ?? 0) - 0.02) < 1e-9, `${redis?.cpuMs} ms`);
  const [single] = costsOf(climbed, [stepAt(50)]).parts;
  assert.ok(Math.abs((single?.cpuMs ?? 0) - 0.14) < 1e-9, "of one step nothing else is known");
});
