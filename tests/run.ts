import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverForChildren, startTestServer } from "./support/server.ts";
import { needlessSkips, skipsReporter } from "./support/skips.ts";

/**
 * Runs test files on one database server that they share, each with databases of its own on it. Two files at a time,
 * since most of them wait for servers (three saved half a minute); whole stages two at a time too, since each is a
 * dozen processes; the pages last and by themselves, since how fast they paint is measured.
 * With CI=true nothing may be skipped that a package would have enabled.
 */
const files = process.argv.slice(2);
const isPages = (file: string) => file.startsWith("tests/browser/");
const server = await startTestServer();
const notes = mkdtempSync(join(tmpdir(), "storey-skipped-"));
const noteOf = (part: string) => join(notes, part);
let runner: ReturnType<typeof spawn> | undefined;
let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    stopped = true;
    runner?.kill(signal);
  });
}

const isStage = (file: string) => file.startsWith("tests/stages/");
/** These take minutes each: begun last, they would run on alone for one of them. */
const longest = ["stages", "carry", "tls"].map((name) => `tests/stages/${name}.test.ts`);
const wholeStages = files.filter(isStage);
const longestFirst = [
  ...longest.filter((file) => wholeStages.includes(file)),
  ...wholeStages.filter((file) => !longest.includes(file)),
];
const others = files.filter((file) => !isPages(file) && !isStage(file));
const codes = [
  await run("others", others, 2),
  await run("stages", longestFirst, 2),
  await run("pages", files.filter(isPages), 1),
];
await server.stop();
process.exitCode = codes.find((code) => code !== 0) ?? 0;
const skipped = process.env["CI"] === "true" ? needlessSkips(["others", "stages", "pages"].map(noteOf)) : [];
if (skipped.length > 0) {
  console.error(`With CI=true nothing may be skipped, and these were:\n${skipped.join("\n")}`);
  process.exitCode ||= 1;
}
rmSync(notes, { recursive: true });

async function run(part: string, some: readonly string[], atOnce: number): Promise<number> {
  if (some.length === 0 || stopped) return stopped ? 1 : 0;
  const args = [
    ...["--test", `--test-concurrency=${atOnce}`, "--import", "./tests/support/seed.ts"],
    ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
    ...[`--test-reporter=${skipsReporter}`, `--test-reporter-destination=${noteOf(part)}`],
    ...some,
  ];
  const child = spawn(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, ...serverForChildren(server) },
  });
  runner = child;
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
}
