import type pg from "pg";
import type { Context } from "#kernel/context";
import type { Bucket } from "#kernel/id";
import type { BucketRange, Database, Parameter, Statement, Store, Transaction, Writer } from "../api.ts";
import { type Answer, openSharing, type Share } from "../sharing.ts";
import { openCluster } from "./pg-cluster.ts";
import { type Connections, openConnections } from "./pg-connections.ts";
import { asFault } from "./pg-faults.ts";
import { openLead } from "./pg-lead.ts";
import { replicatedStore } from "./pg-replicated.ts";
import { tracedConnections } from "./pg-traced.ts";
import {
  checkRange,
  inTransaction,
  readerOn,
  refuseLate,
  snapshotBegin,
  writeBegin,
} from "./pg-transaction.ts";
import { openWatch } from "./pg-watch.ts";

interface Server {
  /** A directory of a unix socket, or a host name. */
  readonly host: string;
  readonly port: number;
  /** What its connections are for, where those for reads are not those for writes. */
  readonly mode?: "read" | "write";
}

/** The server, or the servers, that own every bucket of every domain given. */
export interface PgSettings extends Server {
  /** The other members of its cluster; which of them all takes writes is found out, because it changes. */
  readonly others?: readonly Server[];
  readonly database: string;
  /** Over a network: the certificate (PEM) of the authority that signed the server's. Absent: a socket. */
  readonly authority?: string;
  readonly domains: readonly string[];
  /** The password of a domain's role. */
  password(domain: string): string;
  /** How many connections this process may hold to one server; shared evenly, at least 2 a domain. */
  connections: number;
  /** Milliseconds after which the server gives a statement up. */
  statementTimeoutMs: number;
  /** Whether statements and transactions are part of traces. */
  readonly traced?: boolean;
  readonly log: (message: string, error: unknown) => void;
}

/** What connections are called that nobody writes on. */
export const readSuffix = ", read";

/** The role a domain connects as: rights to its own schema and nothing else. */
export const roleOf = (domain: string): string => `storey_${domain}`;

/** Opens pools that start empty and empty themselves when idle; of several servers each is looked at from now on. */
export const openPg = (settings: PgSettings): Database =>
  settings.others && settings.others.length > 0 ? openSeveral(settings, settings.others) : openOne(settings);

function openOne(settings: PgSettings): Database {
  const each = Math.max(2, Math.floor(settings.connections / settings.domains.length));
  const pools = new Map(
    settings.domains.map((domain) => [domain, openPool(settings, settings, domain, each)]),
  );
  const poolOf = (domain: string) => {
    const pool = pools.get(domain);
    if (!pool) throw new Error(`this process does not host ${domain}`);
    return pool;
  };
  return {
    store: (domain) => storeOn(poolOf(domain)),
    load: () => [...pools].map(([domain, pool]) => ({ domain, ...pool.load() })),
    ready: async () => {
      const [first] = pools.values();
      await first?.send("select 1").catch((error) => Promise.reject(asFault(error)));
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

/** How long a process waits for a primary when it is asked whether it can work. */
const readyMs = 2_000;

function openSeveral(settings: PgSettings, others: readonly Server[]): Database {
  const { domains } = settings;
  const [first = ""] = domains;
  // One connection of each server's is the watch's; a server has lines for reads apart from those for writes, so that
  // writes which wait for a second disk that is not there leave room for them.
  // Two at least: whoever carries a domain's events holds one while another applies what the others tell.
  const each = Math.max(2, Math.floor((settings.connections - 1) / domains.length / 2));
  const cluster = openCluster(
    [settings, ...others].map((server) => ({
      name: `${server.host}:${server.port}`,
      open: (domain, mode) => openPool(settings, { ...server, mode }, domain, each),
      watch: (told, held) => openWatch(configOf(settings, server, first), told, held),
    })),
  );
  return {
    store: (domain) => {
      if (!domains.includes(domain)) throw new Error(`this process does not host ${domain}`);
      return replicatedStore(cluster, domain);
    },
    load: () => domains.map((domain) => ({ domain, ...cluster.load(domain) })),
    ready: async () => void (await cluster.primary(undefined, performance.now() + readyMs, false)),
    positions: {
      before: async () => cluster.least(),
      now: async (domain) => openLead(cluster, domain).now(),
      reaches: cluster.timelines.reaches,
    },
    servers: () => cluster.state(),
    close: () => cluster.close(),
  };
}

function openPool(settings: PgSettings, server: Server, domain: string, most: number): Connections {
  const connections = openConnections(configOf(settings, server, domain), most, (message) =>
    settings.log(`an idle connection of ${domain} broke: ${message}`, undefined),
  );
  const { host, port } = server;
  return settings.traced ? tracedConnections(connections, { domain, host, port }) : connections;
}

/**
 * Whose best plan depends on what is asked. Elsewhere a row is found by its key whatever the key, and a plan that is
 * made anew for a list of ids took 0.23 ms where the statement took 0.08 [m].
 */
const plannedAnew: ReadonlySet<string> = new Set(["search"]);

const configOf = (settings: PgSettings, { host, port, mode }: Server, domain: string): pg.ClientConfig => ({
  host,
  port,
  database: settings.database,
  user: roleOf(domain),
  password: settings.password(domain),
  ...(settings.authority ? { ssl: { ca: settings.authority, minVersion: "TLSv1.3" } } : {}),
  application_name: `storey ${domain}${mode === "read" ? readSuffix : ""}`,
  ...(plannedAnew.has(domain) ? {} : { options: "-c plan_cache_mode=force_generic_plan" }),
  statement_timeout: settings.statementTimeoutMs,
  idle_in_transaction_session_timeout: settings.statementTimeoutMs,
  keepAlive: true,
  // They rest for minutes, and some networks forget whoever says nothing for four.
  keepAliveInitialDelayMillis: 30_000,
});

function storeOn(pool: Connections): Store {
  const anyBucket = autocommit(pool);
  const shares = new Map<Statement, unknown>();
  const each = <Key, Row extends Answer>(
    context: Context,
    keys: readonly Key[],
    bucketOf: (key: Key) => Bucket,
    statement: Statement,
    parameters: (buckets: readonly Bucket[], keys: readonly Key[]) => readonly Parameter[],
  ): Promise<Row[]> => {
    if (keys.length === 0) return Promise.resolve([]);
    const send = (all: readonly Key[]) => anyBucket.all<Row>(statement, parameters(all.map(bucketOf), all));
    const share = (shares.get(statement) as Share<Key, Row> | undefined) ?? openSharing<Key, Row>();
    shares.set(statement, share);
    return share(keys, context.deadline, send);
  };
  return {
    read: (context) => within(context, anyBucket),
    readEach: each,
    write: (context) => within(context, anyBucket),
    writeEach: each,
    sweep: (range: BucketRange) => {
      checkRange(range);
      return { ...anyBucket, snapshot: (work) => onOwnConnection(pool, snapshotBegin, work) };
    },
  };
}

function autocommit(pool: Connections): Writer {
  return {
    ...readerOn((query) => pool.send(query)),
    transaction: (work) => onOwnConnection(pool, writeBegin, work),
  };
}

function within(context: Context, writer: Writer): Writer {
  refuseLate(context);
  return writer;
}

async function onOwnConnection<T>(
  pool: Connections,
  begin: string,
  work: (t: Transaction) => Promise<T>,
): Promise<T> {
  const connection = await pool.borrow().catch((error) => Promise.reject(asFault(error)));
  return inTransaction(connection, begin, work);
}
