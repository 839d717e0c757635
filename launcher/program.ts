import { delimiter, join } from "node:path";
import type { Host } from "./host.ts";
import { findNeed, installCommand, type Need } from "./packages.ts";
import { pathsLike } from "./paths-like.ts";
import { LaunchRefused } from "./refused.ts";

/** Where servers lie that are on no ordinary user's PATH. */
const usualPlaces = ["/usr/local/sbin", "/usr/sbin", "/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"];

/** Paths at which a program may lie: those of PATH and the usual ones. */
export const onPath = (program: string): string[] => {
  const places = (process.env["PATH"] ?? "").split(delimiter).filter((place) => place.startsWith("/"));
  return [...new Set([...places, ...usualPlaces])].map((place) => join(place, program));
};

/** What fills a need on a host. Throws LaunchRefused `launch.no_binaries`, with the command that installs it. */
export async function programOf(host: Host, need: Need): Promise<string> {
  const found = await Promise.all(need.anyOf.map((pattern) => pathsLike(host, pattern)));
  const last = found.flat().sort().at(-1);
  if (last) return last;
  throw new LaunchRefused(
    "launch.no_binaries",
    `${need.name} is not on this machine. Install it: ${installCommand([need])}`,
  );
}

/** Why tests of a component are skipped: it is not installed. Never in CI, where everything has to be there. */
export const whyMissing = (need: Need): string | false =>
  findNeed(need) || process.env["CI"] ? false : `${need.name} is not installed`;
