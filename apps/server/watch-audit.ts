import { setTimeout as pause } from "node:timers/promises";
import { Gauge, type Registry } from "prom-client";
import type { AuditReport } from "#apps/operator/api";
import type { Clock } from "#kernel/clock";

/** When it audits: by one process of a shop, the others would only find the same. */
export interface AuditSettings {
  /** From the end of one audit to the begin of the next, in milliseconds; a minute unless said. */
  readonly everyMs?: number;
  /** It reads every row: it rests so many times as long as it took, and so costs 3 % of one connection unless said. */
  readonly restsTimes?: number;
}

const usualEveryMs = 60_000;
/** While it runs it rests nine tenths of the time already. */
const usualRestsTimes = 3;
/** Names of offenders in the log; `storey audit` names all. */
const namedMost = 20;

/**
 * Audits the shop again and again, and tells what it found as `storey_audit_broken` for each invariant that does not
 * hold, and `storey_audit_age_seconds`. Rejected: the domains' own snapshots alone, which see no money that is lost
 * between two of them.
 */
export function startAudits(with_: {
  settings: AuditSettings;
  audit(): Promise<AuditReport>;
  registry: Registry;
  clock: Clock;
  log: { error(fields: object, message: string): void };
}): { stop(): void } {
  const { registry, clock, log } = with_;
  const { everyMs = usualEveryMs, restsTimes = usualRestsTimes } = with_.settings;
  const told = tell(registry, clock);
  const stopping = new AbortController();
  const audit = async () => {
    for (let restMs = everyMs; ; ) {
      const ended = await pause(restMs, false, { signal: stopping.signal, ref: false }).catch(() => true);
      if (ended) return;
      const before = clock.now();
      try {
        const { broken } = await with_.audit();
        told.found(broken);
        for (const each of broken.slice(0, namedMost)) log.error(each, `${each.rule} does not hold`);
      } catch (err) {
        // One that is under way when the database is closed fails, and nobody waits for it.
        if (!stopping.signal.aborted) log.error({ err }, "the audit failed; it runs again");
      }
      restMs = Math.max(everyMs, (clock.now() - before) * restsTimes);
    }
  };
  void audit();
  return { stop: () => stopping.abort() };
}

function tell(registry: Registry, clock: Clock): { found(broken: readonly { rule: string }[]): void } {
  const registers = [registry];
  let endedMs = clock.now();
  const howMany = new Gauge({
    name: "storey_audit_broken",
    help: "How often an invariant does not hold, as of the last audit; those that hold are not told",
    labelNames: ["invariant"],
    registers,
  });
  new Gauge({
    name: "storey_audit_age_seconds",
    help: "Since when the last audit ended; since the start of the process before the first",
    registers,
    collect() {
      this.set((clock.now() - endedMs) / 1_000);
    },
  });
  return {
    found: (broken) => {
      endedMs = clock.now();
      howMany.reset();
      for (const { rule } of broken) howMany.inc({ invariant: rule });
    },
  };
}
