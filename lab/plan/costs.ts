import type { Kind } from "#topology/model";
import type { StageClimb } from "../climb/climb.ts";
import type { Step } from "../climb/step.ts";

/** What one request costs at a stage, as the climb measured it. */
export interface StageCosts {
  readonly stage: number;
  readonly name: string;
  readonly parts: readonly PartCost[];
  readonly ordersPerRequest: number;
  readonly responseSeconds: number;
}

/** One kind of component. Milliseconds of one processor a request. */
export interface PartCost {
  readonly kind: Kind;
  readonly count: number;
  readonly cpuMs: number;
  /** Of the busiest of them: of databases that is the one that takes the writes. */
  readonly busiestCpuMs: number;
}

/**
 * What one more request costs at a stage, from the steps of its climb that held, the highest last. What a part does
 * whether anybody comes or not (beats, looks, collecting its own numbers) is no request's: at 55 requests a second it
 * was half of what Redis took.
 */
export function costsOf(climbed: StageClimb, steps: readonly [Step, ...Step[]]): StageCosts {
  const highest = steps.at(-1) ?? steps[0];
  const kinds = Object.keys(highest.cpuMsByKind) as Kind[];
  return {
    stage: climbed.stage,
    name: climbed.name,
    ordersPerRequest: highest.orders / highest.requests,
    responseSeconds: highest.latency.mean / 1_000,
    parts: kinds.map((kind) => partOf(kind, climbed, steps)),
  };
}

/** The slope of the straight line through the steps; of one, or where it does not rise, the share of the highest. */
function oneMore(steps: readonly [Step, ...Step[]], cpuMsOf: (step: Step) => number): number {
  const points = steps.map((step) => {
    const seconds = step.requests / step.requestsPerSecond;
    return { x: step.requestsPerSecond, y: cpuMsOf(step) / seconds };
  });
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = mean((point) => (point.x - x) ** 2);
  const slope = spread > 0 ? mean((point) => (point.x - x) * (point.y - y)) / spread : 0;
  const highest = steps.at(-1) ?? steps[0];
  return slope > 0 ? slope : cpuMsOf(highest) / highest.requests;
}

function partOf(kind: Kind, { hosts }: StageClimb, steps: readonly [Step, ...Step[]]): PartCost {
  const homes = hosts.filter(({ components }) => components.some((component) => component.kind === kind));
  const count = homes.flatMap(({ components }) =>
    components.filter((component) => component.kind === kind),
  ).length;
  const cpuMs = oneMore(steps, (step) => step.cpuMsByKind[kind] ?? 0);
  // Where a host has nothing else, it is known what each of several took.
  const alone = homes.filter(({ components }) => components.every((component) => component.kind === kind));
  const each = alone.map(({ host }) =>
    oneMore(steps, (step) => step.hosts.find((use) => use.host === host)?.cpuMs ?? 0),
  );
  const isKnown = alone.length === homes.length && count > 1;
  return { kind, count, cpuMs, busiestCpuMs: isKnown ? Math.max(...each) : cpuMs / Math.max(1, count) };
}
