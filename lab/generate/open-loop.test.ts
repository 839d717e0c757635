import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { poisson } from "./arrivals.ts";
import { runClosedLoop } from "./closed-loop.ts";
import { openLatencies } from "./latencies.ts";
import { type OpenLoop, runOpenLoop } from "./open-loop.ts";
import { judge } from "./saturation.ts";

const loop = ({ rate = 200, ...over }: Partial<OpenLoop> & { rate?: number }): OpenLoop => ({
  arrivals: poisson(rate, (over.warmUpMs ?? 0) + (over.measuredMs ?? 800), 1),
  warmUpMs: 0,
  measuredMs: 800,
  mostOpen: 10_000,
  lastMs: 2_000,
  arrive: async () => undefined,
  measuring: () => undefined,
  ...over,
});

/** A shop that answers nobody between two moments, and everybody else at once. */
function stalling(fromMs: number, toMs: number): () => Promise<void> {
  const opened = performance.now();
  return async () => {
    const at = performance.now() - opened;
    if (at >= fromMs && at < toMs) await pause(toMs - at);
  };
}

describe("the open loop", () => {
  test("counts a stall for everybody who came in it, not only for those who were being served", async () => {
    const latencies = openLatencies();
    const ask = stalling(200, 500);
    await runOpenLoop(
      loop({
        arrive: async (_arrival, intendedAt) => {
          await ask();
          latencies.record("open", performance.now() - intendedAt);
        },
      }),
    );
    const asked = stalling(200, 500);
    const closed = await runClosedLoop({
      callers: 1,
      forMs: 800,
      once: async () => {
        await asked();
        await pause(1);
      },
    });
    const open = latencies.percentiles()["open"];
    assert.ok(open && open.count > 100);
    // 3 of 8 arrivals fall into the stall and wait for half of it in the mean.
    assert.ok(open.p90 > 150, `p90 ${open.p90} ms`);
    assert.ok(closed.latency.p90 < 50, `a closed loop would have said ${closed.latency.p90} ms`);
  });

  test("measures what comes after the warm-up, by plan", async () => {
    const seen: boolean[] = [];
    let begun = 0;
    const outcome = await runOpenLoop(
      loop({
        warmUpMs: 300,
        measuredMs: 300,
        arrive: async (_arrival, _at, isMeasured) => void seen.push(isMeasured),
        measuring: () => void begun++,
      }),
    );
    assert.equal(begun, 1);
    assert.equal(outcome.arrivals, seen.filter(Boolean).length);
    assert.ok(seen.length > outcome.arrivals && outcome.arrivals > 30);
    assert.equal(seen.lastIndexOf(false) + 1, seen.indexOf(true));
  });

  test("turns away who comes when too many are open, and says who never ended", async () => {
    const outcome = await runOpenLoop(
      loop({ measuredMs: 200, mostOpen: 5, lastMs: 50, arrive: () => new Promise(() => undefined) }),
    );
    assert.equal(outcome.unfinished, 5);
    assert.equal(outcome.turnedAway, outcome.arrivals - 5);
  });
});

describe("the verdict", () => {
  test("a shop that keeps up and a generator that does too", async () => {
    const verdict = judge(await runOpenLoop(loop({ arrive: () => pause(5) })), 200);
    assert.equal(verdict.shopFellBehind, false, verdict.reasons.join("; "));
  });

  test("a generator that is too busy for its own plan is found out", async () => {
    const busy = async () => {
      for (const until = performance.now() + 10; performance.now() < until; );
    };
    const verdict = judge(await runOpenLoop(loop({ rate: 300, arrive: busy })), 300);
    assert.equal(verdict.generatorSaturated, true);
    assert.match(verdict.reasons.join("; "), /generator: its event loop was busy/);
  });

  test("a shop that is slower than people come is not the generator's fault", async () => {
    let turn = Promise.resolve();
    const oneByOne = () => {
      turn = turn.then(() => pause(20));
      return turn;
    };
    const outcome = await runOpenLoop(loop({ measuredMs: 1_000, lastMs: 50, arrive: oneByOne }));
    const verdict = judge(outcome, 200);
    assert.equal(verdict.shopFellBehind, true);
    assert.doesNotMatch(verdict.reasons.join("; "), /busy/);
  });

  test("waiting for buyers is the lab's mistake while the shop keeps up", () => {
    const lateness = { count: 100, p50: 0, p90: 0, p99: 1, p999: 1, max: 1, mean: 0 };
    const kept = {
      arrivals: 1_000,
      turnedAway: 0,
      openAtStart: 2,
      openAtEnd: 2,
      unfinished: 0,
      measuredMs: 1_000,
      untilAnsweredMs: 1_000,
      lateness,
      utilization: 0.2,
    };
    assert.equal(judge(kept, 1_000, 0).generatorSaturated, false);
    assert.equal(judge(kept, 1_000, 100).generatorSaturated, true);
    assert.equal(judge({ ...kept, unfinished: 3 }, 1_000, 100).generatorSaturated, false);
  });
});
