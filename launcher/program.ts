import { delimiter, join } from "node:path";
import { findNeed, installCommand, type Need } from "./packages.ts";
import { LaunchRefused } from "./refused.ts";

/** Where servers lie that are on no ordinary user's PATH. */
const usualPlaces = ["/usr/local/sbin", "/usr/sbin", "/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"];

/** Paths at which a program may lie: those of PATH and the usual ones. */
export const onPath = (program: string): string[] => {
  const places = (process.env["PATH"] ?? "").split(delimiter).filter((place) => place.startsWith("/"));
  return [...new Set([...places, ...usualPlaces])].map((place) => join(place, program));
};

/** The program that fills a need. Throws LaunchRefused `launch.no_binaries`, with the command that installs it. */
export function programOf(need: Need): string {
  const found = findNeed(need);
  if (found) return found;
  throw new LaunchRefused(
    "launch.no_binaries",
    `${need.name} is not on this machine. Install it: ${installCommand([need])}`,
  );
}

/** Why tests of a component are skipped: it is not installed. Never in CI, where everything has to be there. */
export const whyMissing = (need: Need): string | false =>
  findNeed(need) || process.env["CI"] ? false : `${need.name} is not installed`;
