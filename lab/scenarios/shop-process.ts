import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathsIn } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import { findPostmaster } from "#launcher/postgres/postmaster";

/** A shop in a process of its own, as `npm start` runs it: something that can be killed. */
export interface ShopProcess {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to its first word that it is ready. */
  readonly readyAfterMs: number;
  /** The database's first process. */
  databasePid(): Promise<number>;
  /** SIGKILL, and waits until it is gone. */
  kill9(): Promise<void>;
  /** Ctrl-C, and waits until it and what it started are gone. */
  stop(): Promise<void>;
}

const checkout = join(import.meta.dirname, "../..");

/**
 * Starts a shop without products under `dataRoot`, and waits until it is ready. Throws with its own words if
 * it fails.
 */
export async function startShop(at: { dataRoot: string; name: string; port: number }): Promise<ShopProcess> {
  const startedAt = performance.now();
  const args = ["up", "--foreground", "--json", "--demo-products", "0", "--client-limit", "1000000000"];
  const child = spawn(
    process.execPath,
    [join(checkout, "cli.ts"), ...args, "--name", at.name, "--data", at.dataRoot, "--port", String(at.port)],
    { cwd: checkout, stdio: ["ignore", "pipe", "pipe"] },
  );
  const url = await readyUrl(child);
  const readyAfterMs = performance.now() - startedAt;
  const { pid } = child;
  if (pid === undefined) throw new Error("a process without a number");
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await gone;
  };
  return {
    url,
    pid,
    readyAfterMs,
    databasePid: async () => {
      const found = await findPostmaster(loopback, pathsIn(join(at.dataRoot, at.name)).postgres);
      if (!found) throw new Error(`the database of ${at.name} does not run`);
      return found.pid;
    },
    kill9: () => end("SIGKILL"),
    stop: () => end("SIGINT"),
  };
}

function readyUrl(child: ChildProcess): Promise<string> {
  const words: string[] = [];
  child.stderr?.on("data", (chunk) => words.push(String(chunk)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`the shop ended (${code}) before it was ready:\n${words.join("")}`)),
    );
    if (!child.stdout) return reject(new Error("no output to read"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      // A line of the log may come before it.
      const told: { ready?: true; url: string } | undefined = line.startsWith("{")
        ? JSON.parse(line)
        : undefined;
      if (told?.ready) resolve(told.url);
    });
  });
}

/** The same as something to kill: as many lives as it needs on the same data and port. */
export async function openMortal(at: Parameters<typeof startShop>[0]) {
  let shop = await startShop(at);
  return {
    url: shop.url,
    aim: async (victim: string) => {
      if (victim === "application") {
        return async () => {
          await shop.kill9();
          shop = await startShop(at);
        };
      }
      const pid = await shop.databasePid();
      // The application notices by itself and brings its database back.
      return async () => void process.kill(pid, "SIGKILL");
    },
    // The application answers again before anybody is asked to wait for the whole.
    whole: async () => undefined,
    stop: () => shop.stop(),
  };
}
