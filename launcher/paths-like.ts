import { join } from "node:path";
import type { Host } from "./host.ts";

/** Paths that are there on a host and fit a pattern, in which one star a name stands for any part of it; sorted. */
export async function pathsLike(host: Host, pattern: string): Promise<string[]> {
  let found = ["/"];
  for (const part of pattern.split("/").filter(Boolean)) {
    const [start = "", end] = part.split("*");
    const next = found.map(async (directory) => {
      if (end === undefined) return [join(directory, part)];
      // What is no directory, or may not be read, holds nothing that could be run.
      const names = await host.list(directory).catch(() => []);
      return names
        .filter((name) => name.startsWith(start) && name.endsWith(end))
        .map((name) => join(directory, name));
    });
    found = (await Promise.all(next)).flat();
  }
  const there = await Promise.all(found.map((path) => host.look(path).catch(() => undefined)));
  return found.filter((_, at) => there[at]?.realPath !== undefined);
}
