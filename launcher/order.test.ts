import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stages } from "#stages/all";
import { inOrder, reversed, waitsFor } from "./order.ts";

const turns = async (count: number) => {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** Does `work` for all, a few turns each, and tells what began and ended in which order. */
async function record(waits: ReadonlyMap<string, readonly string[]>, failing?: string) {
  const began: string[] = [];
  const ended: string[] = [];
  let atOnce = 0;
  let most = 0;
  const whole = inOrder(waits, async (name) => {
    for (const other of waits.get(name) ?? []) assert.ok(ended.includes(other), `${name} before ${other}`);
    began.push(name);
    most = Math.max(most, ++atOnce);
    await turns(1 + (name.length % 3));
    atOnce -= 1;
    if (name === failing) throw new Error(`${name} did not start`);
    ended.push(name);
  });
  const failure = await whole.then(
    () => undefined,
    (error: Error) => error.message,
  );
  assert.equal(atOnce, 0, "something begun had not ended");
  return { began, most, failure };
}

describe("the order in which components start and stop", () => {
  for (const topology of stages)
    test(`of stage ${topology.stage}: each after all that it asks, and stopped before them`, async () => {
      const waits = waitsFor(topology);
      for (const { from, role, to } of topology.roads) {
        if (from === "outside" || ["follows", "agrees", "rpc"].includes(role)) continue;
        assert.ok(waits.get(from)?.includes(to), `${from} does not wait for ${to}`);
      }
      const names = topology.components.map(({ name }) => name).sort();
      for (const order of [waits, reversed(waits)]) {
        assert.deepEqual((await record(order)).began.sort(), names);
      }
    });

  test("is side by side where nothing forbids it", async () => {
    const waits = new Map([
      ["app", ["one", "two"]],
      ["one", []],
      ["two", []],
    ]);
    const { began, most } = await record(waits);
    assert.deepEqual([began.at(-1), most], ["app", 2]);
  });

  test("ends where one does not start: whoever waits for it is not begun, all others end what they began", async () => {
    const waits = new Map([
      ["proxy", ["app"]],
      ["app", ["database"]],
      ["database", []],
      ["somebody else", []],
    ]);
    const { began, failure } = await record(waits, "database");
    assert.equal(failure, "database did not start");
    assert.deepEqual(began.sort(), ["database", "somebody else"]);
  });
});
