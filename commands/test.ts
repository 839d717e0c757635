import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { globSync } from "node:fs";
import { relative } from "node:path";
import { Command } from "commander";
import { need as haproxy } from "#launcher/haproxy/haproxy";
import { chromium, installCommand, memcached, type Need } from "#launcher/packages";
import { stages } from "#stages/all";
import { checkout } from "./instance.ts";
import { needsOf } from "./make-room.ts";
import { namesOf, provideNeeds } from "./provide.ts";
import { CommandRefused } from "./refusals.ts";

const suites = {
  static: ["tests/boundaries/**/*.test.ts"],
  unit: ["{kernel,platform,domains,topology,demo,launcher,lab,apps,commands}/**/*.test.ts"],
  shop: ["tests/{contracts,journeys,attacks,operations,caches,replicas}/**/*.test.ts"],
  kills: ["tests/kills/**/*.test.ts"],
  stages: ["tests/stages/**/*.test.ts"],
  browser: ["tests/browser/**/*.test.ts"],
} as const;
type Suite = keyof typeof suites;

const inCi = process.env["CI"] === "true";

interface TestOptions {
  readonly only?: string[];
  readonly install?: true;
  readonly seed?: string;
  readonly json?: true;
}

/** `storey test`: everything once, or some suites, on real components, with a seed that differs each time. */
export function testCommand(): Command {
  return new Command("test")
    .description("Run all tests once, on the real components.")
    .option("--only <suites...>", `some of: ${Object.keys(suites).join(", ")}`)
    .option("--install", "install what is missing from the distribution, without asking")
    .option("--seed <number>", "repeat an earlier run's random choices")
    .option("--json", "at the end, whether all passed as one line of JSON; all else goes to the error output")
    .argument("[files...]", "only these test files")
    .addHelpText("after", "\nExample: storey test --only unit static")
    .action(test);
}

/** What some tests ask a shop with, make certificates with, or break connections with. */
const tools: readonly Need[] = [
  ...["curl", "jq", "openssl"].map((name) => ({ name, anyOf: [`/usr/bin/${name}`], packages: [name] })),
  { name: "nft", anyOf: ["/usr/sbin/nft"], packages: ["nftables"] },
];

/** What the suites need: of the components of every stage, of those that may stand in their place, and a browser. */
function everyNeed(): Need[] {
  // The machine that judges gets the quickest browser; anybody else tests with the one they have.
  const browser = inCi ? { ...chromium, anyOf: chromium.anyOf.slice(0, 1) } : chromium;
  const needs = [browser, memcached, haproxy, ...tools, ...stages.flatMap(needsOf)];
  return needs.filter((need, at) => needs.findIndex(({ name }) => name === need.name) === at);
}

async function test(files: string[], options: TestOptions): Promise<void> {
  await provide(everyNeed(), options);
  const chosen = files.length > 0 ? files : filesOf(options.only);
  const seed = options.seed ?? String(randomInt(2 ** 31));
  const say = options.json ? console.error : console.log;
  say(`Random choices follow from seed ${seed}; repeat them with: npm test -- --seed ${seed}`);
  process.exitCode = await run(chosen, seed, options.json ? process.stderr : "inherit");
  if (options.json)
    console.log(JSON.stringify({ passed: process.exitCode === 0, files: chosen.length, seed }));
}

function filesOf(only: readonly string[] | undefined): string[] {
  const names = only ?? Object.keys(suites);
  const unknown = names.filter((name) => !(name in suites));
  if (unknown.length > 0) {
    throw new CommandRefused(
      "test.no_such_suite",
      `there is no suite ${unknown}; name ${Object.keys(suites)}.`,
    );
  }
  const patterns = names.flatMap((name) => suites[name as Suite].map((pattern) => `${checkout}/${pattern}`));
  return globSync(patterns)
    .map((file) => relative(checkout, file))
    .sort();
}

/** With CI=true everything is installed and nothing may be missing; elsewhere only after consent. */
async function provide(needs: readonly Need[], options: TestOptions): Promise<void> {
  const agreed = inCi || options.install === true;
  const { missing } = await provideNeeds(needs, { agreed, why: "Some suites need", say: console.error });
  if (missing.length === 0) return;
  const command = `sudo ${installCommand(missing)}`;
  if (agreed) {
    throw new CommandRefused(
      "test.cannot_install",
      `${namesOf(missing)} cannot be installed by this user. Run: ${command}`,
    );
  }
  console.error(
    `Without ${namesOf(missing)} the suites that need them are skipped. To enable them: ${command}`,
  );
}

/** tests/run.ts starts what the files share and hands them to Node's own runner, so that there is one summary. */
function run(
  files: readonly string[],
  seed: string,
  output: "inherit" | NodeJS.WriteStream,
): Promise<number> {
  const child = spawn(process.execPath, ["tests/run.ts", ...files], {
    cwd: checkout,
    stdio: ["inherit", output, "inherit"],
    env: { ...process.env, STOREY_TEST_SEED: seed },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
