import assert from "node:assert/strict";
import { test } from "node:test";
import type { Consumption } from "#launcher/hosts/consumption";
import { gaveWay, usesBetween } from "./use.ts";

const rested: Consumption = {
  cpuMs: 1_000,
  throttledMs: 0,
  memoryBytes: 200,
  memoryLimitBytes: 400,
  memoryKills: 0,
  diskReadBytes: 0,
  diskWrittenBytes: 0,
  cpuPercentAllowed: 25,
  networkReceivedBytes: 0,
  networkSentBytes: 0,
};

test("what a host used is the share of what it has", () => {
  const now = { ...rested, cpuMs: 2_250, throttledMs: 4_000, networkSentBytes: 50_000 };
  const [use] = usesBetween(new Map([["shop", rested]]), new Map([["shop", now]]), 10_000);
  assert.deepEqual(use, {
    host: "shop",
    cpuMs: 1_250,
    cpuShare: 0.5,
    throttledShare: 0.4,
    memoryShare: 0.5,
    memoryKills: 0,
    diskBytesPerSecond: 0,
    networkBytesPerSecond: 5_000,
  });
});

test("the busiest host gave way; a process killed for memory before it; where all had room, who was held up", () => {
  const use = (host: string, cpuShare: number, throttledShare = 0, memoryKills = 0) => ({
    ...{ host, cpuShare, throttledShare, memoryKills, cpuMs: 0, memoryShare: 0.99 },
    ...{ diskBytesPerSecond: 0, networkBytesPerSecond: 0 },
  });
  assert.deepEqual(gaveWay([use("shop", 0.99, 0.3), use("data", 0.7, 0.4)]), {
    ...{ host: "shop", resource: "processor", share: 0.99, throttledShare: 0.3 },
  });
  assert.deepEqual(gaveWay([use("shop", 0.7, 0.05), use("data", 0.6, 0.25)]), {
    ...{ host: "data", resource: "processor, in bursts", share: 0.6, throttledShare: 0.25 },
  });
  assert.equal(gaveWay([use("shop", 0.99), use("data", 0.7, 0, 1)]).host, "data");
  assert.equal(gaveWay([use("shop", 0.5, 0.02), use("data", 0.4)]).host, null);
});
