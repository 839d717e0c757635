import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { Command } from "commander";
import { chromium, findNeed, installCommand } from "#launcher/packages";
import { checkout } from "./instance.ts";
import { CommandRefused } from "./refusals.ts";

interface ScreensOptions {
  readonly out: string;
  readonly url?: string;
  readonly json?: true;
}

/** `storey screens`: photographs every page in every situation, at two widths, with one contact sheet. */
export function screensCommand(): Command {
  return new Command("screens")
    .description(
      "Photograph every page of the storefront, full, empty and in error, on a phone and a wide screen.",
    )
    .option("--out <dir>", "where the pictures go; pictures of an earlier time are replaced", "screens")
    .option("--url <url>", "a shop that runs already: only the pages anybody may see")
    .option("--json", "say where the pictures are as one line of JSON")
    .addHelpText("after", "\nExample: storey screens --url http://127.0.0.1:3000 --out pictures")
    .action(screens);
}

/** The pages' situations belong to the browser tests, so their program is started, as the test command does. */
async function screens({ out, url, json }: ScreensOptions): Promise<void> {
  if (!findNeed(chromium)) {
    throw new CommandRefused(
      "screens.no_browser",
      `Chromium is not installed. To install it: sudo ${installCommand([chromium])}`,
    );
  }
  // It borrows from the tests, whose runner would end it with a summary of no tests.
  const mute = "export default async function* (events) { for await (const _ of events); }";
  const reporter = `data:text/javascript,${encodeURIComponent(mute)}`;
  const args = [
    `--test-reporter=${reporter}`,
    "tests/browser/screens.ts",
    resolve(out),
    ...(url ? [url] : []),
  ];
  const child = spawn(process.execPath, args, {
    cwd: checkout,
    stdio: ["inherit", json ? process.stderr : "inherit", "inherit"],
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((done, failed) => {
    child.once("error", failed);
    child.once("exit", (code) => done(code ?? 1));
  });
  if (json) console.log(JSON.stringify({ directory: resolve(out), whole: process.exitCode === 0 }));
}
