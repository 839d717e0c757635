import { join } from "node:path";
import pg from "pg";
import type { Driver, Running } from "../component.ts";
import { distributionPostgres, patroni } from "../packages.ts";
import { startPatroni } from "./patroni.ts";
import { type RunningPostgres, startPostgres } from "./start.ts";

const answerWithinMs = 2_000;

/** One PostgreSQL server: the embedded one behind a socket, or the distribution's, which listens with TLS. */
export const postgres: Driver<"postgres"> = {
  kind: "postgres",
  ports: ({ engine, guardian }) => [
    ...(engine === "distribution" ? ["postgres"] : []),
    ...(guardian === "patroni" ? ["patroni"] : []),
  ],
  need: ({ engine, guardian }) => [
    ...(engine === "distribution" ? [distributionPostgres] : []),
    ...(guardian === "patroni" ? [patroni] : []),
  ],
  memoryMb: ({ guardian }) => (guardian === "patroni" ? 200 : 160),
  start: async (component, site) => {
    if (component.guardian === "patroni") return startPatroni(component, site);
    const { engine } = component;
    const server = await startPostgres({
      // The embedded one lies where instances have kept it since before they had stages.
      dataDir:
        engine === "embedded" ? join(site.instanceDirectory, "postgres") : join(site.directory, "data"),
      from: engine,
      superuserPassword: site.secret("superuser"),
      ...(engine === "distribution"
        ? { listen: { endpoint: site.endpoint("postgres"), certificate: await site.certificate() } }
        : {}),
      log: site.say,
    });
    const { pid, startMark, version, adopted, socketDir: host, port } = server;
    return {
      process: { pid, startMark },
      version,
      adopted,
      local: { host, port },
      ailment: () =>
        ask(server, "select 1").then(
          () => undefined,
          (error: Error) => error.message,
        ),
      metrics: () =>
        ask(server, numbers).then(
          ([row]) => ({ ...row }),
          () => ({}),
        ),
      stop: server.stop,
    } satisfies Running;
  },
};

const numbers = `
  select count(*)::int as connections,
         (select coalesce(sum(xact_commit), 0)::float8 from pg_stat_database) as commits,
         (select coalesce(sum(xact_rollback), 0)::float8 from pg_stat_database) as rollbacks,
         (select coalesce(sum(deadlocks), 0)::float8 from pg_stat_database) as deadlocks,
         (select coalesce(sum(pg_database_size(oid)), 0)::float8 from pg_database) as bytes
  from pg_stat_activity where backend_type = 'client backend'`;

async function ask(server: RunningPostgres, statement: string): Promise<Record<string, number>[]> {
  const { socketDir: host, port, superuser } = server;
  const client = new pg.Client({
    host,
    port,
    ...superuser,
    ssl: false,
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
  });
  try {
    await client.connect();
    return (await client.query<Record<string, number>>(statement)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
