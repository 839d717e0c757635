import type { Driver, Running } from "../component.ts";
import { distributionPostgres, patroni } from "../packages.ts";
import { dataDirectory } from "./data-directory.ts";
import { numbersOf } from "./numbers.ts";
import { startPatroni } from "./patroni.ts";
import { startPostgres } from "./start.ts";
import { askServer } from "./superuser.ts";

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
    const password = site.secret("superuser");
    const server = await startPostgres({
      dataDir: dataDirectory(site, engine),
      from: engine,
      host: site.host,
      superuserPassword: password,
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
        askServer({ host, port }, password, "select 1").then(
          () => undefined,
          (error: Error) => error.message,
        ),
      metrics: () => numbersOf({ host, port }, password).catch(() => ({})),
      stop: server.stop,
    } satisfies Running;
  },
};
