import type { StageClimb } from "../climb/climb.ts";

/** How far a prediction was from what was measured. */
export interface Certainty {
  readonly stage: number;
  readonly name: string;
  readonly predictedRequestsPerSecond: number;
  readonly measuredRequestsPerSecond: number;
  /** 0.1: predicted a tenth more than was measured. */
  readonly error: number;
}

/** Where a host's processor is, when a rate begins to be too much for it. */
const fullAt = 0.8;

/**
 * Predicts what a stage bears from what a request cost at the lowest rate that was tried, as the plan does, and
 * compares it with the highest rate that held; for each stage with at least two steps that held.
 */
export function certaintyOf(climbed: readonly StageClimb[], cpuPercent: number): readonly Certainty[] {
  return climbed.flatMap((stage) => {
    const held = stage.steps.filter(({ broken }) => broken.length === 0);
    const [low, high] = [held[0], held.at(-1)];
    if (!low || !high || low === high) return [];
    const { stage: number, name } = stage;
    const busiest = Math.max(...low.hosts.map(({ cpuMs }) => cpuMs / low.requests));
    const predicted = (cpuPercent * 10 * fullAt) / busiest;
    const measured = high.requestsPerSecond;
    return [
      {
        stage: number,
        name,
        predictedRequestsPerSecond: predicted,
        measuredRequestsPerSecond: measured,
        error: predicted / measured - 1,
      },
    ];
  });
}
