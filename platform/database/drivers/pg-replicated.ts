import type { Context } from "#kernel/context";
import type { Bucket } from "#kernel/id";
import type { BucketRange, Parameter, Reader, Statement, Store, Transaction, Writer } from "../api.ts";
import { type Answer, openSharing, type Share } from "../sharing.ts";
import type { Cluster, Member } from "./pg-cluster.ts";
import type { Borrowed, Connections, Query } from "./pg-connections.ts";
import { type Asker, type Lead, openLead } from "./pg-lead.ts";
import {
  checkRange,
  inTransaction,
  queryOf,
  readerOn,
  refuseLate,
  snapshotBegin,
  writeBegin,
} from "./pg-transaction.ts";

/** A statement of several keys, as `readEach` and `writeEach` are given it. */
type Each<Key> = readonly [
  context: Context,
  keys: readonly Key[],
  bucketOf: (key: Key) => Bucket,
  statement: Statement,
  parameters: (buckets: readonly Bucket[], keys: readonly Key[]) => readonly Parameter[],
];

/**
 * A domain's rows on a primary and its replicas: writes and sweeps go to the primary, reads to a replica that has what
 * the caller has seen.
 */
export const replicatedStore = (cluster: Cluster, domain: string): Store =>
  new Replicated(domain, openLead(cluster, domain));

class Replicated implements Store {
  readonly #domain: string;
  readonly #lead: Lead;
  /** Callers share with those whose statement goes to the same server. */
  readonly #shares = new Map<Statement, Map<Member | "write", unknown>>();

  constructor(domain: string, lead: Lead) {
    this.#domain = domain;
    this.#lead = lead;
  }

  read(context: Context): Reader {
    refuseLate(context);
    return readerOn((query) =>
      this.#lead.read(this.#lead.askerOf(context), (member) => this.#on(member).send(query)),
    );
  }

  async readEach<Key, Row extends Answer>(...each: Each<Key>): Promise<Row[]> {
    const [context, keys, , statement] = each;
    if (keys.length === 0) return [];
    return this.#lead.read(this.#lead.askerOf(context), (member) =>
      this.#share<Key, Row>(statement, member)(
        keys,
        context.deadline,
        async (all) => (await this.#on(member).send(queryOfAll(each, all))) as Row[],
      ),
    );
  }

  write(context: Context): Writer {
    refuseLate(context);
    const asker = () => this.#lead.askerOf(context);
    return {
      ...readerOn((query) => this.#lead.write(asker(), query)),
      transaction: (work) => {
        const own = asker();
        return this.#transaction(own, writeBegin, work, (on) => this.#lead.commit(own, on));
      },
    };
  }

  async writeEach<Key, Row extends Answer>(...each: Each<Key>): Promise<Row[]> {
    const [context, keys, , statement] = each;
    if (keys.length === 0) return [];
    const asker = this.#lead.askerOf(context);
    // Who has seen a later timeline waits for its primary before they share with those who have not.
    await this.#lead.found(asker);
    return this.#share<Key, Row>(statement, "write")(
      keys,
      context.deadline,
      async (all, told) => (await this.#lead.write({ ...asker, told }, queryOfAll(each, all))) as Row[],
      asker.told,
    );
  }

  sweep(range: BucketRange): ReturnType<Store["sweep"]> {
    checkRange(range);
    return {
      ...readerOn((query) => this.#lead.sweep(query)),
      transaction: (work) => this.#transaction(this.#lead.nobody(), writeBegin, work),
      snapshot: (work) => this.#transaction(this.#lead.nobody(), snapshotBegin, work),
    };
  }

  #transaction<T>(
    asker: Asker,
    begin: string,
    work: (t: Transaction) => Promise<T>,
    end?: (on: Borrowed) => Promise<void>,
  ): Promise<T> {
    return this.#lead.lend(asker, (on) => inTransaction(on, begin, work, end));
  }

  #on(member: Member): Connections {
    return member.connections(this.#domain, "read");
  }

  #share<Key, Row extends Answer>(statement: Statement, where: Member | "write"): Share<Key, Row> {
    const there = this.#shares.get(statement) ?? new Map<Member | "write", unknown>();
    this.#shares.set(statement, there);
    const share = (there.get(where) as Share<Key, Row> | undefined) ?? openSharing<Key, Row>();
    there.set(where, share);
    return share;
  }
}

function queryOfAll<Key>([, , bucketOf, statement, parameters]: Each<Key>, all: readonly Key[]): Query {
  return queryOf(statement, parameters(all.map(bucketOf), all));
}
