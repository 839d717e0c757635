import { isRefusal } from "#kernel/refusal";
import { current, during } from "#platform/telemetry/traces";
import type { Doors, Reach } from "./compose.ts";

type Run = (context: unknown, input: unknown) => Promise<unknown>;

/** Each operation that anybody asks a door for becomes a stretch of the trace it is part of, with its refusal's code. */
export const tracedReach =
  (reach: Reach = (_name, door) => door): Reach =>
  (name, door) =>
    traced(name, reach(name, door));

function traced<Name extends keyof Doors>(domain: Name, door: Doors[Name]): Doors[Name] {
  const runs = Object.entries(door as unknown as Record<string, Run>);
  const all = runs.map(([name, run]): [string, Run] => {
    const does = { name: `${domain}.${name}`, side: "here" } as const;
    return [
      name,
      (context, input) =>
        current() ? during(does, () => run(context, input), refusalOf) : run(context, input),
    ];
  });
  return Object.fromEntries(all) as unknown as Doors[Name];
}

const refusalOf = (outcome: unknown) =>
  isRefusal(outcome) ? { "storey.refusal": (outcome as { refusal: string }).refusal } : undefined;
