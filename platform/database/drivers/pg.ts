import { systemClock } from "#kernel/clock";
import type { Context } from "#kernel/context";
import type { Bucket } from "#kernel/id";
import { Fault } from "#kernel/refusal";
import {
  allBuckets,
  type BucketRange,
  type Database,
  KeyTaken,
  type Parameter,
  type Reader,
  type Statement,
  type Store,
  type Transaction,
  type Writer,
} from "../api.ts";
import { type Answer, openSharing, type Share, tooLate } from "../sharing.ts";
import { type Connections, openConnections } from "./pg-connections.ts";

/** One PostgreSQL server that owns every bucket of every domain given: stages 1 and 2. */
export interface PgSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** Over a network: the certificate (PEM) of the authority that signed the server's. Absent: a socket. */
  readonly authority?: string;
  readonly domains: readonly string[];
  /** The password of a domain's role. */
  password(domain: string): string;
  /** How many connections this process may hold in all; shared evenly, at least 2 a domain. */
  connections: number;
  /** Milliseconds after which the server gives a statement up. */
  statementTimeoutMs: number;
  readonly log: (message: string, error: unknown) => void;
}

/** The role a domain connects as: rights to its own schema and nothing else. */
export const roleOf = (domain: string): string => `storey_${domain}`;

/** Opens pools that start empty and empty themselves when idle; nothing is connected yet. */
export function openPg(settings: PgSettings): Database {
  const each = Math.max(2, Math.floor(settings.connections / settings.domains.length));
  const pools = new Map(settings.domains.map((domain) => [domain, openPool(settings, domain, each)]));
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

function openPool(settings: PgSettings, domain: string, most: number): Connections {
  return openConnections(
    {
      host: settings.host,
      port: settings.port,
      database: settings.database,
      user: roleOf(domain),
      password: settings.password(domain),
      ...(settings.authority ? { ssl: { ca: settings.authority, minVersion: "TLSv1.3" } } : {}),
      application_name: `storey ${domain}`,
      statement_timeout: settings.statementTimeoutMs,
      idle_in_transaction_session_timeout: settings.statementTimeoutMs,
      keepAlive: true,
    },
    most,
    (message) => settings.log(`an idle connection of ${domain} broke: ${message}`, undefined),
  );
}

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
      if (range.from < allBuckets.from || range.to > allBuckets.to) throw new Error("no such buckets");
      return { ...anyBucket, snapshot: (work) => inTransaction(pool, snapshotBegin, work) };
    },
  };
}

const writeBegin = "begin";
const snapshotBegin = "begin isolation level repeatable read read only";

function autocommit(pool: Connections): Writer {
  return {
    ...readerOn((query) => pool.send(query)),
    transaction: (work) => inTransaction(pool, writeBegin, work),
  };
}

/** Refuses to begin what the caller no longer waits for. */
function within(context: Context, writer: Writer): Writer {
  if (systemClock.now() > context.deadline) throw tooLate();
  return writer;
}

function readerOn(send: Connections["send"]): Reader {
  const all = async <Row>(statement: Statement, parameters: readonly Parameter[]): Promise<Row[]> => {
    try {
      const { name, text } = statement;
      return (await send({ name, text, values: parameters as Parameter[] })) as Row[];
    } catch (error) {
      throw asFault(error);
    }
  };
  return { all, one: async <Row>(s: Statement, p: readonly Parameter[]) => (await all<Row>(s, p))[0] };
}

async function inTransaction<T>(
  pool: Connections,
  begin: string,
  work: (t: Transaction) => Promise<T>,
): Promise<T> {
  const connection = await pool.borrow().catch((error) => Promise.reject(asFault(error)));
  let broken = false;
  // Sent together with the first statement; waited for before anything is committed.
  const begun = connection.send(begin);
  begun.catch(() => undefined);
  try {
    const result = await work({ ...readerOn(connection.send), open: true });
    await begun;
    await connection.send("commit");
    return result;
  } catch (error) {
    await connection.send("rollback").catch(() => {
      broken = true;
    });
    throw asFault(error);
  } finally {
    connection.giveBack(broken);
  }
}

const uniqueViolation = "23505";
/** The server is there, and takes no connections yet. */
const startingUp = "57P03";
/** Classes of SQLSTATE that mean "certainly not done, and may work the next time". */
const retriableStates = new Set(["40001", "40P01", "55P03", "53300"]);

function asFault(error: unknown): Error {
  if (error instanceof Fault || error instanceof KeyTaken) return error;
  if (!(error instanceof Error)) return new Fault("database.failed", String(error));
  const { code, constraint } = error as Error & { code?: string; constraint?: string };
  if (code === uniqueViolation) return new KeyTaken(constraint ?? "");
  const refused =
    code === "ECONNREFUSED" ||
    code === "ENOENT" ||
    code === startingUp ||
    error.message.includes("timeout exceeded when");
  const gone =
    refused || code?.startsWith("08") || code?.startsWith("57P") || error.message.includes("terminated");
  if (gone) {
    return new Fault("database.unreachable", "The database cannot be reached.", {
      cause: error,
      safeToRetry: refused,
    });
  }
  if (code && retriableStates.has(code)) {
    return new Fault("database.busy", "The database asks to try again.", { cause: error, safeToRetry: true });
  }
  // What is left is a mistake of ours in a statement, or work of the domain that threw: passed on as it is.
  return error;
}
