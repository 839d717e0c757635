import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, openClient } from "#apps/client/client";
import type { AuditReport } from "#apps/operator/api";
import { auditShop } from "#apps/operator/audit";
import type { CacheSettings } from "#apps/server/caches";
import { openServer, type Server } from "#apps/server/server";
import { defaultLimits, type Limits, type ServerSettings } from "#apps/server/settings";
import { type Clock, systemClock } from "#kernel/clock";
import { freePort } from "#lab/shop/free-port";
import type { Files } from "#platform/files/api";
import { openDisk } from "#platform/files/drivers/disk";
import { singleMachine } from "#stages/01-single-machine";
import { openTestDatabase, type TestDatabase } from "./database.ts";
import { type TestServer, testPassword } from "./server.ts";
import { openWires, type Wiring, wiringOfAll } from "./wire.ts";

/** A whole shop, serving on a free port of this machine with a database of its own. */
export interface TestShop extends Server {
  /** The API in nobody's name. */
  readonly client: Client;
  readonly db: TestDatabase;
  /** Its pictures. */
  readonly files: Files;
  audit(boundMs?: number): Promise<AuditReport>;
  /** Waits until every event has been applied. */
  quiet(): Promise<void>;
}

export interface TestShopOptions {
  /** On a database that is there already, and stays when the shop closes. */
  readonly db?: TestDatabase;
  readonly server?: TestServer;
  /** The other members of the database's cluster. */
  readonly others?: ServerSettings["database"]["others"];
  /** Which process of which shop it is; the one of stage 1 unless said. */
  readonly place?: ServerSettings["place"];
  readonly payWithinMs?: number;
  /** A directory of settings that it shares with others; one of its own unless said. */
  readonly settings?: string;
  readonly limits?: Partial<Limits>;
  readonly cache?: CacheSettings;
  /** How the domains and the edge come to each other's doors; STOREY_TEST_WIRE says it for all shops of a process. */
  readonly wire?: Wiring;
  readonly clock?: Clock;
  /** By what it judges itself, and whether it audits itself. */
  readonly watching?: Pick<ServerSettings, "watch" | "audits">;
  /** Where traces go, and whose word about a client and a trace is believed. */
  readonly trace?: ServerSettings["trace"];
  readonly trustedProxies?: readonly string[];
  /** Where it listens; on any free port unless said. */
  readonly port?: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Keeps what is logged, at level debug. */
  readonly logTo?: { write(line: string): void };
}

/** Nothing in a test is to be stopped by a limit, unless the test is about limits. */
const unlimited: Limits = {
  ...defaultLimits,
  perClientPerMinute: 1e9,
  signInsPerClientPerMinute: 1e9,
  eventLoopDelayMs: 0,
};

/** Opens an empty shop with the sandbox provider, whose callbacks come at once. `close` takes everything away. */
export async function openShop(options: TestShopOptions = {}): Promise<TestShop> {
  const db = options.db ?? (await openTestDatabase(options.server ? { server: options.server } : {}));
  const directory = await mkdtemp(join(tmpdir(), "storey-shop-"));
  const clock = options.clock ?? systemClock;
  const wires = await openWires(options.wire ?? wiringOfAll());
  const server = await openServer({
    database: {
      host: db.server.host,
      port: db.server.port,
      ...(options.others ? { others: options.others } : {}),
      name: db.name,
      connections: 40,
    },
    http: {
      host: "127.0.0.1",
      port: options.port ?? (await freePort()),
      ...(options.tls ? { tls: options.tls } : {}),
      ...(options.trustedProxies ? { trustedProxies: options.trustedProxies } : {}),
    },
    ...(options.trace ? { trace: options.trace } : {}),
    // Built once for all tests: its folder is named by the hash of its sources.
    directories: {
      files: join(directory, "files"),
      build: join(tmpdir(), `storey-build-${process.getuid?.()}`),
      settings: options.settings ?? join(directory, "settings"),
    },
    place: options.place ?? { instance: "test", topology: singleMachine, process: "app", version: "0" },
    limits: { ...unlimited, ...options.limits },
    ...(options.cache ? { cache: options.cache } : {}),
    ...(wires ? { reach: wires.reach } : {}),
    ...options.watching,
    payWithinMs: options.payWithinMs ?? 30 * 60_000,
    demo: { accounts: [], callbackDelaysMs: { usual: [0, 50], late: 500, doubledPercent: 20 } },
    clock,
    ...(options.logTo ? { logTo: options.logTo } : {}),
    logLevel: options.logTo ? "debug" : process.env["STOREY_TEST_LOG"] === undefined ? "silent" : "warn",
    secret: (name) => (name.startsWith("database ") ? testPassword(name.slice(9)) : `test-only-${name}`),
  });
  const client = openClient(server.url);
  return {
    ...server,
    client,
    db,
    files: openDisk(join(directory, "files")),
    quiet: () => server.bus.quiet(),
    audit: (boundMs) => auditShop(server.doors, clock, boundMs, server.bus.lag),
    close: async () => {
      await client.close();
      await server.close();
      try {
        await wires?.close();
      } finally {
        if (!options.db) await db.close();
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}
