import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import { Command } from "commander";
import { type Static, Type } from "typebox";
import { openServer } from "#apps/server/server";
import {
  defaultLimits,
  defaultPayWithinMs,
  type ServerSettings,
  type TlsSettings,
} from "#apps/server/settings";
import { demoAccounts } from "#demo/accounts";
import { systemClock } from "#kernel/clock";
import type { Door, Wiring } from "#topology/wiring";
import { readPair, watchPair } from "./certificate.ts";
import { collectSeldom } from "./heap.ts";
import { databaseName } from "./instance.ts";
import { placeOf } from "./place.ts";
import { CommandRefused } from "./refusals.ts";
import { stageOf } from "./stage.ts";
import { watchingOf } from "./watching.ts";

const endpoint = Type.Object({ host: Type.String(), port: Type.Integer({ minimum: 1, maximum: 65_535 }) });

/** What a process of the shop is started with. The wiring says where it is; the settings, how it behaves. */
const documentSchema = Type.Object({
  wiring: Type.Object({
    instance: Type.String(),
    stage: Type.Integer({ minimum: 1, maximum: 15 }),
    process: Type.String(),
    opens: Type.Array(Type.String()),
    domains: Type.Union([Type.Literal("all"), Type.Array(Type.String())]),
    listen: endpoint,
    door: Type.Optional(
      Type.Object({ listen: endpoint, plain: Type.Optional(endpoint), pemFile: Type.String() }),
    ),
    publicUrl: Type.String({ pattern: "^https?://[^/]+$" }),
    trustedProxies: Type.Array(Type.String()),
    database: Type.Object({
      servers: Type.Array(endpoint, { minItems: 1 }),
      authorityFile: Type.Optional(Type.String()),
      connections: Type.Integer({ minimum: 10 }),
    }),
    cache: Type.Object({
      memoryMb: Type.Integer({ minimum: 0 }),
      servers: Type.Array(
        Type.Object({
          kind: Type.Union([Type.Literal("redis"), Type.Literal("memcached")]),
          ...endpoint.properties,
        }),
      ),
    }),
    files: Type.Optional(endpoint),
    control: Type.Optional(endpoint),
    trace: Type.Optional(
      Type.Object({ to: Type.String(), sample: Type.Number(), proxy: Type.Optional(Type.String()) }),
    ),
  }),
  settings: Type.Object({
    demo: Type.Boolean(),
    perClientPerMinute: Type.Integer({ minimum: 1 }),
    signInsPerClientPerMinute: Type.Integer({ minimum: 1 }),
    logLevel: Type.String(),
  }),
  directories: Type.Object({ files: Type.String(), build: Type.String(), settings: Type.String() }),
});

export type ServeDocument = Static<typeof documentSchema>;

/** What an application is told besides its wiring. */
export type ServeSettings = ServeDocument["settings"];

/** `storey serve`: one process of the shop, as the launcher starts it. Not listed: nobody types it. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("Run one process of the shop with the wiring it is given (what the launcher starts).")
    .requiredOption("--wiring <file>", "where it is and what it may use, as JSON")
    .requiredOption("--secrets <file>", "its secrets by name, as JSON")
    .action(serve);
}

async function serve(files: { wiring: string; secrets: string }): Promise<void> {
  const document = await readDocument(files.wiring);
  const secrets: Record<string, string> = JSON.parse(await readFile(files.secrets, "utf8"));
  const server = await openServer(await settingsOf(document, secrets));
  collectSeldom();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

async function readDocument(file: string): Promise<ServeDocument> {
  const document: unknown = JSON.parse(await readFile(file, "utf8"));
  const ajv = new Ajv({ allErrors: true });
  if (ajv.validate<ServeDocument>(documentSchema, document)) return document;
  throw new CommandRefused("serve.bad_wiring", `${file} is no wiring: ${ajv.errorsText()}.`);
}

/** Its own memory first, then the one server that all processes share. */
function cacheOf(
  { memoryMb, servers: [server] }: ServeDocument["wiring"]["cache"],
  secret: (name: string) => string | undefined,
): Pick<ServerSettings, "cache"> {
  if (memoryMb === 0 && !server) return {};
  const inProcess = memoryMb > 0 ? { inProcess: { bytes: memoryMb * 1_000_000 } } : {};
  if (!server) return { cache: inProcess };
  const { kind, host, port } = server;
  const password = secret("redis");
  const shared = kind === "redis" && password ? { host, port, password } : { host, port };
  return { cache: { ...inProcess, [kind]: shared } };
}

/** Where it listens; behind TLS, plain HTTP is for those who watch it. */
async function openDoor({ listen, door }: Wiring): Promise<ServerSettings["http"]> {
  if (!door) return listen;
  const files = { cert: door.pemFile, key: door.pemFile };
  const current = await readPair(files);
  const watch: TlsSettings["watch"] = (take) =>
    watchPair(files, { current, everyMs: renewedWithinMs, take, say: (line) => console.error(line) });
  return { ...door.listen, inside: listen, tls: { ...current, watch, ...plainOf(door) } };
}

const renewedWithinMs = 1_000;

const plainOf = ({ plain }: Door) => (plain ? { plain } : {});

async function settingsOf(
  { wiring, settings, directories }: ServeDocument,
  secrets: Readonly<Record<string, string>>,
): Promise<ServerSettings> {
  const { database, publicUrl, trustedProxies, trace } = wiring as Wiring;
  const [server, ...others] = database.servers;
  if (!server) throw new Error("the schema admits no empty list of servers");
  const { perClientPerMinute, signInsPerClientPerMinute } = settings;
  return {
    database: {
      ...server,
      ...(others.length > 0 ? { others } : {}),
      name: databaseName,
      connections: database.connections,
      ...(database.authorityFile ? { authority: await readFile(database.authorityFile, "utf8") } : {}),
    },
    http: {
      ...(await openDoor(wiring as Wiring)),
      publicUrl,
      ...(trustedProxies.length > 0 ? { trustedProxies } : {}),
    },
    directories,
    ...placeOf(wiring),
    ...(wiring.files ? { files: wiring.files } : {}),
    ...cacheOf(wiring.cache, (name) => secrets[name]),
    limits: { ...defaultLimits, perClientPerMinute, signInsPerClientPerMinute },
    payWithinMs: defaultPayWithinMs,
    ...watchingOf(stageOf(wiring.stage), wiring.process),
    ...(trace ? { trace } : {}),
    ...(settings.demo ? { demo: { accounts: demoAccounts } } : {}),
    clock: systemClock,
    logLevel: settings.logLevel as ServerSettings["logLevel"],
    secret: (name) => {
      const secret = secrets[name];
      if (!secret) throw new Error(`this process was given no secret called "${name}"`);
      return secret;
    },
  };
}
