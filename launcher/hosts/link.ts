import { tool } from "../tool.ts";
import { centreOf, namespaceOf, type Plan, type PlannedHost, portOf, switchOf } from "./plan.ts";

/** What a cable carries in one direction: all, nothing, or so many kilobits a second. */
export type Carries = "all" | "nothing" | { readonly kilobits: number };

/** Both directions of a host's cable, as the host sees them. */
export interface Cable {
  readonly hears: Carries;
  readonly says: Carries;
}

/** A cable that carries all is as if nothing had been done to it. */
export const wholeCable: Cable = { hears: "all", says: "all" };

/**
 * Sets what a host's cable carries. What is not carried vanishes without a word, as behind a broken switch: neither
 * side is told. What a host hears is held back at its bridge, what it says at itself.
 */
export async function setCable(plan: Plan, host: PlannedHost, { hears, says }: Cable): Promise<void> {
  await setCarried(switchOf(plan, centreOf(plan, host)), portOf(host), hears);
  await setCarried(namespaceOf(plan, host), "eth0", says);
}

async function setCarried(namespace: string, device: string, carries: Carries): Promise<void> {
  const at = ["-n", namespace, "qdisc"];
  if (carries === "all") {
    // There is none to take away where nothing had been done.
    await tool("tc", ...at, "del", "dev", device, "root").catch(() => undefined);
    return;
  }
  // A bucket of tokens is in every kernel. Nothing fits into one of a single byte: each packet is dropped.
  const bucket =
    carries === "nothing"
      ? ["rate", "8bit", "burst", "1", "limit", "1"]
      : ["rate", `${carries.kilobits}kbit`, "burst", "16kb", "latency", "200ms"];
  await tool("tc", ...at, "replace", "dev", device, "root", "tbf", ...bucket);
}
