import { lookAtInstance } from "#launcher/instance";
import { stages } from "#stages/all";
import type { Topology } from "#topology/model";
import { faultKinds } from "../faults/api.ts";
import type { Faulty } from "../faults/fault.ts";
import { type StagedShop, startStage } from "../shop/staged.ts";
import type { Possibility } from "./random.ts";
import type { Scenario } from "./scenario.ts";

/** A running instance in which scenarios are played. */
export interface ScenarioPlace {
  readonly shop: StagedShop;
  readonly topology: Topology;
  readonly instance: Faulty;
  /** What payments are signed with. */
  readonly sandboxKey: string;
  /** Every fault that can be had here, and on what. */
  possibilities(): Promise<Possibility[]>;
}

/** Enough for visitors to differ in what they want. */
const products = 120;

/** Brings a stage up, or takes the instance of that name that is up. Throws in the words of `storey up`. */
export async function openPlace(
  at: { stage: number; name: string; dataRoot: string; port: number } & Pick<Scenario, "target">,
): Promise<ScenarioPlace> {
  const topology = stages.find(({ stage }) => stage === at.stage);
  if (!topology) throw new Error(`there is no stage ${at.stage}`);
  const target = at.target ? ["--target", at.target] : [];
  const shop = await startStage({ ...at, options: ["--demo-products", String(products), ...target] });
  const instance = await lookAtInstance(at);
  if (!instance) throw new Error(`${at.name} came up and is not there`);
  return {
    shop,
    topology,
    instance,
    sandboxKey: instance.secret("sandbox"),
    possibilities: async () => {
      const asked = faultKinds().map(async (kind) => ({
        name: kind.name,
        lasts: kind.lasts,
        ...(kind.grades ? { grades: kind.grades } : {}),
        targets: (await kind.whyNot?.(instance)) ? [] : (await kind.targets(instance)).sort(),
      }));
      return (await Promise.all(asked)).filter((each) => each.targets.length > 0);
    },
  };
}
