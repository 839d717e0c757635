import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Site } from "./component.ts";
import { type Account, type Command, isAlive, type ProcessIdentity } from "./host.ts";
import { readJson, writeJson } from "./json-file.ts";
import { LaunchRefused } from "./refused.ts";

const pollMs = 20;

/** An ordinary server: files, a command, a way to know that it answers, and a signal that ends it well. */
export interface Daemon {
  readonly site: Site;
  /** Configuration, by path, written before the start; a change of any makes a running one start again. */
  readonly files: Readonly<Record<string, string>>;
  readonly command: Command;
  /** Whether it answers now. Never throws. */
  isReady(): Promise<boolean>;
  readonly readyWithinMs: number;
  readonly stopSignal: NodeJS.Signals;
  /** How long it may take to end before it is killed. */
  readonly stopWithinMs: number;
  /** Who owns its files and directory; absent: the user who runs the launcher. */
  readonly account?: Account;
}

export interface StartedDaemon {
  readonly process: ProcessIdentity;
  readonly adopted: boolean;
  stop(): Promise<void>;
}

interface Record_ extends ProcessIdentity {
  /** Of the command and the files: a process that was started from others is not this one. */
  readonly made: string;
}

/**
 * Starts a server and waits until it answers. One that a killed launcher left behind is adopted if it was started from
 * the same command and files, and stopped otherwise; a process that merely has its number is never touched. Throws
 * LaunchRefused `launch.component_failed` with the server's last words.
 */
export async function startDaemon(daemon: Daemon): Promise<StartedDaemon> {
  const { site } = daemon;
  const made = fingerprint(daemon);
  const orphan = await findRecorded(site);
  if (orphan) {
    if (orphan.made === made && (await becomesReady(daemon, orphan))) return started(daemon, orphan, true);
    await stop(daemon, orphan);
  }
  await endLeftBehind(site);
  const options = { mode: 0o600, account: daemon.account };
  await site.host.putDirectory(site.directory, { ...options, mode: 0o700 });
  for (const [path, contents] of Object.entries(daemon.files))
    await site.host.putFile(path, contents, options);
  if (await site.host.look(site.logFile)) await site.host.move(site.logFile, `${site.logFile}.1`);
  const process = await site.host.start(daemon.command, site.logFile);
  // Known before it is ready: whoever comes after us finds it whatever happens to us meanwhile.
  await writeJson(site.recordFile, { ...process, made } satisfies Record_, 0o600);
  if (await becomesReady(daemon, process)) return started(daemon, process, false);
  await stop(daemon, process);
  throw new LaunchRefused("launch.component_failed", `${site.name} did not start:\n${await lastWords(site)}`);
}

/** The process that a launcher recorded for this site, if it is still that one. */
export async function findRecorded(site: Pick<Site, "host" | "recordFile">): Promise<Record_ | undefined> {
  const { pid, startMark, made } = (await readJson<Record_>(site.recordFile)) ?? {};
  if (!pid || !startMark || !made) return undefined;
  return (await isAlive(site.host, { pid, startMark })) ? { pid, startMark, made } : undefined;
}

/**
 * Ends whatever a launcher recorded for this site and what that left behind, whether anybody still knows it or not.
 * Throws when it does not end.
 */
export async function endRecorded(
  site: Pick<Site, "name" | "host" | "recordFile" | "directory">,
): Promise<void> {
  const found = await findRecorded(site);
  if (found && !(await site.host.stop(found, "SIGKILL", 5_000))) {
    throw new Error(`${site.name} (process ${found.pid}) does not stop`);
  }
  await endLeftBehind(site);
}

/** Ends the workers of a recorded process that was killed: they hold its ports. Not for one that lives. */
export async function endLeftBehind(site: Pick<Site, "host" | "recordFile" | "directory">): Promise<void> {
  const { pid } = (await readJson<Record_>(site.recordFile)) ?? {};
  if (pid && !(await findRecorded(site))) await site.host.endGroup(pid, site.directory);
}

/** The last lines a component wrote, for people. */
async function lastWords({ host, logFile }: Site, lines = 12): Promise<string> {
  const text = (await host.readFile(logFile)) ?? "";
  return text.trimEnd().split("\n").slice(-lines).join("\n") || "(it said nothing)";
}

async function becomesReady(daemon: Daemon, process: ProcessIdentity): Promise<boolean> {
  const deadline = performance.now() + daemon.readyWithinMs;
  const { host } = daemon.site;
  while (performance.now() < deadline) {
    if (!(await isAlive(host, process))) return false;
    if (await daemon.isReady()) return isAlive(host, process);
    await pause(pollMs);
  }
  return false;
}

const started = (daemon: Daemon, process: ProcessIdentity, adopted: boolean): StartedDaemon => ({
  process,
  adopted,
  stop: () => stop(daemon, process),
});

async function stop({ site, stopSignal, stopWithinMs }: Daemon, process: ProcessIdentity): Promise<void> {
  if (await site.host.stop(process, stopSignal, stopWithinMs)) return;
  site.say(`${site.name} does not end by itself; killing it`);
  if (await site.host.stop(process, "SIGKILL", 5_000)) return site.host.endGroup(process.pid, site.directory);
  throw new Error(`${site.name} (process ${process.pid}) does not stop`);
}

function fingerprint({ command, files }: Daemon): string {
  const { program, args, environment } = command;
  const whole = JSON.stringify([program, args, environment, files]);
  return createHash("sha256").update(whole).digest("base64url");
}
