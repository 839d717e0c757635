import { setTimeout as pause } from "node:timers/promises";
import type { RunningPostgres } from "#launcher/postgres/start";

/** How often the database's process is looked for. */
const lookEveryMs = 250;

/**
 * Brings the database back whenever its process is gone, until stopped. The server finds it at the same socket; what
 * it could not say meanwhile it has answered with "try again".
 */
export function superviseDatabase(with_: {
  first: RunningPostgres;
  start: () => Promise<RunningPostgres>;
  say: (line: string) => void;
}): { current(): RunningPostgres; stop(): Promise<void> } {
  let current = with_.first;
  let stopped = false;
  const watch = async () => {
    while (!stopped) {
      await pause(lookEveryMs);
      if (stopped || isAlive(current.pid)) continue;
      with_.say(`The database (process ${current.pid}) is gone; starting it again …`);
      try {
        current = await with_.start();
        with_.say(`The database is back (process ${current.pid}).`);
      } catch (error) {
        with_.say(`The database did not start: ${(error as Error).message}. Trying again.`);
        await pause(1_000);
      }
    }
  };
  const watching = watch();
  return {
    current: () => current,
    stop: async () => {
      stopped = true;
      await watching;
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A server of another user is there although it may not be signalled.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
