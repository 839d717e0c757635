import { watch } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { randomToken } from "#kernel/id";
import type { Config, Following } from "../api.ts";

type Log = (message: string, error?: unknown) => void;

/** The kernel tells of most changes at once. Where it cannot (no watches left, a network's disk), this finds them. */
const lookEveryMs = 400;
/** Whoever holds the lock writes a few hundred bytes: after so long its holder was killed. */
const lockTries = 100;
const lockTryMs = 20;

/**
 * Each document a file of one directory, which all processes of a host share and people may edit by hand. A file is
 * replaced, never written over: nobody reads half of one.
 */
export function openFileConfig(directory: string, log: Log): Config {
  const fileOf = (name: string) => join(directory, `${name}.json`);
  return {
    follow: async (name, told) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      return follow({ directory, file: fileOf(name), told, log });
    },
    change: async (name, change) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const file = fileOf(name);
      const lock = `${file}.lock`;
      await takeLock(lock);
      try {
        await replace(file, change(await textOf(file)));
      } finally {
        await rm(lock, { force: true });
      }
    },
  };
}

async function follow(with_: {
  directory: string;
  file: string;
  told: (text: string | undefined) => void;
  log: Log;
}): Promise<Following> {
  const { directory, file, told, log } = with_;
  let last = await textOf(file);
  told(last);
  let looking = false;
  let unreadable = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const text = await textOf(file);
      unreadable = false;
      if (text === last) return;
      last = text;
      told(text);
    } catch (error) {
      if (!unreadable) log(`${file} cannot be read: what it said before still holds`, error);
      unreadable = true;
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), lookEveryMs).unref();
  const watcher = watching(directory, () => void look());
  return {
    stop: () => {
      clearInterval(timer);
      watcher?.close();
    },
  };
}

function watching(directory: string, changed: () => void): { close(): void } | undefined {
  try {
    return watch(directory, { persistent: false }, changed).on("error", () => undefined);
  } catch {
    return undefined;
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function replace(file: string, text: string): Promise<void> {
  const next = `${file}.${randomToken()}.next`;
  try {
    const handle = await open(next, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(next, file);
  } finally {
    await rm(next, { force: true });
  }
}

async function takeLock(lock: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await (await open(lock, "wx", 0o600)).close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (tries % lockTries === 0) await rm(lock, { force: true });
      await pause(lockTryMs);
    }
  }
}
