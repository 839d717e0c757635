import { AsyncLocalStorage } from "node:async_hooks";
import { systemClock } from "#kernel/clock";
import type { Context } from "#kernel/context";
import { Fault } from "#kernel/refusal";
import { KeyTaken } from "../api.ts";
import { digitsOf, formatPosition, unknownPosition } from "../position.ts";
import type { Cluster, Member, Mode } from "./pg-cluster.ts";
import type { Borrowed, Query, Rows } from "./pg-connections.ts";
import { asFault, isForAnother, isLost, silent } from "./pg-faults.ts";

/** For whom something is asked: what they have seen, until when they wait (by `performance.now()`), who hears. */
export interface Asker {
  readonly token: string | undefined;
  readonly deadline: number;
  /** Told where a write reached, or that nobody knows. */
  told(position: string): void;
}

/** What one domain asks of a cluster: of the server that has it, and of the next one where that can do no harm. */
export interface Lead {
  askerOf(context: Context): Asker;
  /** Who asks for no caller: no token, nobody who hears, and ten seconds to find the primary. */
  nobody(): Asker;
  /** Asks a replica that has what was seen; what fails there, and what none has, is asked of the primary. */
  read<T>(asker: Asker, ask: (member: Member) => Promise<T>): Promise<T>;
  /** A write that commits by itself. */
  write(asker: Asker, query: Query): Promise<Rows>;
  /** As `write`, for nobody: it takes as long as the server lets it. */
  sweep(query: Query): Promise<Rows>;
  /** How far what is committed reaches. */
  now(): Promise<string | undefined>;
  /** Ends when there is a primary that has what was seen. */
  found(asker: Asker): Promise<void>;
  /** Lends a connection to the primary; again, to the next one, where the first refused because it follows. */
  lend<T>(asker: Asker, work: (on: Borrowed) => Promise<T>): Promise<T>;
  commit(asker: Asker, on: Borrowed): Promise<void>;
}

const nobodysMs = 10_000;
/** What a timer can count. */
const longestMs = 2 ** 31 - 1;

/**
 * Sent behind a commit, since what a statement says of the position lies before its own commit record. What is
 * committed here was flushed before it is answered; what is not (the relay's deletes) nobody asks the position of.
 */
const seen: Query = {
  name: "storey_seen",
  text: "select pg_walfile_name(at) as file, at::text from pg_current_wal_flush_lsn() as at",
};

/** Whose transaction is under way: what it writes elsewhere has to end before the lead can move. */
const underWay = new AsyncLocalStorage<true>();

const begins = (mode: Mode): boolean => mode === "write" && underWay.getStore() === undefined;

export function openLead(cluster: Cluster, domain: string): Lead {
  const on = (member: Member) => member.connections(domain, "write");

  /** Asks the primary, and whoever leads next while that may be. */
  async function led<T>(
    mode: Mode,
    { token, deadline }: Asker,
    mayRepeat: (error: unknown) => boolean,
    work: (primary: Member) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const primary = await cluster.primary(token, deadline, begins(mode));
      try {
        return await work(primary);
      } catch (error) {
        if (!mayRepeat(error) || performance.now() >= deadline) throw asFault(error);
        await cluster.lookAgain(primary);
      }
    }
  }

  function positionOf(row: Rows[number] | undefined): string {
    const incarnation = cluster.incarnation;
    if (!row || incarnation === undefined) return unknownPosition;
    const timeline = Number.parseInt(String(row["file"]).slice(0, 8), 16);
    return formatPosition({ incarnation, timeline, at: digitsOf(String(row["at"])) });
  }

  const writeOn = async (primary: Member, { deadline, told }: Asker, query: Query): Promise<Rows> => {
    const [rows, position] = on(primary).sendBoth(query, seen);
    const reached = position.then(
      ([row]) => told(positionOf(row)),
      () => told(unknownPosition),
    );
    try {
      const written = await until(deadline, false, rows);
      await until(deadline, false, reached);
      return written;
    } catch (error) {
      // The row that stands in the way is one that the caller has to be able to see.
      if (asFault(error) instanceof KeyTaken) await until(deadline, false, reached).catch(() => undefined);
      throw error;
    }
  };

  const nobody = (): Asker => ({
    token: undefined,
    deadline: performance.now() + nobodysMs,
    told: () => undefined,
  });
  return {
    nobody,
    askerOf: (context) => ({
      token: context.readToken.get(domain),
      deadline: performance.now() + context.deadline - systemClock.now(),
      told: (position) => {
        const before = context.readToken.get(domain);
        // Two writes of one request may end in either order.
        if (before !== undefined && cluster.timelines.reaches(before, position)) return;
        context.readToken.set(domain, position);
      },
    }),
    read: async (asker, ask) => {
      const { token, deadline } = asker;
      const replica = cluster.replica(token);
      if (replica) {
        try {
          return await replica.reading(() => until(deadline, true, ask(replica)));
        } catch (error) {
          if (performance.now() >= deadline) throw asFault(error);
          if (isLost(error)) replica.distrust();
        }
      }
      return led("read", asker, isLost, (primary) =>
        primary.reading(() => until(deadline, true, ask(primary))),
      );
    },
    write: async (asker, query) => {
      try {
        return await led("write", asker, isForAnother, (primary) => writeOn(primary, asker, query));
      } catch (error) {
        if (error instanceof Fault && !error.safeToRetry) asker.told(unknownPosition);
        throw error;
      }
    },
    sweep: (query) => led("write", nobody(), isForAnother, (primary) => on(primary).send(query)),
    now: async () => {
      const asker = nobody();
      const [row] = await led("read", asker, isLost, (primary) =>
        until(asker.deadline, true, primary.connections(domain, "read").send(seen)),
      );
      return positionOf(row);
    },
    found: async ({ token, deadline }) => void (await cluster.primary(token, deadline, begins("write"))),
    lend: (asker, work) =>
      led(
        "write",
        asker,
        (error) => isForAnother(error) || isForAnother((error as Error).cause),
        async (primary) => {
          const borrowed = await on(primary).borrow();
          return underWay.run(true, () => work(borrowed));
        },
      ),
    commit: async ({ deadline, told }, borrowed) => {
      const committed = borrowed.send("commit");
      const position = borrowed.send(seen).then(
        ([row]) => positionOf(row),
        () => unknownPosition,
      );
      try {
        await until(deadline, false, committed);
      } catch (error) {
        told(unknownPosition);
        throw error;
      }
      told(await position);
    },
  };
}

/** Nobody waits longer than that, also for a server that keeps silent: it may be waiting for a second disk. */
function until<T>(deadline: number, safeToRetry: boolean, work: Promise<T>): Promise<T> {
  const leftMs = deadline - performance.now();
  if (leftMs > longestMs) return work;
  return new Promise((resolve, reject) => {
    const late = () => reject(new Fault(silent, "The database did not answer in time.", { safeToRetry }));
    const timer = setTimeout(late, Math.max(1, leftMs));
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
