import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Command } from "commander";
import type { StageClimb } from "#lab/climb/climb";
import { newestClimb } from "#lab/climb/kept";
import { certaintyOf } from "#lab/plan/certainty";
import { costsOf } from "#lab/plan/costs";
import { type Plan, type PriceList, planFor } from "#lab/plan/plan";
import { planMarkdown } from "#lab/plan/report";
import { checkout } from "./instance.ts";
import { positive, wholeFrom } from "./numbers.ts";
import { CommandRefused } from "./refusals.ts";

interface PlanArguments {
  readonly users: number;
  readonly stage?: number;
  readonly think: number;
  readonly prices?: string;
  readonly json?: true;
}

/** Large numbers are easier to get right with their thousands apart: 1_000_000 or 1,000,000. */
const users = (text: string) => wholeFrom(1)(text.replaceAll(/[_,]/g, ""));

/** `storey plan`: how many hosts of which size for so many users, what they cost, and where the next limit lies. */
export function planCommand(): Command {
  return new Command("plan")
    .description("Say which hosts so many users need, from what the climb measured, and what breaks next.")
    .requiredOption("--users <n>", "at once, at the busiest hour", users)
    .option(
      "--stage <n>",
      "at this stage (default: the first that bears it, of those that were climbed)",
      wholeFrom(1),
    )
    .option("--think <seconds>", "between two requests of one user (7: TPC-W, clause 5.3.2.1)", positive, 7)
    .option("--prices <file>", "a price list like lab/plan/prices.json")
    .option("--json", "the plan as JSON")
    .addHelpText("after", "\nExample: storey plan --users 20000")
    .action(plan);
}

function plan({ users, stage, think, prices: file, json }: PlanArguments): void {
  const kept = newestClimb(join(checkout, "lab/results/climb"));
  if (!kept)
    throw new CommandRefused(
      "plan.nothing_measured",
      "no climb is kept here: run storey climb --save first.",
    );
  const prices = readPrices(file ?? join(checkout, "lab/plan/prices.json"));
  const demand = { users, thinkSeconds: think };
  const climbed = kept.stages.filter((each) => each.held && (stage === undefined || each.stage === stage));
  const plans = climbed.map((each) => planFor(costsAtItsEnd(each), demand, prices));
  const chosen = plans.find(({ fits }) => fits) ?? plans.at(-1);
  if (!chosen) {
    const known = kept.stages.filter(({ held }) => held).map((each) => each.stage);
    throw new CommandRefused(
      "plan.not_climbed",
      `stage ${stage} was not climbed; there are figures of ${known}.`,
    );
  }
  const certainty = certaintyOf(kept.stages, kept.settings.cpuPercent);
  const from = relative(checkout, kept.directory);
  if (json) console.log(JSON.stringify({ demand, plan: chosen satisfies Plan, certainty, from }));
  else console.log(planMarkdown({ demand, prices, plan: chosen, certainty, from }));
}

function costsAtItsEnd(climbed: StageClimb) {
  const [first, ...others] = climbed.steps.filter(({ broken }) => broken.length === 0);
  if (!first) throw new Error("only what held says what it costs");
  return costsOf(climbed, [first, ...others]);
}

function readPrices(file: string): PriceList {
  try {
    const list = JSON.parse(readFileSync(file, "utf8")) as PriceList;
    const good =
      list.sizes.length > 0 && list.sizes.every(({ cores, perMonth }) => cores > 0 && perMonth >= 0);
    if (good) return list;
  } catch (error) {
    throw new CommandRefused(
      "plan.no_prices",
      `${file} cannot be read as a price list: ${(error as Error).message}`,
    );
  }
  throw new CommandRefused("plan.no_prices", `${file} names no sizes with cores and a price per month.`);
}
