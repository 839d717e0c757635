import { systemClock } from "#kernel/clock";
import type { Context } from "#kernel/context";
import { Fault } from "#kernel/refusal";
import {
  allBuckets,
  type BucketRange,
  type Parameter,
  type Reader,
  type Statement,
  type Transaction,
} from "../api.ts";
import { tooLate } from "../sharing.ts";
import type { Borrowed, Query, Rows } from "./pg-connections.ts";
import { asFault, silent } from "./pg-faults.ts";

export const writeBegin = "begin";
export const snapshotBegin = "begin isolation level repeatable read read only";

/** Refuses to begin what the caller no longer waits for. */
export function refuseLate(context: Context): void {
  if (systemClock.now() > context.deadline) throw tooLate();
}

export function checkRange(range: BucketRange): void {
  if (range.from < allBuckets.from || range.to > allBuckets.to) throw new Error("no such buckets");
}

/** Reads and writes through `send`, with the port's own errors. */
export function readerOn(send: (query: Query) => Promise<Rows>): Reader {
  const all = async <Row>(statement: Statement, parameters: readonly Parameter[]): Promise<Row[]> => {
    try {
      return (await send(queryOf(statement, parameters))) as Row[];
    } catch (error) {
      throw asFault(error);
    }
  };
  return { all, one: async <Row>(s: Statement, p: readonly Parameter[]) => (await all<Row>(s, p))[0] };
}

export const queryOf = ({ name, text }: Statement, values: readonly Parameter[]): Query => ({
  name,
  text,
  values,
});

/** Runs `work` in a transaction on a connection of its own. `end` commits; without it that is all there is to do. */
export async function inTransaction<T>(
  connection: Borrowed,
  begin: string,
  work: (t: Transaction) => Promise<T>,
  end: (on: Borrowed) => Promise<unknown> = (on) => on.send("commit"),
): Promise<T> {
  let broken = false;
  // Sent together with the first statement; waited for before anything is committed.
  const begun = connection.send(begin);
  begun.catch(() => undefined);
  try {
    const result = await work({ ...readerOn(connection.send), open: true });
    await begun;
    await end(connection);
    return result;
  } catch (error) {
    const isSilent = error instanceof Fault && error.code === silent;
    const rolledBack = isSilent ? Promise.reject(error) : connection.send("rollback");
    await rolledBack.catch(() => {
      broken = true;
    });
    throw asFault(error);
  } finally {
    connection.giveBack(broken);
  }
}
