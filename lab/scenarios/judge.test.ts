import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readReplicas } from "#stages/05-read-replicas";
import { faultsSeen, type Observed, timesBroken } from "./judge.ts";
import type { DoneFault } from "./timetable.ts";

const fault = (name: string, on: string, [beganAtMs, endedAtMs]: [number, number]): DoneFault => ({
  planned: { at: beganAtMs / 1_000, name, on },
  beganAtMs,
  endedAtMs,
  said: "done",
  isRefused: false,
});

/** Orders every quarter of a second, answered at once, but for some time. */
const ordersBut = ([from, to]: [number, number], untilMs = 100_000) =>
  Array.from({ length: untilMs / 250 }, (_, at) => at * 250)
    .filter((atMs) => atMs <= from || atMs >= to)
    .map((atMs) => ({ askedAtMs: atMs, answeredAtMs: atMs + 10 }));

const observed = (of: Partial<Observed>): Observed => ({
  topology: readReplicas,
  startedAtMs: 0,
  endedAtMs: 100_000,
  faults: [],
  taken: ordersBut([0, 0]),
  failures: [],
  ...of,
});

describe("what is said of a fault", () => {
  it("how long nobody's order was taken, what failed meanwhile, and when the next was taken after its end", () => {
    const [seen] = faultsSeen(
      observed({
        faults: [fault("freeze", "app-1", [10_000, 20_000])],
        taken: ordersBut([12_000, 22_000]),
        failures: [
          { atMs: 9_000, code: "network.before" },
          { atMs: 15_000, code: "http.502" },
          { atMs: 16_000, code: "http.502" },
        ],
      }),
    );
    assert.ok(seen);
    assert.deepEqual(seen.errors, { "http.502": 2 });
    assert.deepEqual([seen.beganAtMs, seen.lastedMs, seen.longestWithoutOrderMs], [10_000, 10_000, 10_000]);
    assert.deepEqual([seen.takenAgainAfterMs, seen.isPromised], [2_010, true]);
    assert.deepEqual(timesBroken([seen]), []);
  });

  it("is broken where the stage was to go on and did not", () => {
    const faults = [fault("freeze", "database-1", [10_000, 50_000])];
    const [late] = timesBroken(faultsSeen(observed({ faults, taken: ordersBut([11_000, 50_500]) })));
    assert.match(late ?? "", /^no order was taken for 39500 ms around freeze on database-1/);
    // Of the only proxy nothing was promised.
    const proxy = [fault("freeze", "proxy", [10_000, 50_000])];
    assert.deepEqual(
      timesBroken(faultsSeen(observed({ faults: proxy, taken: ordersBut([11_000, 50_500]) }))),
      [],
    );
  });

  it("counts what was on at the same time", () => {
    const both = [
      fault("freeze", "zookeeper-1", [10_000, 50_000]),
      fault("kill", "zookeeper-2", [20_000, 20_000]),
    ];
    assert.deepEqual(
      faultsSeen(observed({ faults: both })).map(({ isPromised }) => isPromised),
      [false, false],
    );
  });

  it("is broken where no order is taken after the last has ended", () => {
    const faults = [fault("kill", "proxy", [10_000, 10_000]), fault("freeze", "redis", [12_000, 30_000])];
    const [never, ...others] = timesBroken(
      faultsSeen(observed({ faults, taken: ordersBut([29_000, 200_000]) })),
    );
    assert.match(never ?? "", /no order was taken for .* around freeze on redis/);
    assert.deepEqual(others, ["no order was taken within 60 s after freeze on redis had ended"]);
  });
});
