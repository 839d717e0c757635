import { readFile } from "node:fs/promises";
import { loopback } from "./loopback.ts";
import { LaunchRefused } from "./refused.ts";

/** What the file holds, of which nothing is known yet; undefined where there is none. Refuses what is no JSON. */
export async function readJson<T>(path: string): Promise<Partial<T> | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    if (error instanceof SyntaxError) throw damaged(path);
    throw error;
  }
}

/** Replaces the file: whole, or not at all. */
export function writeJson(path: string, contents: object, mode: number): Promise<void> {
  return loopback.putFile(path, `${JSON.stringify(contents, undefined, 2)}\n`, { mode });
}

/** The refusal of a file that does not hold what it should. */
export function damaged(path: string): LaunchRefused {
  return new LaunchRefused("launch.data_unknown", `${path} is damaged. Put it back from your backup.`);
}
