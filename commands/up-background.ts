import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { loopback } from "#launcher/loopback";
import { refuseUnwritable } from "#launcher/refused";
import { checkout } from "./instance.ts";
import { follow } from "./progress.ts";
import { CommandRefused } from "./refusals.ts";
import type { SupervisorInput } from "./supervisor.ts";

/**
 * Starts a supervisor that outlives this command, and waits until everything runs. Throws CommandRefused with what the
 * supervisor said when it could not bring the instance up; then nothing of it runs.
 */
export async function upInBackground(
  input: SupervisorInput,
  say: (line: string) => void,
): Promise<{ url: string; pid: number }> {
  const logs = join(input.data, input.name, "logs");
  await refuseUnwritable(logs, () => loopback.putDirectory(logs, { mode: 0o700 }));
  // Not the one of a supervisor that may be running: whoever starts the same instance twice hears of it from their own.
  const file = join(logs, `supervisor-${process.pid}.log`);
  const output = openSync(file, "w", 0o600);
  const child = spawn(join(checkout, "storey"), ["supervisor", JSON.stringify(input)], {
    cwd: checkout,
    detached: true,
    stdio: ["ignore", output, output],
  });
  let alive = true;
  child.once("exit", () => {
    alive = false;
  });
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  const told = await follow(file, () => alive, say);
  child.unref();
  const isOther = told && "failed" in told && told.failed.code === "launch.in_use";
  if (isOther) await rm(file);
  else await rename(file, join(logs, "supervisor.log"));
  if (told && "ready" in told) return told.ready;
  const [code, message] = told
    ? [told.failed.code ?? "up.failed", told.failed.message]
    : ["up.failed", `The supervisor ended without a word; its output is in ${join(logs, "supervisor.log")}.`];
  throw new CommandRefused(code, message);
}
