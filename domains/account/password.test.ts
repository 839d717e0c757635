import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { Fault } from "#kernel/refusal";
import { decoyHash, gate, openPasswords } from "./password.ts";

const later = () => Date.now() + 60_000;

describe("passwords", () => {
  test("one text is one password, however a keyboard writes it", async () => {
    const passwords = openPasswords();
    const hashed = await passwords.hash("Ünïcode \u{1F511} secret", later());
    assert.equal(await passwords.matches(hashed, "Ünïcode \u{1F511} secret".normalize("NFD"), later()), true);
    assert.equal(await passwords.matches(hashed, "ünïcode \u{1F511} secret", later()), false);
    assert.equal(await passwords.matches(hashed, "Ünïcode \u{1F511} secret ", later()), false);
    assert.notEqual(await passwords.hash("Ünïcode \u{1F511} secret", later()), hashed);
    for (const password of ["", "A".repeat(200), "\u0000"]) {
      assert.equal(await passwords.matches(decoyHash, password, later()), false);
    }
  });

  test("a flood is hashed two at a time, and who comes too late is told to come back", async () => {
    const passwords = openPasswords({ atOnce: 2, mayWait: 30 });
    const began = performance.now();
    const checked = Array.from({ length: 50 }, () =>
      passwords.matches(decoyHash, "guess", later()).catch((error: unknown) => error),
    );
    let longestMs = 0;
    let over = false;
    const watch = (async () => {
      while (!over) {
        const since = performance.now();
        await wait(5);
        longestMs = Math.max(longestMs, performance.now() - since);
      }
    })();
    const outcomes = await Promise.all(checked);
    over = true;
    await watch;
    const busy = outcomes.filter((o) => o instanceof Fault && o.code === "account.busy" && o.safeToRetry);
    assert.equal(busy.length, 50 - 32);
    assert.equal(outcomes.filter((o) => o === false).length, 32);
    // Hashed on this thread, it would stand still from the beginning to the end.
    const tookMs = performance.now() - began;
    assert.ok(longestMs < tookMs / 2, `the event loop stood still for ${longestMs} of ${tookMs} ms`);
  });

  test("the gate lets in as many as it says, in order, and passes over who gave up", async () => {
    const turn = gate(2, 10);
    const order: string[] = [];
    let inside = 0;
    let most = 0;
    const work = (name: string) => async () => {
      most = Math.max(most, ++inside);
      order.push(name);
      await wait(1);
      inside--;
      if (name === "b") throw new Error("b failed");
    };
    const names = ["a", "b", "c", "late", "d", "e"];
    const outcomes = await Promise.allSettled(
      names.map((name) => turn(name === "late" ? Date.now() - 1 : later(), work(name))),
    );
    assert.deepEqual(order, ["a", "b", "c", "d", "e"]);
    assert.equal(most, 2);
    const failed = outcomes.flatMap((o) => (o.status === "rejected" ? [(o.reason as Error).message] : []));
    assert.equal(failed.length, 2);
    assert.match(failed[1] ?? "", /ran out of time/);
    await turn(later(), work("f"));
    assert.equal(order.at(-1), "f");
  });
});
