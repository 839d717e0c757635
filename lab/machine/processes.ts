import { readdirSync, readFileSync, readlinkSync } from "node:fs";

interface Usage {
  readonly parent: number;
  /** What the process has used, and what those of its children had that have ended, in milliseconds. */
  readonly ownMs: number;
  readonly endedMs: number;
}

/**
 * What Linux counts in, on every platform Node runs on: 100 a second. The sum itself is exact, each figure to
 * 10 ms.
 */
const msPerTick = 10;

function usageOf(pid: number | string): Usage | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
  // The name may hold anything, also brackets; what follows the last one is fields 3 and later of proc(5).
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ms = (index: number) => Number(fields[index]) * msPerTick;
  return { parent: Number(fields[1]), ownMs: ms(11) + ms(12), endedMs: ms(13) + ms(14) };
}

/** CPU used so far by one process with all its threads and without its children, in milliseconds. */
export function processCpuMs(pid: number): number {
  const usage = usageOf(pid);
  if (!usage) throw gone(pid);
  return usage.ownMs;
}

const gone = (pid: number) => new Error(`process ${pid} is gone, and with it what it had used`);

const allPids = () => readdirSync("/proc").filter((name) => /^\d+$/.test(name));

/** A process and everything that descends from it. */
export function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const pid of allPids()) {
    const usage = usageOf(pid);
    if (usage) children.set(usage.parent, [...(children.get(usage.parent) ?? []), Number(pid)]);
  }
  const tree: number[] = [];
  const visit = (pid: number) => {
    tree.push(pid);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  visit(root);
  return tree;
}

/**
 * CPU used so far by a process and all that descends from it, in milliseconds; what has ended counts through
 * the one that waited for it. Throws when the process is gone, because a figure without it would be a wrong
 * one.
 */
export function treeCpuMs(root: number): number {
  if (!usageOf(root)) throw gone(root);
  return treeOf(root).reduce((sum, pid) => {
    const usage = usageOf(pid);
    return sum + (usage ? usage.ownMs + usage.endedMs : 0);
  }, 0);
}

/**
 * Memory of a process and all that descends from it, in bytes, shared pages by share (PSS); root may read
 * others'.
 */
export function treeMemoryBytes(root: number): number {
  return treeOf(root).reduce((sum, pid) => sum + memoryBytes(pid), 0);
}

function memoryBytes(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

/** Where a process listens for TCP, such as `http://127.0.0.1:3000`; undefined where it does not (yet). */
export function listeningUrl(pid: number): string | undefined {
  const sockets = socketsOf(pid);
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const row of readFileSync(table, "utf8").split("\n").slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = row.trim().split(/\s+/);
      if (state !== "0A" || !sockets.has(inode)) continue;
      const [address = "", port = ""] = local.split(":");
      return `http://${hostOf(address)}:${Number.parseInt(port, 16)}`;
    }
  }
  return undefined;
}

function socketsOf(pid: number): Set<string> {
  const found = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode) found.add(inode);
    } catch {
      // Closed between the two looks.
    }
  }
  return found;
}

/**
 * The kernel prints addresses as words in the machine's own order; any address is reached on the loopback.
 */
function hostOf(hex: string): string {
  if (hex.length !== 8) return "[::1]";
  const bytes = hex.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
  const host = bytes.reverse().join(".");
  return host === "0.0.0.0" ? "127.0.0.1" : host;
}
