import { stages } from "#stages/all";
import type { Topology } from "#topology/model";
import { CommandRefused } from "./refusals.ts";

/** The topology of a stage. Throws CommandRefused `stage.unknown`. */
export function stageOf(stage: number): Topology {
  const found = stages[stage - 1];
  if (found) return found;
  const known = `The stages that can be run are 1 to ${stages.length}; \`./storey stages\` lists them.`;
  throw new CommandRefused("stage.unknown", `There is no stage ${stage} to run yet. ${known}`);
}

/**
 * Refuses another stage than the one an instance with data is at, running or resting. Throws CommandRefused
 * `up.other_stage`.
 */
export function refuseOtherStage(
  { name, stage, purpose }: { name: string; stage: number; purpose: unknown },
  wanted: number,
): void {
  // The purpose is settled at the first start: before it there is nothing that could be left behind.
  if (stage === wanted || purpose === undefined) return;
  throw new CommandRefused(
    "up.other_stage",
    `${name} is at stage ${stage}, and only a move changes that. Start it as it is: ./storey up --name ${name}. ` +
      `Or start another at stage ${wanted}: ./storey up --stage ${wanted} --name ANOTHER.`,
  );
}
