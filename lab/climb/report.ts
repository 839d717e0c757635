import { milliseconds, table } from "../report/markdown.ts";
import type { StageClimb } from "./climb.ts";
import { promise, type Step } from "./step.ts";
import type { GaveWay } from "./use.ts";

/** What was the same for every stage. */
export interface ClimbSettings {
  readonly workload: string;
  readonly cpuPercent: number;
  readonly memoryMb: number;
  readonly products: number;
  readonly buyers: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly thinkSeconds: number;
  readonly within: number;
}

/** The climb as people read it: a table, and in words what gave way. */
export function climbMarkdown(settings: ClimbSettings, climbed: readonly StageClimb[]): string {
  const { cpuPercent, memoryMb, workload, products, seconds, within } = settings;
  const first = climbed[0]?.held;
  return [
    `Every host has ${cpuPercent} % of one processor and ${memoryMb} MB; ${products} products; workload ${workload}, ` +
      `${seconds} s a step. A rate holds while p99 is at most ${promise.p99Ms} ms and at most ${promise.errorShare * 100} % of visits fail; ` +
      `the highest that holds is known to ${Math.round((within - 1) * 100)} %. One that broke while every host had room was ` +
      "tried once more.",
    "",
    "![orders a second that each stage sustains](climb.svg)",
    "",
    ...table(
      [
        "stage",
        "hosts",
        "orders/s",
        "of the first",
        "requests/s",
        "p50 / p99 ms",
        "CPU ms an order",
        "orders/s a core",
      ],
      climbed.map((each) => row(each, first)),
    ),
    "",
    ...climbed.map((each) => `- ${verdictOf(each)}`),
  ].join("\n");
}

function row({ stage, name, hosts, held }: StageClimb, first: Step | undefined): string[] {
  const head = [`${stage} ${name}`, String(hosts.length)];
  if (!held) return [...head, "none held", "", "", "", "", ""];
  const { ordersPerSecond, requestsPerSecond, latency } = held;
  return [
    ...head,
    ordersPerSecond.toFixed(2),
    first ? `${(ordersPerSecond / first.ordersPerSecond).toFixed(2)}x` : "",
    requestsPerSecond.toFixed(1),
    `${milliseconds(latency.p50)} / ${milliseconds(latency.p99)}`,
    cpuMsOfOrder(held).toFixed(1),
    ((1_000 * held.orders) / held.cpuMs).toFixed(1),
  ];
}

/** Everything that all hosts did, a part of it for readers, shared among the orders placed meanwhile. */
const cpuMsOfOrder = ({ cpuMs, orders }: Step): number => cpuMs / Math.max(1, orders);

function verdictOf({ stage, gaveWay, steps, mismatches }: StageClimb): string {
  const lost = mismatches.length > 0 ? ` ${mismatches.length} ORDERS WERE NOT AS ACKNOWLEDGED.` : "";
  const failed = steps.find(({ broken }) => broken.length > 0);
  if (!gaveWay || !failed) return `Stage ${stage}: all that was tried held.${lost}`;
  const why = `at ${failed.rate.toFixed(1)} visits a second ${failed.broken.join(", ")}`;
  return `Stage ${stage}: ${why}; ${whereOf(gaveWay)}.${lost}`;
}

function whereOf({ host, resource, share, throttledShare }: GaveWay): string {
  const percent = (part: number) => `${Math.round(part * 100)} %`;
  if (!host) return `no host was at its end (the busiest at ${percent(share)} of its processor)`;
  const bursts =
    resource === "processor, in bursts"
      ? `, and it had to wait for more in ${percent(throttledShare)} of the time`
      : "";
  return `${host}'s ${resource} gave way, ${percent(share)} of its share used${bursts}`;
}
