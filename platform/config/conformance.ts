import assert from "node:assert/strict";
import { it } from "node:test";
import type { Config } from "./api.ts";

/** A place of settings that two processes reach, each through a port of its own. */
export interface Place {
  readonly here: Config;
  readonly there: Config;
}

const withinMs = 1_000;

/** What every driver must do, on the real thing. `place` is empty at the beginning. */
export function conformance(place: () => Place): void {
  const seenIn = (texts: readonly (string | undefined)[]) => async (text: string) => {
    const until = performance.now() + withinMs;
    while (texts.at(-1) !== text) {
      assert.ok(performance.now() < until, `not seen within ${withinMs} ms: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  it("tells at once that there is no document, and of one that appears", async () => {
    const { here, there } = place();
    const texts: (string | undefined)[] = [];
    const following = await there.follow("appearing", (text) => texts.push(text));
    assert.deepEqual(texts, [undefined]);
    await here.change("appearing", (text) => {
      assert.equal(text, undefined);
      return "one";
    });
    await seenIn(texts)("one");
    following.stop();
  });

  it("tells of every change within a second, wherever it was made, and of nothing else", async () => {
    const { here, there } = place();
    await here.change("followed", () => "0");
    const texts: (string | undefined)[] = [];
    const following = await there.follow("followed", (text) => texts.push(text));
    await here.change("another", () => "x");
    for (let turn = 1; turn <= 5; turn++) {
      await (turn % 2 ? here : there).change("followed", () => String(turn));
      await seenIn(texts)(String(turn));
    }
    assert.deepEqual(texts, ["0", "1", "2", "3", "4", "5"]);
    following.stop();
    await here.change("followed", () => "unheard");
    await new Promise((resolve) => setTimeout(resolve, withinMs / 2));
    assert.equal(texts.at(-1), "5");
  });

  it("loses no change of two who change at once", async () => {
    const { here, there } = place();
    const add = (config: Config) => config.change("counted", (text) => String(Number(text ?? 0) + 1));
    await Promise.all(Array.from({ length: 40 }, (_, turn) => add(turn % 2 ? here : there)));
    const texts: (string | undefined)[] = [];
    (await here.follow("counted", (text) => texts.push(text))).stop();
    assert.deepEqual(texts, ["40"]);
  });
}
