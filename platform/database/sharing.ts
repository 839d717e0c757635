import { systemClock } from "#kernel/clock";
import { Fault } from "#kernel/refusal";

/** What a statement answers to one of its keys: `at` says to which, counted from 1. */
export interface Answer {
  readonly at: number;
}

/** Where a write reached; every caller whose keys were in it is told. */
type Seen = (position: string) => void;
type Send<Key, Row> = (keys: readonly Key[], seen: Seen) => Promise<Row[]>;

/**
 * Sends what several callers want as one statement, in the way of the first of them; answers to each in the words it
 * would have had alone.
 */
export type Share<Key, Row extends Answer> = (
  keys: readonly Key[],
  deadline: number,
  send: Send<Key, Row>,
  seen?: Seen,
) => Promise<Row[]>;

/**
 * Two at once: while the first of two that want the same row waits for its disk, the second is planned and sent. With
 * one the disk is waited for by everybody, with four the same rows cost more statements.
 */
const mostUnderWay = 2;
/** More keys in a statement save nothing more and make everybody in it wait. */
const mostKeys = 256;

interface Waiting<Key, Row> {
  readonly keys: readonly Key[];
  readonly deadline: number;
  readonly send: Send<Key, Row>;
  readonly seen: Seen | undefined;
  readonly done: (rows: Row[]) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Callers who come in the same turn of the event loop share a statement, and those who come while statements are under
 * way wait and then share one, in the order in which they came. No timer: whoever comes alone is sent at the end of the
 * turn. Sent at once, the first two of every turn went alone: a checkout cost half as much again, a whole purchase two
 * fifths more [m]. One who has run out of time is not sent any more; a mistake in what one of them wants fails that one
 * alone.
 */
export function openSharing<Key, Row extends Answer>(): Share<Key, Row> {
  const waiting: Waiting<Key, Row>[] = [];
  let underWay = 0;
  let isTurnsEndAwaited = false;

  const next = (): void => {
    while (underWay < mostUnderWay && waiting.length > 0) {
      const group = takeGroup(waiting);
      if (group.length === 0) continue;
      underWay++;
      void sendGroup(group).finally(() => {
        underWay--;
        next();
      });
    }
  };
  const atTurnsEnd = (): void => {
    if (isTurnsEndAwaited) return;
    isTurnsEndAwaited = true;
    setImmediate(() => {
      isTurnsEndAwaited = false;
      next();
    });
  };
  return (keys, deadline, send, seen) =>
    new Promise<Row[]>((done, failed) => {
      waiting.push({ keys, deadline, send, seen, done, failed });
      atTurnsEnd();
    });
}

/** Those who came first, without those whose time is over: these are told. */
function takeGroup<Key, Row>(waiting: Waiting<Key, Row>[]): Waiting<Key, Row>[] {
  const now = systemClock.now();
  const group: Waiting<Key, Row>[] = [];
  let size = 0;
  let taken = 0;
  for (const one of waiting) {
    if (group.length > 0 && size + one.keys.length > mostKeys) break;
    taken++;
    if (now > one.deadline) {
      one.failed(tooLate());
      continue;
    }
    size += one.keys.length;
    group.push(one);
  }
  waiting.splice(0, taken);
  return group;
}

async function sendGroup<Key, Row extends Answer>(group: readonly Waiting<Key, Row>[]): Promise<void> {
  const [first, ...others] = group;
  if (!first) return;
  const seen = (position: string) => {
    for (const one of group) one.seen?.(position);
  };
  try {
    handOut(
      await first.send(
        group.flatMap((one) => one.keys),
        seen,
      ),
      group,
    );
  } catch (error) {
    // A machine that failed has failed for everybody; anything else is about one of them, nobody knows which.
    if (error instanceof Fault || others.length === 0) {
      for (const one of group) one.failed(error);
      return;
    }
    await Promise.all(group.map((one) => sendGroup([one])));
  }
}

function handOut<Key, Row extends Answer>(rows: Row[], group: readonly Waiting<Key, Row>[]): void {
  const [first, ...others] = group;
  if (first && others.length === 0) {
    first.done(rows);
    return;
  }
  const owners: number[] = [];
  const firsts: number[] = [];
  const own: Row[][] = group.map(() => []);
  group.forEach((one, index) => {
    firsts.push(owners.length);
    for (const _ of one.keys) owners.push(index);
  });
  for (const row of rows) {
    const owner = owners[row.at - 1];
    if (owner === undefined) throw new Error(`a statement answered to key ${row.at} of ${owners.length}`);
    own[owner]?.push({ ...row, at: row.at - (firsts[owner] ?? 0) });
  }
  group.forEach((one, index) => {
    one.done(own[index] ?? []);
  });
}

/** What a statement is refused with whose caller no longer waits for it. */
export const tooLate = (): Fault =>
  new Fault("database.too_late", "The request ran out of time before this statement.", { safeToRetry: true });
