import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answeredWithin } from "#topology/application-numbers";
import type { ComponentLook, Look } from "./look.ts";
import { componentsOf, figuresOf } from "./rates.ts";

const app = (name: string, numbers: Record<string, number>, cpuMs = 0): ComponentLook => ({
  name,
  kind: "application",
  host: name,
  version: "1",
  ailment: null,
  memoryBytes: 1,
  memoryBudgetBytes: null,
  cpuMs,
  numbers,
});
const at = (seconds: number, ...components: ComponentLook[]): Look => ({
  atMs: seconds * 1_000,
  components,
  alerts: [],
  problem: null,
});

describe("what the shop does, from looks", () => {
  it("is not known from one look", () => {
    const { requestsPerSecond, p99Ms } = figuresOf([at(0, app("app-1", { requests: 7 }))]);
    assert.deepEqual([requestsPerSecond, p99Ms], [null, null]);
  });

  it("is summed over applications, over the last ten seconds", () => {
    const looks = [0, 2, 4, 6, 8, 10, 12].map((seconds) =>
      at(
        seconds,
        app("app-1", { requests: 100 + 10 * seconds, ordersPlaced: seconds }),
        app("app-2", { requests: 30 * seconds }),
      ),
    );
    const { requestsPerSecond, ordersPerSecond } = figuresOf(looks);
    assert.deepEqual([requestsPerSecond, ordersPerSecond], [40, 1]);
  });

  it("goes on through a restart, and through looks in which one did not answer", () => {
    const looks = [
      at(0, app("app-1", { requests: 1_000 })),
      at(2, app("app-1", {})),
      at(4, app("app-1", { requests: 6 })),
      at(8, app("app-1", { requests: 16 })),
    ];
    assert.equal(figuresOf(looks).requestsPerSecond, 16 / 8);
  });

  it("takes the worst of what all look at", () => {
    const looks = [at(0, app("app-1", { eventsWaiting: 3 }), app("app-2", { eventsWaiting: 4 }))];
    assert.equal(figuresOf(looks).eventsWaiting, 4);
  });

  it("answers 99 of 100 within a bucket's bounds", () => {
    const numbers = (fast: number, all: number) => ({
      requests: all,
      [`${answeredWithin}0.01`]: fast,
      [`${answeredWithin}0.1`]: all,
      [`${answeredWithin}+Inf`]: all,
    });
    const looks = [at(0, app("app-1", numbers(500, 500))), at(2, app("app-1", numbers(590, 600)))];
    assert.equal(figuresOf(looks).p99Ms?.toFixed(1), "91.0");
  });

  it("is nothing where nobody asked", () => {
    const looks = [at(0, app("app-1", { eventsWaiting: 0 })), at(2, app("app-1", { eventsWaiting: 0 }))];
    const { requestsPerSecond, p99Ms } = figuresOf(looks);
    assert.deepEqual([requestsPerSecond, p99Ms], [0, null]);
  });

  it("says of a component how many processors it keeps busy, and whether it is well", () => {
    const gone: ComponentLook = { ...app("app-2", {}), ailment: "does not run", cpuMs: null };
    const unseen: ComponentLook = { ...app("app-3", {}), ailment: undefined, cpuMs: null };
    const [one, two, three] = componentsOf([
      at(0, app("app-1", {}, 1_000), gone, unseen),
      at(4, app("app-1", {}, 3_000), gone, unseen),
    ]);
    assert.deepEqual([one?.processors, one?.health], [0.5, "well"]);
    assert.deepEqual([two?.processors, two?.health, two?.ailment], [null, "unwell", "does not run"]);
    assert.equal(three?.health, "unknown");
  });
});
