import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, openClient } from "#apps/client/client";
import { schemas } from "#apps/server/set-up";
import { checkout, directoriesOf, type OpenInstance } from "#commands/instance";
import { freePort } from "#lab/shop/free-port";
import { componentDirectory } from "#launcher/instance";
import { until } from "./until.ts";

/** One process of a shop, started as the launcher starts it. */
export interface Served {
  readonly url: string;
  readonly client: Client;
  stop(): Promise<void>;
}

/** Starts one more application of an instance whose database runs. */
export async function serve({ instance, postgres }: OpenInstance, name: string): Promise<Served> {
  const own = componentDirectory(instance.directory, name);
  await mkdir(own, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const document = {
    wiring: {
      instance: instance.name,
      stage: 1,
      process: "app",
      opens: ["storefront", "api", "console"],
      domains: "all",
      listen: { host: "127.0.0.1", port },
      publicUrl: url,
      trustedProxies: [],
      database: { servers: [{ host: postgres.socketDir, port: postgres.port }], connections: 20 },
      cache: { memoryMb: 0, servers: [] },
    },
    settings: { demo: true, perClientPerMinute: 1e9, signInsPerClientPerMinute: 1e9, logLevel: "warn" },
    // Built once for all tests: its folder is named by the hash of its sources.
    directories: {
      ...directoriesOf(instance.paths),
      build: join(tmpdir(), `storey-build-${process.getuid?.()}`),
    },
  };
  const names = [...schemas.map((schema) => `database ${schema}`), "sandbox", "supervisor"];
  const secrets = Object.fromEntries(names.map((each) => [each, instance.secret(each)]));
  const [wiring, secret] = [join(own, "wiring.json"), join(own, "secrets.json")];
  await writeFile(wiring, JSON.stringify(document));
  await writeFile(secret, JSON.stringify(secrets));
  const args = ["cli.ts", "serve", "--wiring", wiring, "--secrets", secret];
  const child = spawn(process.execPath, args, { cwd: checkout, stdio: ["ignore", "inherit", "inherit"] });
  const client = openClient(url);
  const stop = async () => {
    await client.close();
    await ended(child);
  };
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
      return isReady();
    }, 30_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, client, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await end;
}
