import { setTimeout as pause } from "node:timers/promises";
import type { Findings } from "#kernel/audit";
import { type Clock, isoTime } from "#kernel/clock";
import { type Context, newContext, onBehalfOf } from "#kernel/context";
import { randomToken } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { AuditReport } from "./api.ts";
import { compareFacts } from "./compare.ts";
import type { AuditedDoors, Mismatch } from "./fact.ts";
import { gatherFacts, type Rest } from "./facts.ts";
import { stuckEvents, type Waits } from "./stuck-events.ts";

/** How long an event or a step may take before what it has not done yet counts as broken. */
export const defaultBoundMs = 5_000;
/** One that rests in between takes ten times as long as one that does not. */
const auditMs = 3_600_000;

const restless: Rest = async () => undefined;

/**
 * Checks the invariants on a shop that is working. Each domain checks itself in one snapshot. Across domains no
 * snapshot exists: a mismatch is *pending* while its parts have changed within the bound, and *broken* when it is
 * still there, unchanged, after the bound has passed. So is an event that nobody has applied: `waits` tells of those.
 * `rest` spreads an audit over time where nobody waits for it.
 */
export async function auditShop(
  doors: AuditedDoors,
  clock: Clock,
  boundMs = defaultBoundMs,
  waits: Waits = async () => [],
  rest = restless,
): Promise<AuditReport> {
  const context = onBehalfOf(newContext({ deadline: clock.now() + auditMs, trace: randomToken() }), "audit");
  const stuck = await stuckEvents(waits, clock, boundMs);
  const own = await auditEach(doors, context);
  const { counts, found } = await compareAll(doors, context, rest);
  const still = found.length === 0 ? [] : await lookAgain(doors, context, { found, clock, boundMs, rest });
  const broken = [
    ...own.broken,
    ...(await stuck.still()),
    ...still.map(({ rule, offender, detail }) => ({ rule, offender, detail })),
  ];
  return {
    clean: broken.length === 0,
    at: isoTime(clock.now()),
    checked: { ...own.checked, ...counts },
    pending: found.length - still.length,
    broken,
  };
}

async function auditEach(doors: AuditedDoors, context: Context) {
  const checked: Record<string, number> = {};
  const broken: Findings["broken"] = [];
  for (const domain of ["order", "inventory", "payment", "settlement"] as const) {
    const findings = expectDone(await doors[domain].audit(context, {}));
    checked[domain] = findings.checked;
    broken.push(...findings.broken);
  }
  return { checked, broken };
}

/** Everything in which domains contradict each other now, found a part of the buyers at a time. */
async function compareAll(doors: AuditedDoors, context: Context, rest: Rest) {
  const facts = await gatherFacts(doors, context, rest);
  try {
    const found: Mismatch[] = [];
    let began = performance.now();
    for await (const some of facts.each()) {
      found.push(...compareFacts(some));
      await rest(performance.now() - began);
      began = performance.now();
    }
    return { counts: facts.counts, found };
  } finally {
    await facts.close();
  }
}

/** What is still wrong when everything that was under way has had its time, and has not moved since. */
async function lookAgain(
  doors: AuditedDoors,
  context: Context,
  { found, clock, boundMs, rest }: { found: readonly Mismatch[]; clock: Clock; boundMs: number; rest: Rest },
): Promise<readonly Mismatch[]> {
  const settledAt = found.reduce((latest, { changedAt }) => Math.max(latest, changedAt), 0) + boundMs;
  // A clock that runs ahead somewhere must not make the audit wait for ever.
  await pause(Math.min(Math.max(settledAt - clock.now(), 250), boundMs));
  const seen = new Set(found.map(keyOf));
  const again = await compareAll(doors, context, rest);
  return again.found.filter((mismatch) => seen.has(keyOf(mismatch)));
}

const keyOf = (mismatch: Mismatch): string => `${mismatch.rule} ${mismatch.offender} ${mismatch.changedAt}`;
