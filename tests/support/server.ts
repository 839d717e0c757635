import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { appendFile, chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setUpDatabase } from "#apps/server/set-up";
import { loopback, signalHere } from "#launcher/loopback";
import { startPostgres } from "#launcher/postgres/start";

/** A real server that tests share: given by the test command, or started for the one file that is being run. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export const variable = "STOREY_TEST_SERVER";
export const template = "storey_template";
/** Roles belong to the whole server, so every database on it uses the same passwords. */
export const testPassword = (domain: string): string => `test-only-${domain}`;

interface StartedTestServer extends TestServer {
  readonly pid: number;
  kill9(): void;
  /** Starts it again on the same data, at the same place. */
  again(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server in a directory that vanishes with it. `stop` removes everything. */
export async function startTestServer(
  from: "embedded" | "distribution" = "embedded",
): Promise<StartedTestServer> {
  const directory = await mkdtemp(join(tmpdir(), "storey-test-"));
  await chmod(directory, 0o711);
  const password = randomBytes(16).toString("hex");
  const start = () =>
    startPostgres({
      host: loopback,
      dataDir: join(directory, "postgres"),
      from,
      superuserPassword: password,
    });
  let running = await start();
  await running.stop();
  // A test's shop may hold 76 connections (40 of its own, 36 to look behind its doors), a file has up to two shops, and
  // files run side by side: with what a server admits by itself (100) one test refused another's.
  await appendFile(join(directory, "postgres", "local.conf"), "max_connections = 400\n");
  running = await start();
  // A test file that ends before its hooks must not leave a server behind.
  const sweep = () => {
    signalHere(running, "SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", sweep);
  const server = { host: running.socketDir, port: running.port, user: running.superuser.user, password };
  await setUpDatabase(server, template, testPassword);
  return {
    ...server,
    pid: running.pid,
    kill9: () => signalHere(running, "SIGKILL"),
    again: async () => {
      running = await start();
    },
    stop: async () => {
      process.off("exit", sweep);
      await running.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** How the test command hands its server to the files it runs. */
export const serverForChildren = (server: TestServer): Record<string, string> => ({
  [variable]: JSON.stringify({
    host: server.host,
    port: server.port,
    user: server.user,
    password: server.password,
  }),
});
