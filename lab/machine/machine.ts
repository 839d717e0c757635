import { execFileSync } from "node:child_process";
import { cpus, release, totalmem } from "node:os";

/** What a figure was measured on: it means nothing elsewhere without this. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Processes that wanted a core in the minute before: above 0.5 somebody else was measured too. */
  readonly loadBefore: number;
}

/** This machine. */
export function thisMachine(loadBefore: number): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() || "unknown",
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    loadBefore: Math.round(loadBefore * 100) / 100,
  };
}

/** The commit that is checked out, with `+` when files differ from it; "unknown" outside of a repository. */
export function commitOf(checkout: string): string {
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", checkout, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    const isChanged = git("status", "--porcelain", "--untracked-files=no") !== "";
    return git("rev-parse", "--short=12", "HEAD") + (isChanged ? "+" : "");
  } catch {
    return "unknown";
  }
}
