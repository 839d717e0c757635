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
