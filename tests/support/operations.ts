import type { OperationsDoor } from "#apps/operator/api";
import { openOperations } from "#apps/operator/operations";
import { systemClock } from "#kernel/clock";
import { type FlagName, flagNames, flagTable } from "#platform/flags/api";
import { singleMachine } from "#stages/01-single-machine";

/** The operators' door with flags of its own and nothing that looks at components. */
export function openTestOperations(): OperationsDoor {
  const values = new Map<FlagName, boolean>();
  const isOn = (name: FlagName) => values.get(name) ?? flagTable[name].byDefault;
  const unasked = async () => {
    throw new Error("nothing looks at components here");
  };
  return openOperations({
    place: { instance: "test", topology: singleMachine, process: "app", version: "0" },
    clock: systemClock,
    monitor: { now: unasked, past: () => [], stop: () => undefined },
    audits: { run: unasked, runGently: unasked, isRunning: () => false, last: () => undefined },
    errors: () => [],
    flags: {
      isOn,
      all: () => flagNames.map((name) => ({ name, ...flagTable[name], on: isOn(name) })),
      problem: () => null,
      set: async (name, on) => {
        values.set(name, on);
      },
      close: async () => undefined,
    },
  });
}
