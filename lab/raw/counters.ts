import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { treeOf } from "../machine/processes.ts";
import type { RunningShop } from "../shop/running.ts";

/** What the shop has used by now: CPU in milliseconds, statements and commits by number, log in bytes. */
export interface Counted {
  readonly seconds: number;
  readonly application: number;
  readonly database: number;
  readonly statements: number;
  readonly commits: number;
  readonly wal: number;
}

/** A statement's part in the database's time. Those inside functions are told apart and count in their function too. */
export interface StatementTotal {
  readonly role: string;
  readonly calls: number;
  readonly ms: number;
  readonly wal: number;
  readonly isOuter: boolean;
  readonly text: string;
}

/** Reads what the shop's processes and its database count about themselves. */
export interface Counters extends AsyncDisposable {
  /** Whether statements are counted: where the server was started with pg_stat_statements. */
  readonly hasStatements: boolean;
  read(): Promise<Counted>;
  forgetStatements(): Promise<void>;
  /** Whether an event waits in any domain's box. Asked here and not of the shop, which would be charged for it. */
  isWaiting(): Promise<boolean>;
  statements(limit: number): Promise<readonly StatementTotal[]>;
}

const loaded = "select current_setting('shared_preload_libraries') like '%pg_stat_statements%' as yes";
// A backend tells of its commits once a second at most; whoever reads waits for that.
const counts = `select (select sum(xact_commit) from pg_stat_database)::float as commits,
  (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float as wal`;
const calls = `select coalesce(sum(calls), 0)::float as n from pg_stat_statements
  where toplevel and userid::regrole::text like 'storey\\_%'`;
const boxes =
  "select format('%I.%I', schemaname, tablename) as name from pg_tables where tablename in ('outbox', 'inbox')";
const totals = `select userid::regrole::text as role, calls::float, total_exec_time + total_plan_time as ms,
    wal_bytes::float as wal, toplevel as "isOuter", query as text
  from pg_stat_statements where userid::regrole::text like 'storey\\_%' order by ms desc limit $1`;

/** Opens a connection of the superuser to the shop's database. */
export async function openCounters(shop: RunningShop, database: string): Promise<Counters> {
  const { host, port, user, password, postmasterPid } = shop.database;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  const hasStatements = (await client.query<{ yes: boolean }>(loaded)).rows[0]?.yes ?? false;
  if (hasStatements) await client.query("create extension if not exists pg_stat_statements");
  const own = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const names = (await client.query<{ name: string }>(boxes)).rows.map(
    ({ name }) => `exists(select from ${name})`,
  );
  const waiting = `select ${names.join(" or ") || "false"} as yes`;
  const backends = openCpu(() => treeOf(postmasterPid).filter((pid) => pid !== own.rows[0]?.pid));
  const application = openCpu(() => [shop.serverPid]);
  return {
    hasStatements,
    read: async () => {
      const cpu = { application: application(), database: backends() };
      const [row] = (await client.query<{ commits: number; wal: number }>(counts)).rows;
      const sent = hasStatements ? (await client.query<{ n: number }>(calls)).rows[0]?.n : 0;
      return {
        seconds: performance.now() / 1_000,
        ...cpu,
        commits: row?.commits ?? 0,
        wal: row?.wal ?? 0,
        statements: sent ?? 0,
      };
    },
    isWaiting: async () => (await client.query<{ yes: boolean }>(waiting)).rows[0]?.yes ?? false,
    forgetStatements: async () => {
      if (hasStatements) await client.query("select pg_stat_statements_reset()");
    },
    statements: async (limit) =>
      hasStatements ? (await client.query<StatementTotal>(totals, [limit])).rows : [],
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/**
 * CPU of processes in milliseconds, to the nanosecond: `/proc/…/stat` counts in hundredths of a second, more than a
 * request takes. What has ended stays counted as it was last seen.
 */
function openCpu(pids: () => readonly number[]): () => number {
  const seen = new Map<string, number>();
  return () => {
    for (const pid of pids()) {
      for (const thread of entries(`/proc/${pid}/task`)) {
        const text = textOf(`/proc/${pid}/task/${thread}/schedstat`);
        if (text) seen.set(`${pid} ${thread}`, Number(text.split(" ")[0]) / 1e6);
      }
    }
    return [...seen.values()].reduce((sum, ms) => sum + ms, 0);
  };
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
