import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { testSeed } from "#tests/support/test-seed";
import {
  digitsOf,
  formatPosition,
  includes,
  openTimelines,
  type Position,
  parseHistory,
  parsePosition,
  unknownPosition,
} from "./position.ts";

const lsnOf = (at: number) => `0/${at.toString(16)}`;

/** A timeline that left another at some position, as promotions make them. */
interface Timeline {
  readonly number: number;
  readonly parent: number;
  readonly leftAt: number;
}

const forks = fc
  .array(fc.record({ parent: fc.nat(), leftAt: fc.integer({ min: 1, max: 40 }) }), { maxLength: 5 })
  .map((drawn) => {
    const timelines: Timeline[] = [{ number: 1, parent: 0, leftAt: 0 }];
    for (const { parent, leftAt } of drawn) {
      const from = timelines[parent % timelines.length];
      if (!from) continue;
      // Nobody leaves a timeline before it begins.
      timelines.push({
        number: timelines.length + 1,
        parent: from.number,
        leftAt: Math.max(leftAt, from.leftAt),
      });
    }
    return timelines;
  });

/** What PostgreSQL writes into the history file of a timeline: its ancestors, the oldest first. */
function historyOf(timelines: readonly Timeline[], number: number): string {
  const own = timelines[number - 1];
  if (!own || own.parent === 0) return "";
  return `${historyOf(timelines, own.parent)}${own.parent}\t${lsnOf(own.leftAt)}\tno recovery target\n`;
}

/** Which timeline the log of `number` was written on, at each position: the truth that is asked for. */
function writtenOn(timelines: readonly Timeline[], number: number, at: number): number {
  const own = timelines[number - 1];
  return own && own.parent > 0 && at <= own.leftAt ? writtenOn(timelines, own.parent, at) : number;
}

describe("positions", () => {
  it("include exactly what lies before them on their own line of timelines", () => {
    const places = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 60 })), {
      minLength: 2,
      maxLength: 2,
    });
    fc.assert(
      fc.property(forks, places, (timelines, drawn) => {
        const [reached, needed] = drawn.map(([which, at]) => ({
          incarnation: "00000001",
          timeline: (which % timelines.length) + 1,
          at: digitsOf(lsnOf(at)),
          number: at,
        }));
        if (!reached || !needed) return;
        // A position is taken on the timeline on which it was written.
        fc.pre(writtenOn(timelines, needed.timeline, needed.number) === needed.timeline);
        const has =
          needed.number <= reached.number &&
          writtenOn(timelines, reached.timeline, needed.number) === needed.timeline;
        const ancestors = parseHistory(historyOf(timelines, reached.timeline));
        assert.equal(includes(reached, needed, ancestors), has);
        // Who does not know the history believes less, never more.
        if (includes(reached, needed, undefined)) assert.ok(has);
      }),
      { seed: testSeed, numRuns: 1_000 },
    );
  });

  it("travel as text, and mean nothing in another store", () => {
    const position: Position = { incarnation: "9f3a01bc", timeline: 2, at: digitsOf("16/b374d848") };
    const text = formatPosition(position);
    assert.equal(text, "9f3a01bc.2.00000016B374D848");
    assert.deepEqual(parsePosition(text), position);
    for (const bad of ["", unknownPosition, "9f3a01bc.0.00000016B374D848", `${text}0`]) {
      assert.equal(parsePosition(bad), undefined);
    }
    const { reaches, learn } = openTimelines();
    assert.ok(reaches(text, text));
    assert.ok(!reaches(text, formatPosition({ ...position, incarnation: "00000000" })));
    assert.ok(!reaches(text, unknownPosition));
    assert.ok(!reaches(unknownPosition, text));
    const later = formatPosition({ ...position, timeline: 3, at: digitsOf("17/0") });
    assert.ok(!reaches(later, text));
    learn("9f3a01bc", 3, "1\t0/5000060\tx\n2\t16/B374D848\tx\n");
    assert.ok(reaches(later, text));
    assert.ok(!reaches(later, formatPosition({ ...position, at: digitsOf("16/b374d849") })));
  });
});
