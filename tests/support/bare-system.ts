import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs what follows it where PostgreSQL is not installed, nothing is known of services, apt-get only writes down how it
 * was called, and the system says of its memory what a file says: for itself alone, in a namespace of mounts.
 */
const bareSystem = `
set -eu
mount --make-rprivate /
for hidden in /usr/lib/postgresql /usr/sbin /etc/postgresql-common; do
  [ ! -d "$hidden" ] || mount -t tmpfs tmpfs "$hidden"
done
mount --bind "$APT_GET" /usr/bin/apt-get
[ -z "$MEMINFO" ] || mount --bind "$MEMINFO" /proc/meminfo
exec "$@"
`;

/** Why there can be none here; undefined where there can. With CI=true there has to be. */
export function whyNoBareSystem(): string | undefined {
  if (process.env["CI"] === "true") return undefined;
  const attempt = spawnSync("unshare", ["--mount", "true"]);
  if (process.getuid?.() === 0 && attempt.status === 0 && existsSync("/usr/bin/apt-get")) return undefined;
  return "hiding what is installed takes root and Debian";
}

export interface BareSystem {
  /** A directory that vanishes with it. Holds `apt-get` and what a test puts there. */
  readonly scratch: string;
  run(
    command: readonly string[],
    given?: {
      /** What the command is started by. */
      readonly before?: readonly string[];
      /** A file in the place of /proc/meminfo. */
      readonly memory?: string;
      /** What somebody types at a terminal; without it there is none. */
      readonly input?: string;
      readonly env?: Readonly<Record<string, string | undefined>>;
    },
  ): SpawnSyncReturns<string>;
  /** How apt-get was called since this was asked last. */
  called(): string[];
  close(): void;
}

export function openBareSystem(): BareSystem {
  const scratch = mkdtempSync(join(tmpdir(), "storey-bare-"));
  chmodSync(scratch, 0o711);
  const file = join(scratch, "apt-get-called");
  const aptGet = `#!/bin/sh\necho "$@" >>"${file}"\necho "no network here" >&2\nexit 100\n`;
  writeFileSync(join(scratch, "apt-get"), aptGet, { mode: 0o755 });
  return {
    scratch,
    run: (asked, { before = [], memory = "", input = "", env = {} } = {}) => {
      // A terminal of its own where somebody is to answer.
      const command = input
        ? ["script", "--quiet", "--return", "--command", asked.join(" "), "/dev/null"]
        : asked;
      return spawnSync("unshare", ["--mount", "sh", "-c", bareSystem, "sh", ...before, ...command], {
        encoding: "utf8",
        cwd: "/",
        input,
        timeout: 120_000,
        env: { ...process.env, APT_GET: join(scratch, "apt-get"), MEMINFO: memory, ...env },
      });
    },
    called: () => {
      const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
      rmSync(file, { force: true });
      return lines;
    },
    close: () => rmSync(scratch, { recursive: true, force: true }),
  };
}
