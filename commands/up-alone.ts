import { openServer, type Server } from "#apps/server/server";
import {
  defaultConnections,
  defaultPayWithinMs,
  type ServerSettings,
  type TlsSettings,
} from "#apps/server/settings";
import { demoAccounts } from "#demo/accounts";
import { systemClock } from "#kernel/clock";
import { type Outside, writeOutside } from "#launcher/outside";
import { at, reachable } from "#topology/address";
import { readPair, watchPair } from "./certificate.ts";
import { openDemo } from "./demo.ts";
import { makeReady } from "./first-start.ts";
import { leaveWord } from "./foreground.ts";
import { databaseName, directoriesOf, type OpenInstance, openInstanceWithDatabase } from "./instance.ts";
import { placeOf } from "./place.ts";
import { settlePurpose } from "./purpose.ts";
import { stageOf } from "./stage.ts";
import {
  limitsOf,
  publicUrlOf,
  refuseBusyPort,
  refuseSecondStart,
  tracingOf,
  type UpOptions,
} from "./up-options.ts";
import { watchingOf } from "./watching.ts";

/** What one process and its database are, as a topology. */
const alone = stageOf(1);

/** A shop at stage 1 in this very process, until Ctrl-C: the smallest way there is. */
export async function upAlone(options: UpOptions & { outside: Outside }): Promise<void> {
  const say = options.json ? () => undefined : (line: string) => console.log(line);
  const startedAt = performance.now();
  const { outside } = options;
  const tls = await tlsOf(options, say);
  await refuseBusyPort(options);
  if (tls?.plain) await refuseBusyPort(tls.plain);
  const open = await openInstanceWithDatabase(options, say).catch((error) =>
    refuseSecondStart(error, options),
  );
  let server: Server | undefined;
  const stopping = new AbortController();
  let preparing: Promise<void> | undefined;
  const stop = stopOnce(async () => {
    stopping.abort();
    if (server) say("Stopping: finishing what was begun …");
    await preparing?.catch(() => undefined);
    await server?.close();
    await open.close();
    if (server) say("Stopped.");
  });
  try {
    await writeOutside(open.instance.directory, outside);
    await settlePurpose(open.instance, options.demo ? "demo" : "production");
    preparing = makeReady(
      open.instance,
      options.demo && options.demoProducts > 0 ? options.demoProducts : undefined,
      say,
      stopping.signal,
    );
    await preparing;
    if (stopping.signal.aborted) return;
    server = await openServer(settingsOf(options, open, tls));
    if (options.demo) await openDemo(server.doors);
    const port = options.port || Number(new URL(server.url).port);
    const local = `${tls ? "https" : "http"}://${at({ host: reachable(options.host), port })}`;
    await leaveWord(open.instance.directory, { url: server.url, local });
    announce(options, server, performance.now() - startedAt);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Stops at the first signal; the second one (npm forwards its own) changes nothing. */
export function stopOnce(stop: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const once = () => {
    stopping ??= stop();
    return stopping;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      once().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
  return once;
}

/** The certificate, known to be good, and looked after from now on. */
async function tlsOf(
  { host, outside }: UpOptions & { outside: Outside },
  say: (line: string) => void,
): Promise<TlsSettings | undefined> {
  const { certificate, domain, plainPort } = outside;
  if (!certificate) return undefined;
  const current = await readPair(certificate, domain);
  return {
    ...current,
    ...(plainPort === undefined ? {} : { plain: { host, port: plainPort } }),
    watch: (take) => watchPair(certificate, { current, ...(domain ? { domain } : {}), take, say }),
  };
}

function settingsOf(
  options: UpOptions & { outside: Outside },
  { instance, postgres }: OpenInstance,
  tls: TlsSettings | undefined,
): ServerSettings {
  return {
    database: {
      host: postgres.socketDir,
      port: postgres.port,
      name: databaseName,
      connections: defaultConnections,
    },
    http: {
      host: options.host,
      port: options.port,
      ...publicUrlOf(options.outside),
      ...(tls ? { tls } : {}),
      ...(options.trustProxy ? { trustedProxies: options.trustProxy } : {}),
    },
    directories: directoriesOf(instance.paths),
    ...placeOf({ instance: instance.name, stage: 1, process: "app" }),
    limits: limitsOf(options.clientLimit),
    payWithinMs: defaultPayWithinMs,
    ...watchingOf(alone, "app"),
    ...(options.demo ? { demo: { accounts: demoAccounts } } : {}),
    clock: systemClock,
    ...tracingOf(options),
    logLevel: options.log,
    secret: (name) => instance.secret(name),
  };
}

function announce(options: UpOptions, server: Server, ms: number): void {
  const accounts = options.demo ? demoAccounts : [];
  if (options.json) {
    console.log(JSON.stringify({ ready: true, url: server.url, pid: process.pid, accounts }));
    return;
  }
  console.log(`
  The shop is open:  ${server.url}
  Its API:           ${server.url}/api
${accounts.map((a) => `  ${`${a.role}:`.padEnd(18)} ${a.email}  ${a.password}`).join("\n")}

  Ready in ${(ms / 1_000).toFixed(1)} s. Ctrl-C stops it; its data stays.
`);
}
