import { existsSync, globSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Debian and Ubuntu, Fedora and RHEL, Homebrew, a build from source. What matters is what they hold. */
const usualPlaces = [
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/opt/homebrew/opt/postgresql@*/bin",
  "/usr/local/opt/postgresql@*/bin",
  "/usr/local/pgsql/bin",
];

/** Directories of this machine that hold a server: those on PATH first, then the usual places. */
export async function* distributionDirectories(): AsyncGenerator<string> {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const programs = usualPlaces.flatMap((place) => globSync(join(place, "postgres")));
  const candidates = [...onPath.map((directory) => join(directory, "postgres")), ...programs];
  // Where a link leads: beside the server itself lie all the programs that belong to it.
  const found = candidates.filter((program) => existsSync(program)).map((program) => realpathSync(program));
  for (const directory of new Set(found.map((program) => dirname(program)))) {
    if (existsSync(join(directory, "initdb"))) yield directory;
  }
}
