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

/** What a request costs in a step of the climb: with little load, or at its end. */
export function costsOf(climbed: StageClimb, step: Step): StageCosts {
  const kinds = Object.keys(step.cpuMsByKind) as Kind[];
  return {
    stage: climbed.stage,
    name: climbed.name,
    ordersPerRequest: step.orders / step.requests,
    responseSeconds: step.latency.mean / 1_000,
    parts: kinds.map((kind) => partOf(kind, climbed, step)),
  };
}

function partOf(kind: Kind, { hosts }: StageClimb, step: Step): PartCost {
  const homes = hosts.filter(({ components }) => components.some((component) => component.kind === kind));
  const count = homes.flatMap(({ components }) =>
    components.filter((component) => component.kind === kind),
  ).length;
  const cpuMs = (step.cpuMsByKind[kind] ?? 0) / step.requests;
  // Where a host has nothing else, it is known what each of several took.
  const alone = homes.filter(({ components }) => components.every((component) => component.kind === kind));
  const each = alone.map(
    ({ host }) => (step.hosts.find((use) => use.host === host)?.cpuMs ?? 0) / step.requests,
  );
  const isKnown = alone.length === homes.length && count > 1;
  return { kind, count, cpuMs, busiestCpuMs: isKnown ? Math.max(...each) : cpuMs / Math.max(1, count) };
}
