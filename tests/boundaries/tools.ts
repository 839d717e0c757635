import { execFile } from "node:child_process";
import { dirname, join } from "node:path";

export const root = dirname(dirname(import.meta.dirname));

/** The path of a program that a package of ours installs. */
export const program = (name: string) => join(root, "node_modules", ".bin", name);

/** Runs a tool to its end; a failure is an answer here, so it is returned with all that was printed. */
export function run(
  file: string,
  args: readonly string[],
  cwd = root,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const options = {
      cwd,
      maxBuffer: 64 * 1024 * 1024,
      timeout: 120_000,
      env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1" },
    };
    execFile(file, [...args], options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
      resolve({ code, output: stdout + stderr });
    });
  });
}

export interface Cruise {
  readonly violations: readonly {
    readonly from: string;
    readonly to: string;
    readonly rule: { readonly name: string };
  }[];
  /** The names of the rules of the configuration that was used. */
  readonly rules: readonly string[];
  /** Every file that was seen, from the root of the tree. */
  readonly modules: readonly string[];
}

/** Runs dependency-cruiser over a whole tree with the configuration that lies in it. */
export async function cruise(cwd: string): Promise<Cruise> {
  const args = ["--config", ".dependency-cruiser.mjs", "--output-type", "json", "."];
  const { output } = await run(program("depcruise"), args, cwd);
  const start = output.indexOf("{");
  if (start < 0) throw new Error(`dependency-cruiser answered:\n${output}`);
  const result = JSON.parse(output.slice(start, output.lastIndexOf("}") + 1));
  return {
    violations: result.summary.violations,
    rules: result.summary.ruleSetUsed.forbidden.map(({ name }: { name: string }) => name),
    modules: result.modules.map(({ source }: { source: string }) => source),
  };
}
