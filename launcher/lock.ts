import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { LaunchRefused } from "./refused.ts";

export interface Lock {
  release(): void;
}

/**
 * Takes `directory` for this process, or refuses with `launch.in_use` and the number of the process that has it.
 *
 * Node has no flock. SQLite, which it brings, takes an exclusive file lock that the kernel drops with the process, so
 * it survives neither kill -9 nor a reboot. Rejected: a file with a process number, because two starters that both
 * find it stale can both take it; a listening socket, because it is not seen from another container. As with every
 * such lock, this process must not open and close the file itself: that would drop it.
 */
export function takeLock(directory: string): Lock {
  const holderFile = join(directory, "lock.pid");
  const database = new DatabaseSync(join(directory, "lock"), { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!(error as Error).message.includes("locked")) throw error;
    throw inUse(directory, holderFile);
  }
  try {
    writeFileSync(holderFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    database.close();
    throw error;
  }
  return { release: () => database.close() };
}

/**
 * The process that has `directory`; undefined where none has. Whoever takes it in this very moment may be refused once:
 * looking is a lock, too, for less than a millisecond.
 */
export function holderOf(directory: string): number | undefined {
  if (!existsSync(join(directory, "lock"))) return undefined;
  const database = new DatabaseSync(join(directory, "lock"), { readOnly: true, timeout: 0 });
  try {
    database.prepare("SELECT count(*) FROM sqlite_master").get();
    return undefined;
  } catch (error) {
    if (!(error as Error).message.includes("locked")) throw error;
    return Number(readFileSync(join(directory, "lock.pid"), "utf8"));
  } finally {
    database.close();
  }
}

function inUse(directory: string, holderFile: string): LaunchRefused {
  let holder = "another process";
  try {
    holder = `process ${readFileSync(holderFile, "utf8").trim()}`;
  } catch {
    // The holder has not written its number yet.
  }
  const message = `${directory} is in use by ${holder}. Stop that one first, or choose another directory with --data.`;
  return new LaunchRefused("launch.in_use", message);
}
