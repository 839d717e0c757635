import { execFile } from "node:child_process";

/** Where tools of the system lie, also for those whose path has no sbin. */
export const toolPath = "/usr/sbin:/usr/bin:/sbin:/bin";

/** Runs `ip`, `tc` or another tool of the system and answers what it said. Throws with its own words. */
export const tool = (program: string, ...args: readonly string[]): Promise<string> =>
  toolWithin(30_000, program, ...args);

/** The same for what may take its time; it is ended after `withinMs`. */
export function toolWithin(withinMs: number, program: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { timeout: withinMs, env: { PATH: toolPath, LC_ALL: "C" }, maxBuffer: 16 << 20 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        return reject(new Error(`${program} ${args.join(" ")}: ${stderr.trim() || error.message}`));
      },
    );
  });
}
