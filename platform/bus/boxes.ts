import { isoTime } from "#kernel/clock";
import type { Event } from "#kernel/event";
import { type Bucket, fromBigint, type Id, toBigint } from "#kernel/id";
import { type Statement, sql, type Transaction, type Writer } from "#platform/database/api";

/** An event in somebody's inbox, with the version up to which its aggregate was applied there. */
export interface Arrival {
  readonly bucket: Bucket;
  readonly source: string;
  readonly applied: number;
  readonly event: Event;
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

const peekOutbox = sql(
  "outbox_peek",
  `select bucket, id, type, aggregate, version, at, body from outbox
   where bucket between $1 and $2 order by id limit $3`,
);
const dropOutbox = sql(
  "outbox_drop",
  `delete from outbox o using unnest($1::int[], $2::bigint[]) as gone (bucket, id)
   where o.bucket = gone.bucket and o.id = gone.id`,
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
// Only the next version of each aggregate is taken, so that a gap waits and holds up nobody else.
const takeInbox = sql(
  "inbox_take",
  `select i.bucket, i.source, i.aggregate, i.version, i.id, i.type, i.at, i.body, coalesce(a.version, 0) as applied
   from inbox i left join applied a on a.bucket = i.bucket and a.source = i.source and a.aggregate = i.aggregate
   where i.bucket between $1 and $2 and i.version <= coalesce(a.version, 0) + 1 and not i.aggregate = any($3::bigint[])
   order by i.id limit $4 for update of i skip locked`,
);
const settleInbox = sql(
  "inbox_settle",
  `with done as (
     select * from unnest($1::int[], $2::text[], $3::bigint[], $4::int[]) as d (bucket, source, aggregate, version)
   ), latest as (
     select bucket, source, aggregate, max(version) as version from done group by 1, 2, 3
   ), raised as (
     update applied a set version = greatest(a.version, l.version) from latest l
     where a.bucket = l.bucket and a.source = l.source and a.aggregate = l.aggregate
     returning a.bucket, a.source, a.aggregate
   ), begun as (
     insert into applied (bucket, source, aggregate, version)
     select bucket, source, aggregate, version from latest l where not exists (
       select 1 from raised r where r.bucket = l.bucket and r.source = l.source and r.aggregate = l.aggregate)
     on conflict do nothing
   )
   delete from inbox i using done d
   where i.bucket = d.bucket and i.source = d.source and i.aggregate = d.aggregate and i.version = d.version`,
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
  /** The oldest events that nobody has carried yet. */
  peek: async (on: Writer, limit: number): Promise<readonly { bucket: Bucket; event: Event }[]> => {
    const rows = await on.all<EventRow>(peekOutbox, [0, 1023, limit]);
    return rows.map((row) => ({ bucket: row.bucket, event: eventOf(row) }));
  },
  drop: (on: Writer, carried: readonly { bucket: Bucket; event: Event }[]) =>
    on.all(dropOutbox, [carried.map((c) => c.bucket), carried.map((c) => toBigint(c.event.id))]),
};

export const inbox = {
  /** Copies events into a consumer's inbox; what is there or was applied stays as it is. */
  fill: (on: Writer, source: string, arriving: readonly { bucket: Bucket; event: Event }[]) =>
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
  take: async (on: Transaction, except: readonly Id<string>[], limit: number): Promise<Arrival[]> => {
    const rows = await on.all<EventRow & { source: string; applied: number }>(takeInbox, [
      0,
      1023,
      except.map(toBigint),
      limit,
    ]);
    return rows.map((row) => ({
      bucket: row.bucket,
      source: row.source,
      applied: row.applied,
      event: eventOf(row),
    }));
  },
  settle: (on: Transaction, done: readonly Arrival[]) =>
    on.all(settleInbox, [
      done.map((a) => a.bucket),
      done.map((a) => a.source),
      done.map((a) => toBigint(a.event.aggregate)),
      done.map((a) => a.event.version),
    ]),
};

/** How many rows wait in a box, and since when (milliseconds since 1970). */
export async function waiting(
  on: Writer,
  box: "inbox" | "outbox",
): Promise<{ waiting: number; since: number }> {
  const statement: Statement = box === "inbox" ? countInbox : countOutbox;
  const row = await on.one<{ waiting: number; oldest: Date | null }>(statement, [0, 1023]);
  return { waiting: row?.waiting ?? 0, since: row?.oldest?.getTime() ?? 0 };
}
