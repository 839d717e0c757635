import { join } from "node:path";
import { serverAccount } from "../account.ts";
import { loopback } from "../loopback.ts";
import { makeScratch, type Scratch } from "../scratch.ts";
import { findBinaries, type Source } from "./binaries.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";
import { type RunningPostgres, startPostgres } from "./start.ts";

/** A place for a server in one test: `await using` stops whatever runs there, also after a failure, and removes it. */
export interface ScratchServer extends AsyncDisposable {
  readonly scratch: string;
  readonly dataDir: string;
  readonly superuserPassword: string;
  /** What the launcher said, in order. */
  readonly said: string[];
  start(from?: Source): Promise<RunningPostgres>;
}

/** Why tests of that server are skipped: there is none. Never in CI, where everything has to be there. */
export async function whySkip(from: Source): Promise<string | false> {
  if (process.env["CI"]) return false;
  const found = serverAccount(loopback, "/").then((account) => findBinaries(loopback, from, account));
  return found.then(
    () => false,
    (error: Error) => error.message,
  );
}

/** Makes the place; `below` is a path in it that ends in the data directory. */
export function makeScratchServer(below = "postgres"): ScratchServer {
  const scratch: Scratch = makeScratch();
  const dataDir = join(scratch.path, below);
  const superuserPassword = "only for this test";
  const said: string[] = [];
  const log = (message: string) => said.push(message);
  return {
    scratch: scratch.path,
    dataDir,
    superuserPassword,
    said,
    start: (from = "embedded") => startPostgres({ host: loopback, dataDir, from, superuserPassword, log }),
    [Symbol.asyncDispose]: async () => {
      const left = await findPostmaster(loopback, dataDir).catch(() => undefined);
      if (left) await stopPostmaster(loopback, left);
      scratch[Symbol.dispose]();
    },
  };
}
