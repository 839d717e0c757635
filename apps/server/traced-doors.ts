import { isRefusal } from "#kernel/refusal";
import { current, during } from "#platform/telemetry/traces";

type Run = (context: unknown, input: unknown) => Promise<unknown>;

/** Each operation that a door is asked for becomes a stretch of the trace it is part of, with its refusal's code. */
export function tracedDoor<Door extends object>(domain: string, door: Door): Door {
  const all = Object.entries(door as Record<string, Run>).map(([name, run]): [string, Run] => {
    const does = { name: `${domain}.${name}`, side: "here" } as const;
    return [
      name,
      (context, input) =>
        current() ? during(does, () => run(context, input), refusalOf) : run(context, input),
    ];
  });
  return Object.fromEntries(all) as Door;
}

const refusalOf = (outcome: unknown) =>
  isRefusal(outcome) ? { "storey.refusal": (outcome as { refusal: string }).refusal } : undefined;
