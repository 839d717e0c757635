import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { CommandRefused } from "./refusals.ts";

const run = promisify(execFile);
const fitWithinMs = 120_000;

/** The version of the release in a directory. Throws CommandRefused `roll.no_release`. */
export function versionOf(directory: string): string {
  const whole = resolve(directory);
  const isThere = ["storey", "cli.ts", "package.json"].every((name) => existsSync(join(whole, name)));
  if (!isThere) {
    const message = `${whole} holds no release of Storey. Name a directory with a whole checkout and its packages.`;
    throw new CommandRefused("roll.no_release", message);
  }
  return (JSON.parse(readFileSync(join(whole, "package.json"), "utf8")) as { version: string }).version;
}

/**
 * Lets a release bring the database to what it needs, while the one before runs on: migrations only add. Throws
 * CommandRefused `roll.does_not_fit` with the release's own words; then nothing was changed.
 */
export async function fitDatabase(
  directory: string,
  instance: { name: string; data: string },
): Promise<void> {
  const args = ["fit", "--name", instance.name, "--data", instance.data, "--json"];
  await run(join(directory, "storey"), args, { timeout: fitWithinMs }).catch((error: { stderr?: string }) => {
    const words = wordsOf(error.stderr ?? String(error));
    throw new CommandRefused(
      "roll.does_not_fit",
      `The release in ${directory} does not fit the data: ${words}`,
    );
  });
}

/** The message of a refusal, which comes as JSON, or of what was thrown. */
function wordsOf(stderr: string): string {
  const lines = stderr.trim().split("\n");
  const refusal = lines.findLast((line) => line.startsWith("{"));
  if (refusal) return (JSON.parse(refusal) as { message: string }).message;
  return lines.find((line) => /Error\b/.test(line)) ?? lines.at(-1) ?? "";
}
