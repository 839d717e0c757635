import { isoTime } from "#kernel/clock";
import type { Event } from "#kernel/event";
import { type Bucket, firstIdAt, fromBigint, type Id, timeOf, toBigint } from "#kernel/id";
import { type Statement, sql, type Transaction, type Writer } from "#platform/database/api";

/** An event on its way to a bucket of a consumer. */
export interface Arrival {
  readonly bucket: Bucket;
  readonly event: Event;
}

/** An event in somebody's inbox, with the version up to which its aggregate was applied there. */
export interface Waiting extends Arrival {
  readonly source: string;
  readonly applied: number;
}

/** Versions `first` to `last` of an aggregate, with none missing, on their way to one bucket of a consumer. */
export interface Run {
  readonly bucket: Bucket;
  readonly aggregate: Id<string>;
  readonly events: readonly Event[];
}

interface EventRow {
  readonly bucket: number;
  readonly id: string;
  readonly type: string;
  readonly aggregate: string;
  readonly version: number;
  readonly at: Date;
  readonly body: unknown;
}

const eventOf = (row: EventRow): Event => ({
  id: fromBigint<"event">(row.id),
  type: row.type,
  aggregate: fromBigint<string>(row.aggregate),
  version: row.version,
  at: row.at.getTime(),
  body: row.body,
});

// Of several processes one carries a domain's events at a time: what two carried would be applied once all the same,
// and paid for twice. The lock goes with the transaction, and with the process. The transaction deletes and does
// nothing else: if a crash undoes that, the same events come again and are ignored. So nobody waits for the disk at its
// end, only at the end of the deliveries before it. `bucket + 0` keeps the planner, which takes the table for empty,
// from the primary key: through that it would read the entries of all rows that were ever deleted.
const peekOutbox = sql(
  "outbox_peek",
  `with carrying as materialized (
     select pg_try_advisory_xact_lock(hashtextextended($4, 0)) as mine,
       set_config('synchronous_commit', 'off', true) as waits
   )
   select c.mine, o.* from carrying c left join lateral (
     select bucket, id, type, aggregate, version, at, body from outbox
     where c.mine and bucket + 0 between $1 and $2 and id >= $5 order by id limit $3
   ) o on true`,
);
const dropOutbox = sql(
  "outbox_drop",
  `delete from outbox o using unnest($1::int[], $2::bigint[]) as gone (bucket, id)
   where o.bucket = gone.bucket and o.id = gone.id`,
);
// What is not the next version claims nothing; nor does what somebody else has claimed meanwhile, which this waits for.
const claimRuns = sql(
  "applied_claim",
  `with asked as (
     select * from unnest($2::int[], $3::bigint[], $4::int[], $5::int[]) as r (bucket, aggregate, first, last)
   ), raised as (
     update applied a set version = r.last from asked r
     where r.first > 1 and a.bucket = r.bucket and a.source = $1 and a.aggregate = r.aggregate
       and a.version = r.first - 1
     returning a.bucket, a.aggregate
   ), begun as (
     insert into applied (bucket, source, aggregate, version)
     select bucket, $1, aggregate, last from asked where first = 1
     on conflict do nothing returning bucket, aggregate
   )
   select bucket, aggregate from raised union all select bucket, aggregate from begun`,
);
// A relay that copies what another has copied and the consumer has applied must leave no second trace.
const fillInbox = sql(
  "inbox_fill",
  `insert into inbox (bucket, source, aggregate, version, id, type, at, body)
   select e.bucket, $1, e.aggregate, e.version, e.id, e.type, e.at, e.body
   from unnest($2::int[], $3::bigint[], $4::int[], $5::bigint[], $6::text[], $7::timestamptz[], $8::jsonb[])
     as e (bucket, aggregate, version, id, type, at, body)
   where not exists (select 1 from applied a where a.bucket = e.bucket and a.source = $1
     and a.aggregate = e.aggregate and a.version >= e.version)
   on conflict do nothing`,
);
// Where order matters ($5 names the sources where it does not) only the next version of each aggregate is taken, so
// that a gap waits and holds up nobody else.
const takeInbox = sql(
  "inbox_take",
  `select i.bucket, i.source, i.aggregate, i.version, i.id, i.type, i.at, i.body, coalesce(a.version, 0) as applied
   from inbox i left join applied a on a.bucket = i.bucket and a.source = i.source and a.aggregate = i.aggregate
   where i.bucket between $1 and $2 and not i.aggregate = any($3::bigint[])
     and (i.version <= coalesce(a.version, 0) + 1 or i.source = any($5::text[]))
   order by i.id limit $4 for update of i skip locked`,
);
const dropInbox = sql(
  "inbox_drop",
  `delete from inbox i
   using unnest($1::int[], $2::text[], $3::bigint[], $4::int[]) as done (bucket, source, aggregate, version)
   where i.bucket = done.bucket and i.source = done.source and i.aggregate = done.aggregate
     and i.version = done.version`,
);
// As in peekOutbox: by its own index, not through the entries of what was deleted.
const lookInto = sql(
  "boxes_look",
  `select exists(select from outbox where bucket + 0 between $1 and $2 order by id limit 1) as leaving,
     exists(select from inbox where bucket between $1 and $2 limit 1) as arriving`,
);
const countOutbox = sql(
  "outbox_count",
  "select count(*)::int as waiting, min(at) as oldest from outbox where bucket between $1 and $2",
);
const countInbox = sql(
  "inbox_count",
  "select count(*)::int as waiting, min(at) as oldest from inbox where bucket between $1 and $2",
);

export const outbox = {
  /**
   * The oldest events of a domain that nobody has carried yet, of those made since `since` (milliseconds since 1970;
   * what was deleted before need not be waded through). Undefined while another process carries. Until the transaction
   * ends nobody else does.
   */
  peek: async (
    on: Transaction,
    domain: string,
    since: number,
    limit: number,
  ): Promise<readonly Arrival[] | undefined> => {
    const rows = await on.all<EventRow & { mine: boolean }>(peekOutbox, [
      0,
      1023,
      limit,
      `outbox of ${domain}`,
      toBigint(firstIdAt(since)),
    ]);
    if (!rows[0]?.mine) return undefined;
    // With nothing to carry, the lock is told in a row without an event.
    return rows.flatMap((row) => (row.id === null ? [] : [{ bucket: row.bucket, event: eventOf(row) }]));
  },
  drop: (on: Transaction, carried: readonly Arrival[]) =>
    on.all(dropOutbox, [carried.map((c) => c.bucket), carried.map((c) => toBigint(c.event.id))]),
};

/** When the newest of these was made, by its id. */
export const newestOf = (carried: readonly Arrival[]): number =>
  carried.reduce((newest, { event }) => Math.max(newest, timeOf(event.id)), 0);

/** Remembers runs as applied, those that are next; answers which these are. */
export async function claim(on: Transaction, source: string, runs: readonly Run[]): Promise<Run[]> {
  const rows = await on.all<{ bucket: number; aggregate: string }>(claimRuns, [
    source,
    runs.map((run) => run.bucket),
    runs.map((run) => toBigint(run.aggregate)),
    runs.map((run) => run.events[0]?.version ?? 0),
    runs.map((run) => run.events.at(-1)?.version ?? 0),
  ]);
  const claimed = new Set(rows.map((row) => `${row.bucket} ${fromBigint(row.aggregate)}`));
  return runs.filter((run) => claimed.has(`${run.bucket} ${run.aggregate}`));
}

export const inbox = {
  /** Copies events into a consumer's inbox; what is there or was applied stays as it is. */
  fill: (on: Writer, source: string, arriving: readonly Arrival[]) =>
    on.all(fillInbox, [
      source,
      arriving.map((a) => a.bucket),
      arriving.map((a) => toBigint(a.event.aggregate)),
      arriving.map((a) => a.event.version),
      arriving.map((a) => toBigint(a.event.id)),
      arriving.map((a) => a.event.type),
      arriving.map((a) => isoTime(a.event.at)),
      arriving.map((a) => JSON.stringify(a.event.body)),
    ]),
  /** What can be applied now, and what was already. */
  take: async (
    on: Transaction,
    except: readonly Id<string>[],
    unordered: readonly string[],
    limit: number,
  ): Promise<Waiting[]> => {
    const rows = await on.all<EventRow & { source: string; applied: number }>(takeInbox, [
      0,
      1023,
      except.map(toBigint),
      limit,
      unordered,
    ]);
    return rows.map((row) => ({
      bucket: row.bucket,
      source: row.source,
      applied: row.applied,
      event: eventOf(row),
    }));
  },
  drop: (on: Transaction, done: readonly Waiting[]) =>
    on.all(dropInbox, [
      done.map((a) => a.bucket),
      done.map((a) => a.source),
      done.map((a) => toBigint(a.event.aggregate)),
      done.map((a) => a.event.version),
    ]),
};

/** Whether anything stands in either box. */
export async function look(on: Writer): Promise<{ leaving: boolean; arriving: boolean }> {
  const row = await on.one<{ leaving: boolean; arriving: boolean }>(lookInto, [0, 1023]);
  return row ?? { leaving: false, arriving: false };
}

/** How many rows wait in a box, and since when (milliseconds since 1970). */
export async function waiting(
  on: Writer,
  box: "inbox" | "outbox",
): Promise<{ waiting: number; since: number }> {
  const statement: Statement = box === "inbox" ? countInbox : countOutbox;
  const row = await on.one<{ waiting: number; oldest: Date | null }>(statement, [0, 1023]);
  return { waiting: row?.waiting ?? 0, since: row?.oldest?.getTime() ?? 0 };
}
