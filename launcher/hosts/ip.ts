import { spawn } from "node:child_process";
import { tool, toolPath } from "../tool.ts";

/** What lies in a namespace, as `ip` tells it. */
export const askIp = async <T>(...args: readonly string[]): Promise<T[]> =>
  JSON.parse((await tool("ip", "-j", ...args)) || "[]");

/**
 * Runs many lines of `ip` in one process, in the machine's own namespace or in one of ours: a process for each line
 * would be two hundred for thirty hosts. Throws with what the first line that failed said.
 */
export function ipLines(
  lines: readonly string[],
  options: { namespace?: string; goOn?: boolean } = {},
): Promise<void> {
  const args = [
    ...(options.namespace ? ["-n", options.namespace] : []),
    ...(options.goOn ? ["-force"] : []),
    ...["-batch", "-"],
  ];
  return new Promise((resolve, reject) => {
    const child = spawn("ip", args, { env: { PATH: toolPath }, stdio: ["pipe", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0 || options.goOn) return resolve();
      const failed = Number(/Command failed -:(\d+)/.exec(said)?.[1]);
      return reject(new Error(`ip ${lines[failed - 1] ?? args.join(" ")}: ${said.trim()}`));
    });
    child.stdin.on("error", () => undefined).end(`${lines.join("\n")}\n`);
  });
}
