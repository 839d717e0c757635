import { randomInt } from "node:crypto";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { Command, Option } from "commander";
import { endFaults } from "#lab/faults/api";
import { bury, gravesOf } from "#lab/scenarios/graveyard";
import type { ScenarioPlace } from "#lab/scenarios/place";
import { randomScenario } from "#lab/scenarios/random";
import type { ScenarioReport } from "#lab/scenarios/run";
import { readScenario, type Scenario, ScenarioRefused } from "#lab/scenarios/scenario";
import { freePort } from "#lab/shop/free-port";
import { chooseDataRoot } from "#launcher/data-root";
import { checkout } from "./instance.ts";
import { cleaningUp, unlessInterrupted } from "./interrupt.ts";
import { openLab } from "./lab.ts";
import { positive, wholeFrom } from "./numbers.ts";
import { CommandRefused } from "./refusals.ts";
import { stageOf } from "./stage.ts";
import { askStatus } from "./status.ts";

interface ScenarioArguments {
  readonly stage?: number;
  readonly seeds: number;
  readonly seed?: number;
  readonly seconds: number;
  readonly rate: number;
  readonly workload: string;
  readonly target?: "loopback" | "hosts";
  readonly name?: string;
  readonly data?: string;
  readonly trial?: true;
  readonly json?: true;
}

const graveyard = join(checkout, "lab/graveyard");

/** `storey scenario`: visitors, faults on a timetable, and the audit; from a file, or from seeds. */
export function scenarioCommand(): Command {
  return new Command("scenario")
    .description("Let visitors come while parts of a stage fail on a timetable, and hold it to every order.")
    .argument("[file]", "a scenario as JSON; without it they are made from seeds")
    .option("--stage <n>", "which stage; `storey stages` lists them", wholeFrom(0))
    .option(
      "--seeds <n>",
      "how many new seeds, after those that failed before (0: only those)",
      wholeFrom(0),
      3,
    )
    .option("--seed <n>", "the first new seed; without it one is drawn", wholeFrom(0))
    .option("--seconds <n>", "how long visitors come", positive, 60)
    .option("--rate <n>", "visits a second", positive, 10)
    .option("--workload <name>", "who comes: order, shop, double-eleven, merchant or hostile", "order")
    .addOption(new Option("--target <target>", "where its hosts are").choices(["loopback", "hosts"]))
    .option("--name <name>", "play in this instance, started if it rests; without it each in a new one")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--trial", "keep no report, and do not keep what failed")
    .option("--json", "the reports as JSON")
    .addHelpText("after", help)
    .action((file: string | undefined, options: ScenarioArguments) =>
      cleaningUp((stopped) => scenario(file, options, stopped)),
    );
}

const help = `
Exits with 0 if everything held, 2 if not. What fails is kept in lab/graveyard and played first the next time. An
instance of yours should have been started with --client-limit 100000000; it is left with the orders placed.

A scenario: {"stage": 4, "workload": "order", "perSecond": 10, "seconds": 40,
             "faults": [{"at": 8, "name": "freeze", "on": "redis", "forSeconds": 10}, {"at": 12, "name": "kill", "on": "app-1"}]}

Example: storey scenario --stage 4 --seeds 3
Example: storey scenario my-scenario.json --json
Example: storey scenario --stage 5 --seeds 1 --seed 42 --trial`;

type Lab = Awaited<ReturnType<typeof openLab>>;

async function scenario(
  file: string | undefined,
  options: ScenarioArguments,
  stopped: AbortSignal,
): Promise<void> {
  const lab = await openLab();
  const say = (line: string) => console.error(line);
  const given = file === undefined ? undefined : await readFrom(file);
  const stage = given?.stage ?? options.stage;
  if (stage === undefined)
    throw new CommandRefused("scenario.no_stage", "Name a stage with --stage, or a file with a scenario.");
  stageOf(stage);
  const whyNot = lab.whyNotDriven(given?.workload ?? options.workload);
  if (whyNot) throw new CommandRefused("scenario.workload", `It cannot be played: ${whyNot}.`);
  const seed = given?.seed ?? options.seed ?? randomInt(2 ** 31);
  const provenance = lab.provenanceOf(
    checkout,
    commandLine(file, stage, seed, options),
    seed,
    loadavg()[0] ?? 0,
  );
  const players = given ? [given] : playersOf(stage, seed, options);
  const reports: ScenarioReport[] = [];
  for (const [at, player] of players.entries()) {
    const report = await playOne(lab, player, {
      ...options,
      stage,
      say,
      stopped,
      which: `${at + 1} of ${players.length}`,
    });
    reports.push(report);
    say(report.failed.length === 0 ? "held" : `FAILED: ${report.failed.join("; ")}`);
    if (options.trial || file !== undefined || report.failed.length === 0) continue;
    const { commit, date } = provenance;
    const { failed, scenario } = report;
    const path = await bury(graveyard, { stage, seed: scenario.seed ?? 0, commit, date, failed, scenario });
    say(`kept in ${relative(checkout, path)}`);
  }
  const held = reports.every(({ failed }) => failed.length === 0);
  const result = { json: { held, scenarios: reports }, markdown: lab.scenariosInWords(reports) };
  if (options.json) console.log(JSON.stringify({ ...provenance, ...result.json }));
  else console.log(`\n${lab.provenanceMarkdown(provenance)}\n\n${result.markdown}`);
  if (!options.trial) {
    const folder = join(checkout, "lab/results", String(stage).padStart(2, "0"));
    say(`kept in ${relative(checkout, await lab.saveReport(folder, "scenarios", provenance, result))}`);
  }
  if (!held) process.exitCode = 2;
}

/** A scenario as it is, or a seed to make one from, once it is known what can be done to what. */
type Player = Scenario | { readonly seed: number };

function playersOf(stage: number, seed: number, { seeds, target }: ScenarioArguments): Player[] {
  const kept = gravesOf(graveyard, stage, target).map(({ scenario }) => scenario);
  return [...kept, ...Array.from({ length: seeds }, (_, at) => ({ seed: seed + at }))];
}

async function readFrom(file: string): Promise<Scenario> {
  try {
    return readScenario(await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof ScenarioRefused) throw new CommandRefused(error.code, `${file}: ${error.message}`);
    throw new CommandRefused("scenario.no_file", `${file} cannot be read: ${(error as Error).message}`);
  }
}

type Playing = ScenarioArguments & {
  readonly stage: number;
  readonly which: string;
  readonly stopped: AbortSignal;
  say(line: string): void;
};

async function playOne(lab: Lab, player: Player, options: Playing): Promise<ScenarioReport> {
  const { say, which, workload, rate, seconds } = options;
  const target = "stage" in player ? player.target : options.target;
  return inPlace(lab, { ...options, ...(target ? { target } : {}) }, async (place) => {
    const frame = {
      topology: place.topology,
      workload,
      perSecond: rate,
      seconds,
      ...(target ? { target } : {}),
    };
    const made =
      "stage" in player
        ? player
        : randomScenario(player.seed, { ...frame, possibilities: await place.possibilities() });
    say(`\n${made.seed === undefined ? "the scenario" : `seed ${made.seed}`}, ${which}, stage ${made.stage}`);
    return lab.runScenario(made, place, say);
  });
}

/** Works in the instance that was named, or in a new one that is taken away again. */
async function inPlace<T>(
  lab: Lab,
  options: Playing,
  work: (place: ScenarioPlace) => Promise<T>,
): Promise<T> {
  const { stage, target, stopped, say } = options;
  const own = options.name === undefined ? await mkdtemp(join(tmpdir(), "storey-scenario-")) : undefined;
  // The database's own user passes through.
  if (own) await chmod(own, 0o711);
  const dataRoot = own ?? (await chooseDataRoot(checkout, options.data));
  const name = options.name ?? `scenario-${stage}`;
  const wasUp = await askStatus({ name, data: dataRoot }).catch(() => undefined);
  say(wasUp ? `${name} is up` : `${name}: bringing stage ${stage} up`);
  const at = { stage, name, dataRoot, port: await freePort(), ...(target ? { target } : {}) };
  const clear = async () => {
    if (own) await rm(own, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  };
  // What does not come up leaves nothing that runs.
  const place = await lab.openPlace(at).catch((error: unknown) => clear().then(() => Promise.reject(error)));
  try {
    return await unlessInterrupted(stopped, work(place));
  } finally {
    await endFaults(place.instance);
    if (!wasUp) await place.shop.stop();
    // What cannot be stopped stays, and so does where it runs.
    await clear();
  }
}

/** What plays the same again. */
function commandLine(
  file: string | undefined,
  stage: number,
  seed: number,
  options: ScenarioArguments,
): string {
  if (file !== undefined) return `storey scenario ${file}`;
  const { seeds, seconds, rate, workload, target } = options;
  const flags = [
    ...["--stage", stage, "--seeds", seeds, "--seed", seed, "--seconds", seconds],
    ...["--rate", rate, "--workload", workload, ...(target ? ["--target", target] : [])],
  ];
  return ["storey scenario", ...flags].join(" ");
}
