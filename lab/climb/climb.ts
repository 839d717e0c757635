import { type Api, openApi } from "../shop/api.ts";
import { openVisits } from "../visits.ts";
import type { Workload } from "../workloads/workload.ts";
import { highest } from "./search.ts";
import { type ClimbingShop, type ClimbingSize, climbingShop, type Tenants } from "./shop.ts";
import { type Step, type StepPlan, takeStep } from "./step.ts";
import { type GaveWay, gaveWay } from "./use.ts";

export interface ClimbOptions extends StepPlan {
  readonly stages: readonly { readonly stage: number; readonly name: string }[];
  readonly workload: Workload;
  readonly size: ClimbingSize;
  readonly products: number;
  readonly buyers: number;
  /** Visits a second to begin with. */
  readonly from: number;
  /** How near the answer has to be: 1.1 is within a tenth. */
  readonly within: number;
  readonly operator: { readonly email: string; readonly password: string };
  readonly dataRoot: string;
  freePort(): Promise<number>;
  /** Lets somebody interrupt: throws before the work ends. */
  until<T>(work: Promise<T>): Promise<T>;
  say(line: string): void;
}

/** What a stage bears on hosts of one size. */
export interface StageClimb {
  readonly stage: number;
  readonly name: string;
  readonly bootMs: number;
  readonly hosts: readonly Tenants[];
  /** The highest step that held; absent where none did. */
  readonly held?: Step;
  readonly steps: readonly Step[];
  /** In the lowest step that did not hold. */
  readonly gaveWay?: GaveWay;
  /** Acknowledged checkouts that were not as acknowledged at the end. */
  readonly mismatches: readonly string[];
}

const connections = 256;
const mostRate = 20_000;
/** Visits a second to a shop whose hosts have no limits yet. */
const warmingRate = 15;

/** Climbs the stages one after the other, each on hosts of the same size, with the same catalogue and visitors. */
export async function climb(options: ClimbOptions): Promise<readonly StageClimb[]> {
  const climbed: StageClimb[] = [];
  for (const { stage, name } of options.stages) climbed.push(await climbStage(options, stage, name));
  return climbed;
}

async function climbStage(options: ClimbOptions, stage: number, name: string): Promise<StageClimb> {
  options.say(`stage ${stage}, ${name}: coming up`);
  const shop = await climbingShop({ ...options, stage, port: await options.freePort() });
  const api = openApi(shop.url, connections);
  try {
    return await options.until(climbShop(options, { stage, name, shop, api }));
  } finally {
    await api.close();
    await shop.stop();
  }
}

async function climbShop(
  options: ClimbOptions,
  at: { readonly stage: number; readonly name: string; readonly shop: ClimbingShop; readonly api: Api },
): Promise<StageClimb> {
  const { say } = options;
  const { stage, name, shop, api } = at;
  const { url, sandboxKey } = shop;
  const visits = await shop.unlimited(() => openVisits({ ...options, url, sandboxKey }, api));
  // Code that has not run often is not compiled yet: what a start costs is not what a shop bears.
  await shop.unlimited(() => takeStep(shop, visits, warmingRate, options));
  const take = async (rate: number): Promise<Step> => {
    const step = await takeStep(shop, visits, rate, options);
    say(inWords(step));
    return step;
  };
  const tried = await highest({ ...options, upTo: mostRate }, async (rate) => {
    let step = await take(rate);
    if (isDoubtful(step)) {
      say("  no host was at its end: once more");
      step = await take(rate);
    }
    return { held: step.broken.length === 0, found: step };
  });
  const mismatches = await shop.unlimited(() => visits.means.acknowledged.check(api));
  await visits.company.close?.();
  const steps = tried.map(({ found }) => found).toSorted((a, b) => a.rate - b.rate);
  const held = steps.findLast(({ broken }) => broken.length === 0);
  const failed = steps.find(({ broken }) => broken.length > 0);
  return {
    stage,
    name,
    bootMs: shop.bootMs,
    hosts: shop.tenants,
    steps,
    ...(held ? { held } : {}),
    ...(failed ? { gaveWay: gaveWay(failed.hosts) } : {}),
    mismatches,
  };
}

/** It broke while every host had room, or the generator could not keep its plan: something may have come between. */
const isDoubtful = ({ broken, hosts, generatorSaturated }: Step): boolean =>
  broken.length > 0 && (generatorSaturated || !atItsEnd.has(gaveWay(hosts).resource));

const atItsEnd: ReadonlySet<GaveWay["resource"]> = new Set(["processor", "memory"]);

function inWords({ rate, ordersPerSecond, requestsPerSecond, latency, broken, generatorSaturated }: Step) {
  const reached = `${requestsPerSecond.toFixed(1)} requests and ${ordersPerSecond.toFixed(2)} orders a second`;
  const verdict = broken.length > 0 ? broken.join(", ") : "holds";
  const doubt = generatorSaturated ? " (the generator could not keep its plan)" : "";
  return `  ${rate.toFixed(1)} visits a second: ${reached}, p50 ${latency.p50.toFixed(0)}, p99 ${latency.p99.toFixed(0)} ms: ${verdict}${doubt}`;
}
