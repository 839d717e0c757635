import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { systemClock } from "#kernel/clock";
import { Fault } from "#kernel/refusal";
import { openSharing } from "./sharing.ts";

interface Row {
  readonly at: number;
  readonly key: number;
}
interface Sent {
  readonly keys: readonly number[];
  answer(): void;
  fail(error: Error): void;
}

/** A server that answers when it is told to, to the keys in any order. */
function openServer(): {
  share: (keys: readonly number[], deadline: number) => Promise<Row[]>;
  sent: Sent[];
} {
  const sent: Sent[] = [];
  const share = openSharing<number, Row>();
  const send = (keys: readonly number[]) =>
    new Promise<Row[]>((done, failed) => {
      const rows = keys.map((key, i) => ({ at: i + 1, key })).reverse();
      sent.push({ keys, answer: () => done(rows), fail: failed });
    });
  return { share: (keys, deadline) => share(keys, deadline, send), sent };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const soon = () => systemClock.now() + 60_000;
const keysOf = (rows: readonly Row[]) => [...rows].sort((a, b) => a.at - b.at).map((row) => row.key);

/** Two statements under way, so that whoever comes next waits. */
async function occupy(share: ReturnType<typeof openServer>["share"], key: number) {
  const first = share([key], soon());
  await turn();
  const second = share([key + 1], soon());
  await turn();
  return [first, second];
}

describe("callers that share a statement", () => {
  it("gives each the answers to its own keys, sends each key once and in order, and holds up nobody alone", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.record({ ask: fc.integer({ min: 1, max: 120 }) }),
            fc.record({ answer: fc.nat({ max: 3 }) }),
            fc.record({ turn: fc.constant(true) }),
          ),
          { maxLength: 60 },
        ),
        async (steps) => {
          const { share, sent } = openServer();
          const asked: { keys: number[]; answered: Promise<Row[]> }[] = [];
          let key = 0;
          let answered = 0;
          const open: Sent[] = [];
          const look = () => open.push(...sent.slice(open.length + answered));
          for (const step of steps) {
            if ("ask" in step) {
              const keys = Array.from({ length: step.ask }, () => key++);
              asked.push({ keys, answered: share(keys, soon()) });
              continue;
            }
            if ("answer" in step && open.length > 0) {
              open.splice(step.answer % open.length, 1)[0]?.answer();
              answered++;
            }
            await turn();
            look();
            assert.ok(open.length <= 2, "no more than two are under way");
            const isAllSent = sent.flatMap(({ keys }) => keys).length === key;
            assert.ok(isAllSent || open.length === 2, "nobody waits past the turn while fewer are under way");
          }
          await turn();
          look();
          for (; open.length > 0; look()) {
            open.shift()?.answer();
            answered++;
            await turn();
          }
          for (const { keys, answered: rows } of asked) assert.deepEqual(keysOf(await rows), keys);
          assert.deepEqual(
            sent.flatMap(({ keys }) => keys),
            asked.flatMap(({ keys }) => keys),
          );
          assert.ok(sent.every(({ keys }) => keys.length <= 256));
        },
      ),
    ));

  it("sends those who come in one turn together, and one who comes alone at the end of it", async () => {
    const { share, sent } = openServer();
    const together = [share([1], soon()), share([2, 3], soon()), share([4], soon())];
    await turn();
    const alone = share([5], soon());
    await turn();
    assert.deepEqual(
      sent.map(({ keys }) => keys),
      [[1, 2, 3, 4], [5]],
    );
    for (const { answer } of sent) answer();
    assert.deepEqual((await Promise.all(together)).map(keysOf), [[1], [2, 3], [4]]);
    assert.deepEqual(keysOf(await alone), [5]);
  });

  it("sends nothing for a caller whose time is over, and everything for the others", async () => {
    const { share, sent } = openServer();
    const first = await occupy(share, 1);
    const late = assert.rejects(share([3], systemClock.now() - 1), { code: "database.too_late" });
    const intime = share([4], soon());
    for (const { answer } of sent.splice(0)) answer();
    await Promise.all([...first, late]);
    assert.deepEqual(sent[0]?.keys, [4]);
    sent[0].answer();
    assert.deepEqual(keysOf(await intime), [4]);
  });

  it("fails all when the machine fails, and the one alone whose wish cannot be carried out", async () => {
    const { share, sent } = openServer();
    const before = await occupy(share, 1);
    const together = [share([3], soon()), share([4], soon())];
    for (const { answer } of sent.splice(0)) answer();
    await Promise.all(before);
    sent.splice(0)[0]?.fail(new Fault("database.unreachable", "gone"));
    for (const one of together) await assert.rejects(one, { code: "database.unreachable" });

    const again = await occupy(share, 5);
    const bad = share([7], soon());
    const good = share([8], soon());
    for (const { answer } of sent.splice(0)) answer();
    await Promise.all(again);
    sent.splice(0)[0]?.fail(new Error("7 is no number"));
    await turn();
    assert.deepEqual(
      sent.map(({ keys }) => keys),
      [[7], [8]],
      "each is tried alone",
    );
    sent[0]?.fail(new Error("7 is no number"));
    sent[1]?.answer();
    await assert.rejects(bad, { message: "7 is no number" });
    assert.deepEqual(keysOf(await good), [8]);
  });
});
