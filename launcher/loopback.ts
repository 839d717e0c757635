import { execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, constants, openSync, readFileSync, readlinkSync } from "node:fs";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  statfs,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Command, Entry, FileOptions, Finished, Host, ProcessIdentity, ProcessState } from "./host.ts";
import { groupOf, usage } from "./usage.ts";

const probeIntervalMs = 5;

/** The host that is this machine: components are its processes. */
export const loopback: Host = {
  name: "loopback",
  address: "127.0.0.1",
  get uid() {
    return process.getuid?.();
  },
  get temporaryDirectories() {
    return [process.env["XDG_RUNTIME_DIR"] ?? "", tmpdir()].filter(Boolean);
  },
  putFile,
  putDirectory,
  readFile: (path, fromByte = 0) =>
    unlessMissing(async () => (await readFile(path)).subarray(fromByte).toString("utf8")),
  look,
  list: async (directory) => (await unlessMissing(() => readdir(directory)))?.sort() ?? [],
  move: rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  roomBytes: async (path) => {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  },
  run,
  start,
  probe: async (pid) => probe(pid),
  usage: async (of) => usage(of),
  stop,
  endGroup,
};

/** Signals a process of this machine if it is still the same one, and waits for nothing: also as we exit. */
export function signalHere({ pid, startMark }: ProcessIdentity, signal: NodeJS.Signals): void {
  if (probe(pid)?.startMark === startMark) signalQuietly(pid, signal);
}

/** What was read; undefined where one of these says that there is nothing. */
async function unlessMissing<T>(
  read: () => Promise<T>,
  codes: readonly string[] = ["ENOENT"],
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

async function look(path: string): Promise<Entry | undefined> {
  const found = await unlessMissing(() => lstat(path), ["ENOENT", "ENOTDIR"]);
  if (!found) return undefined;
  const realPath = await realpath(path).catch(() => undefined);
  const isLink = found.isSymbolicLink();
  return {
    kind: found.isFile() ? "file" : found.isDirectory() ? "directory" : isLink ? "link" : "other",
    sizeBytes: found.size,
    mode: found.mode & 0o7777,
    uid: found.uid,
    ...(realPath === undefined ? {} : { realPath }),
  };
}

async function putFile(path: string, contents: string, options: FileOptions): Promise<void> {
  // A fresh name, opened exclusively: the directory may belong to a less trusted user, who could have put a link there.
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(contents);
      if (options.account) await file.chown(options.account.uid, options.account.gid);
      await file.chmod(options.mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function putDirectory(path: string, options: FileOptions): Promise<void> {
  // Whatever the umask: others may pass through the parents we made, and list none of them.
  for (const made of await makeDirectories(dirname(path))) await chmod(made, 0o711);
  await makeDirectories(path);
  if (options.account) await chown(path, options.account.uid, options.account.gid);
  await chmod(path, options.mode);
}

/**
 * Makes what is missing of a path, from above, and answers what that was. With `recursive`, mkdir of Node never ends
 * where a directory is there and nothing can ever be made in it, as in /proc.
 */
async function makeDirectories(path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let at = path; !(await isDirectory(at)); at = dirname(at)) missing.unshift(at);
  const made: string[] = [];
  for (const each of missing) {
    try {
      await mkdir(each, { mode: 0o700 });
      made.push(each);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") throw Object.assign(error as Error, { code: "EROFS" });
      // Unless another has just made it.
      if (code !== "EEXIST" || !(await isDirectory(each))) throw error;
    }
  }
  return made;
}

/** False where there is nothing. Throws ENOTDIR where there is something else. */
async function isDirectory(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  throw Object.assign(new Error(`${path} is no directory`), { code: "ENOTDIR" });
}

function run(command: Command, timeoutMs: number): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const options = { ...spawnOptions(command), timeout: timeoutMs, maxBuffer: 16 << 20 };
    execFile(command.program, command.args, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") return reject(error);
      return resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

async function start(command: Command, outputFile: string): Promise<ProcessIdentity> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
  const output = openSync(outputFile, flags, 0o600);
  try {
    // Detached: a process group of its own, so that Ctrl-C in a terminal reaches the application alone, which then
    // stops its components in the right order.
    const child = spawn(command.program, command.args, {
      ...spawnOptions(command),
      detached: true,
      stdio: ["ignore", output, output],
    });
    // Read before the event loop turns: even a child that died at once is still there, not yet reaped.
    const startMark = child.pid ? (readStat(child.pid)?.startMark ?? "") : "";
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
    if (!child.pid) throw new Error(`${command.program} was started without a process number`);
    return { pid: child.pid, startMark };
  } finally {
    closeSync(output);
  }
}

function spawnOptions(command: Command) {
  return {
    // Never the launcher's own directory: the account may not be allowed to enter it.
    cwd: command.directory ?? "/",
    env: { ...command.environment },
    uid: command.account?.uid,
    gid: command.account?.gid,
  };
}

function probe(pid: number): ProcessState | undefined {
  const stat = readStat(pid);
  return stat && !stat.zombie ? { pid, startMark: stat.startMark, ...stat.describe() } : undefined;
}

async function stop(target: ProcessIdentity, signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
  const isThere = () => probe(target.pid)?.startMark === target.startMark;
  if (!isThere()) return true;
  signalQuietly(target.pid, signal);
  const deadline = performance.now() + timeoutMs;
  while (isThere()) {
    if (performance.now() > deadline) return false;
    await pause(probeIntervalMs);
  }
  return true;
}

async function endGroup(leader: number, directory: string): Promise<void> {
  const members = groupOf(leader).flatMap((pid) => probe(pid) ?? []);
  for (const member of members.filter((each) => each.directory === directory)) {
    if (!(await stop(member, "SIGKILL", 5_000))) throw new Error(`process ${member.pid} does not end`);
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

interface Stat {
  startMark: string;
  zombie: boolean;
  describe: () => Pick<ProcessState, "program" | "command" | "directory">;
}

function readStat(pid: number): Stat | undefined {
  return process.platform === "linux" ? readProc(pid) : readPs(pid);
}

function readProc(pid: number): Stat | undefined {
  const line = orUndefined(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (line === undefined) return undefined;
  // The name in brackets may hold spaces and brackets; field 3 (state) follows its end, field 22 is the start in ticks.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const boot = orUndefined(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()) ?? "";
  return {
    startMark: `${boot}/${fields[19]}`,
    zombie: fields[0] === "Z" || fields[0] === "X",
    describe: () => {
      const words = orUndefined(() => readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")) ?? [];
      const directory = orUndefined(() => readlinkSync(`/proc/${pid}/cwd`));
      return { program: words[0] ?? "", command: words.join(" ").trim(), directory };
    },
  };
}

/** Where there is no /proc (macOS): ps tells start, state, program and command, but no directory. */
function readPs(pid: number): Stat | undefined {
  const ask = (column: string) => {
    const args = ["-ww", "-o", `${column}=`, "-p", String(pid)];
    return (
      orUndefined(() => execFileSync("ps", args, { encoding: "utf8", env: { LC_ALL: "C" } }).trim()) ?? ""
    );
  };
  const startMark = ask("lstart");
  if (startMark === "") return undefined;
  const describe = () => ({ program: ask("comm"), command: ask("command") });
  return { startMark, zombie: ask("stat").startsWith("Z"), describe };
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
