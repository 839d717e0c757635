import { fork } from "node:child_process";
import { dirname, join } from "node:path";
import { isConsoleBuilt } from "#apps/operator/console/build";
import { isStorefrontBuilt } from "#apps/storefront/build";
import type { Instance } from "#launcher/instance";
import { CommandRefused } from "./refusals.ts";
import { isSeeded } from "./seed-once.ts";

/** What there may be to make, and what the process that makes it must know. */
export interface Work {
  readonly build: { readonly buildDir: string };
  readonly fill: { readonly name: string; readonly data: string; readonly products: number };
}

/** What that process tells meanwhile. */
export interface Progress {
  readonly done: number;
  readonly all: number;
}

/**
 * Makes what a start needs once, in processes of their own: the storefront's files and the demo's products with their
 * pictures. Made in the shop's own process they would leave it holding 500 MB until it is restarted, against 200 MB.
 * `products` is undefined where the shop is no demo. The database runs; the shop does not yet. Throws CommandRefused:
 * `up.preparation_failed`.
 */
export async function makeReady(
  { name, directory, paths }: Pick<Instance, "name" | "directory" | "paths">,
  products: number | undefined,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const works: Promise<void>[] = [];
  if (!(await isStorefrontBuilt(paths.build)) || !(await isConsoleBuilt(paths.build))) {
    say("Building the pages …");
    works.push(run("build", { buildDir: paths.build }, signal));
  }
  if (products !== undefined && !(await isSeeded(directory, products))) {
    if (products > 0) say(`Filling the shelves with ${products} products …`);
    works.push(run("fill", { name, data: dirname(directory), products }, signal, tenths(say)));
  }
  const ended = await Promise.allSettled(works);
  const failed = ended.find((each) => each.status === "rejected");
  if (failed && !signal.aborted) throw failed.reason;
}

const program = join(import.meta.dirname, "first-start-process.ts");

async function run<Name extends keyof Work>(
  name: Name,
  work: Work[Name],
  signal: AbortSignal,
  progress?: (at: Progress) => void,
): Promise<void> {
  const child = fork(program, [name, JSON.stringify(work)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  if (progress) child.on("message", progress);
  const end = () => child.kill("SIGTERM");
  signal.addEventListener("abort", end);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  signal.removeEventListener("abort", end);
  if (code === 0) return;
  throw new CommandRefused(
    "up.preparation_failed",
    "The first start could not be finished; why is said above. Start again: what was done stays.",
  );
}

function tenths(say: (line: string) => void): (at: Progress) => void {
  let told = 0;
  return ({ done, all }) => {
    const now = Math.floor((10 * done) / all);
    if (now > told) say(`Filling the shelves: ${done} of ${all} products`);
    told = now;
  };
}
