import { systemClock } from "#kernel/clock";
import { serverAccount } from "#launcher/account";
import { loopback } from "#launcher/loopback";
import { archiveOf } from "#launcher/postgres/archive";
import { basesOf, makeBase } from "#launcher/postgres/base-backups";
import { findLeader } from "#launcher/postgres/leader";

const hourMs = 3_600_000;
/** One a day: a day's log is replayed in minutes. */
const everyMs = 24 * hourMs;
const lookEveryMs = hourMs;
/** A shop that has just been started has other things to do, and may have been started to be tried only. */
const firstAfterMs = 5 * 60_000;

/** Copies a cluster's database into its archive once a day while its supervisor runs. Ends when it is stopped. */
export function scheduleBases(with_: {
  directory: string;
  password: string;
  servers(): readonly { host: string; port: number }[];
  say(line: string): void;
}): { stop(): Promise<void> } {
  const { directory, password, say } = with_;
  const archive = archiveOf(directory);
  let making: Promise<unknown> = Promise.resolve();
  const look = async () => {
    const newest = (await basesOf(loopback, archive)).at(-1);
    if (newest && systemClock.now() - Date.parse(newest.endedAt) < everyMs) return;
    const server = await findLeader(with_.servers(), password);
    const account = await serverAccount(loopback, archive.wal);
    const made = await makeBase({
      host: loopback,
      archive,
      server,
      password,
      ...(account ? { account } : {}),
    });
    say(`the database was copied into its archive: ${made.directory}`);
  };
  const next = (afterMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      making = look().catch((error: Error) => say(`the database was not copied: ${error.message}`));
      timer = next(lookEveryMs);
    }, afterMs).unref();
  let timer = next(firstAfterMs);
  return {
    stop: async () => {
      clearTimeout(timer);
      await making;
    },
  };
}
