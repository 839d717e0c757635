import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { DatabaseServer } from "./limit.ts";
import { pgbenchScript, type RawStatement } from "./statements.ts";

const run = promisify(execFile);

/** The pgbench of this machine, wherever its distribution put it; undefined where there is none that runs. */
export async function findPgbench(): Promise<string | undefined> {
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((directory) => join(directory, "pgbench"));
  // The newest first: a client of an old server can be too old for the way a new one asks for passwords.
  const usual = ["/usr/lib/postgresql/*/bin/pgbench", "/usr/pgsql-*/bin/pgbench"]
    .flatMap((place) => globSync(place))
    .sort()
    .reverse();
  for (const program of [...usual, ...onPath]) {
    if (!existsSync(program)) continue;
    const works = await run(program, ["--version"]).then(
      () => true,
      () => false,
    );
    if (works) return program;
  }
  return undefined;
}

/** What a native client reached. */
export interface Driven {
  readonly by: string;
  readonly operations: number;
  readonly perSecond: number;
}

/** Runs a statement with pgbench: prepared, `clients` at once. */
export async function drivePgbench(
  program: string,
  server: DatabaseServer,
  options: { database: string; statement: RawStatement; clients: number; forMs: number; seed: number },
): Promise<Driven> {
  const directory = await mkdtemp(join(tmpdir(), "storey-lab-"));
  try {
    const script = join(directory, "script.sql");
    await writeFile(script, pgbenchScript(options.statement));
    const seconds = Math.max(1, Math.round(options.forMs / 1_000));
    const { stdout } = await run(
      program,
      [
        ...["--no-vacuum", "--protocol=prepared", "--jobs=2", `--client=${options.clients}`],
        ...[`--time=${seconds}`, `--random-seed=${options.seed}`, `--file=${script}`],
        ...[`--host=${server.host}`, `--port=${server.port}`, `--username=${server.user}`, options.database],
      ],
      { env: { ...process.env, PGPASSWORD: server.password } },
    );
    const operations = Number(/number of transactions actually processed: (\d+)/.exec(stdout)?.[1]);
    const perSecond = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
    if (!operations || !perSecond) throw new Error(`pgbench said nothing that is understood:\n${stdout}`);
    return { by: `pgbench, ${options.clients} clients, prepared`, operations, perSecond };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
