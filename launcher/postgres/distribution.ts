import { delimiter, dirname, join } from "node:path";
import type { Host } from "../host.ts";
import { pathsLike } from "../paths-like.ts";

/** Debian and Ubuntu, Fedora and RHEL, Homebrew, a build from source. What matters is what they hold. */
const usualPlaces = [
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/opt/homebrew/opt/postgresql@*/bin",
  "/usr/local/opt/postgresql@*/bin",
  "/usr/local/pgsql/bin",
];

/** Directories of a host that hold a server: those on PATH first, then the usual places. */
export async function* distributionDirectories(host: Host): AsyncGenerator<string> {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).filter((place) => place.startsWith("/"));
  const candidates = [...onPath, ...usualPlaces].map((place) => pathsLike(host, join(place, "postgres")));
  const found = await Promise.all((await Promise.all(candidates)).flat().map((path) => host.look(path)));
  // Where a link leads: beside the server itself lie all the programs that belong to it.
  const real = found.flatMap((each) => each?.realPath ?? []);
  for (const directory of new Set(real.map((program) => dirname(program)))) {
    if (await host.look(join(directory, "initdb"))) yield directory;
  }
}
