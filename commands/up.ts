import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { Command, InvalidArgumentError } from "commander";
import { openServer, type Server } from "#apps/server/server";
import {
  defaultConnections,
  defaultLimits,
  defaultPayWithinMs,
  type Limits,
  type ServerSettings,
} from "#apps/server/settings";
import { demoAccounts } from "#demo/accounts";
import { systemClock } from "#kernel/clock";
import { chooseDataRoot } from "#launcher/data-root";
import { LaunchRefused } from "#launcher/refused";
import { openDemo } from "./demo.ts";
import { makeReady } from "./first-start.ts";
import { checkout, databaseName, type OpenInstance, openInstanceWithDatabase } from "./instance.ts";
import { settlePurpose } from "./purpose.ts";
import { CommandRefused } from "./refusals.ts";

export interface UpOptions {
  readonly name: string;
  readonly data?: string;
  readonly foreground?: true;
  readonly host: string;
  readonly port: number;
  readonly domain?: string;
  readonly publicUrl?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly trustProxy?: string[];
  readonly demo: boolean;
  readonly demoProducts: number;
  readonly clientLimit: number;
  readonly log: ServerSettings["logLevel"];
  readonly json?: true;
}

const whole = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError("a whole number is needed.");
  return number;
};

const port = (text: string): number => {
  const number = whole(text);
  if (number > 65_535) throw new InvalidArgumentError("a port is a whole number from 0 to 65535.");
  return number;
};

/** `storey up`: starts an instance, or makes it first. */
export function upCommand(): Command {
  return new Command("up")
    .description("Start the shop (at stage 1), setting up at the first start whatever it needs.")
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--foreground", "stay here until Ctrl-C (for now it always does)")
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option("--port <number>", "the port to listen on", port, 3000)
    .option("--domain <name>", "the name it is reached by; with --cert and --key over TLS")
    .option(
      "--public-url <url>",
      "how it is reached, if that is not http(s):// and the domain (a proxy that ends TLS)",
    )
    .option("--cert <file>", "certificate chain (PEM)")
    .option("--key <file>", "private key (PEM)")
    .option("--trust-proxy <addresses...>", "proxies whose X-Forwarded-For is believed")
    .option("--demo-products <n>", "how many products the demo catalogue has", whole, 3_000)
    .option("--no-demo", "production: no demo catalogue, no demo accounts, no sandbox payments")
    .option(
      "--client-limit <n>",
      "requests a minute from one address",
      whole,
      defaultLimits.perClientPerMinute,
    )
    .option("--log <level>", "silent, error, warn, info or debug", "warn")
    .option("--json", "say what runs where as one line of JSON")
    .action(up);
}

async function up(options: UpOptions): Promise<void> {
  const say = options.json ? () => undefined : (line: string) => console.log(line);
  const startedAt = performance.now();
  const tls = await readCertificate(options);
  await refuseBusyPort(options);
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
    await settlePurpose(open.instance, options.demo ? "demo" : "production");
    preparing = makeReady(open.instance, options.demo ? options.demoProducts : 0, say, stopping.signal);
    await preparing;
    if (stopping.signal.aborted) return;
    server = await openServer(settingsOf(options, open, tls));
    if (options.demo) await openDemo(server.doors);
    announce(options, server, performance.now() - startedAt);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Stops at the first signal; the second one (npm forwards its own) changes nothing. */
function stopOnce(stop: () => Promise<void>): () => Promise<void> {
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

async function refuseBusyPort({ host, port }: UpOptions): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen({ host, port }, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    const reason: Record<string, string> = {
      EADDRINUSE: `something listens on ${host}:${port} already. If it is this shop, Ctrl-C where it was started stops it. ${besides(port)}`,
      EACCES: `this user may not listen on port ${port}. Choose one above 1023 with --port, or put a proxy in front.`,
      EADDRNOTAVAIL: `${host} is not an address of this machine. Choose one that is with --host.`,
    };
    throw new CommandRefused("up.cannot_listen", reason[error.code ?? ""] ?? error.message);
  });
  await new Promise((resolve) => probe.close(resolve));
}

const besides = (port: number): string =>
  `To run another beside it: --name other --port ${port < 65_535 ? port + 1 : port - 1}.`;

/** An instance that runs already: says how to end it, and how to run another. */
async function refuseSecondStart(error: unknown, { name, data, port }: UpOptions): Promise<never> {
  if (!(error instanceof LaunchRefused) || error.code !== "launch.in_use") throw error;
  const directory = join(await chooseDataRoot(checkout, data), name);
  const pid = (await readFile(join(directory, "lock.pid"), "utf8").catch(() => "")).trim();
  const stop = `Ctrl-C where it was started${pid ? `, or kill ${pid},` : ""} stops it.`;
  throw new LaunchRefused(
    error.code,
    `${name} (in ${directory}) is in use, most likely by a shop that runs. ${stop} ${besides(port)}`,
  );
}

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** The certificate and its key, known to be whole and to belong together before anything is started. */
async function readCertificate({ cert, key }: UpOptions): Promise<Certificate | undefined> {
  if (Boolean(cert) !== Boolean(key)) {
    throw new CommandRefused("up.half_a_certificate", "--cert and --key belong together: give both.");
  }
  if (!cert || !key) return undefined;
  const pair = { cert: await pem(cert), key: await pem(key) };
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new CommandRefused(
      "up.bad_certificate",
      `${cert} and ${key} are no certificate with its private key, both as PEM (${(error as Error).message}).`,
    );
  }
  return pair;
}

function settingsOf(
  options: UpOptions,
  { instance, postgres }: OpenInstance,
  tls: Certificate | undefined,
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
      ...publicUrlOf(options, tls !== undefined),
      ...(tls ? { tls } : {}),
      ...(options.trustProxy ? { trustedProxies: options.trustProxy } : {}),
    },
    directories: { files: instance.paths.files, build: instance.paths.build },
    limits: limitsOf(options.clientLimit),
    payWithinMs: defaultPayWithinMs,
    ...(options.demo ? { demo: { accounts: demoAccounts } } : {}),
    clock: systemClock,
    logLevel: options.log,
    secret: (name) => instance.secret(name),
  };
}

function publicUrlOf({ publicUrl, domain }: UpOptions, isTls: boolean): { publicUrl?: string } {
  if (publicUrl) return { publicUrl: publicUrl.replace(/\/+$/, "") };
  return domain ? { publicUrl: `${isTls ? "https" : "http"}://${domain}` } : {};
}

/** Whoever lets a client do more lets it sign in more often too, in proportion. */
function limitsOf(perClientPerMinute: number): Limits {
  const { signInsPerClientPerMinute, perClientPerMinute: usual } = defaultLimits;
  const signIns = Math.ceil((signInsPerClientPerMinute * perClientPerMinute) / usual);
  return { ...defaultLimits, perClientPerMinute, signInsPerClientPerMinute: signIns };
}

const pem = (path: string) =>
  readFile(path, "utf8").catch(() => {
    throw new CommandRefused(
      "up.no_certificate",
      `${path} cannot be read. Name a PEM file this user may read.`,
    );
  });

function announce(options: UpOptions, server: Server, ms: number): void {
  const accounts = options.demo ? demoAccounts : [];
  if (options.json) {
    console.log(JSON.stringify({ ready: true, url: server.url, pid: process.pid, accounts }));
    return;
  }
  console.log(`
  The shop is open:  ${server.url}
  Its API:           ${server.url}/api/openapi.json
${accounts.map((a) => `  ${`${a.role}:`.padEnd(18)} ${a.email}  ${a.password}`).join("\n")}

  Ready in ${(ms / 1_000).toFixed(1)} s. Ctrl-C stops it; its data stays.
`);
}
