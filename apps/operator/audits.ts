import { Counter, type Registry } from "prom-client";
import type { AuditReport } from "./api.ts";

/** Audits of this process, one at a time, and the last of them. */
export interface Audits {
  /** Who asks while one runs gets that one's answer: it reads every row. */
  run(): Promise<AuditReport>;
  isRunning(): boolean;
  last(): AuditReport | undefined;
}

/** Remembers what `audit` found. */
export function openAudits(audit: () => Promise<AuditReport>, registry: Registry): Audits {
  const ended = new Counter({
    name: "storey_audits_total",
    help: "Audits that have ended",
    registers: [registry],
  });
  let last: AuditReport | undefined;
  let running: Promise<AuditReport> | undefined;
  return {
    run: () => {
      running ??= audit()
        .then((report) => {
          last = report;
          ended.inc();
          return report;
        })
        .finally(() => {
          running = undefined;
        });
      return running;
    },
    isRunning: () => running !== undefined,
    last: () => last,
  };
}
