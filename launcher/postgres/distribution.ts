import { existsSync, globSync } from "node:fs";
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
  const directories = new Set([...onPath, ...programs.map((program) => dirname(program))]);
  for (const directory of directories) {
    if (existsSync(join(directory, "postgres")) && existsSync(join(directory, "initdb"))) yield directory;
  }
}
