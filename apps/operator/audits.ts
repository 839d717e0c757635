import { Gauge, type Registry } from "prom-client";
import type { AuditReport } from "./api.ts";

/** Audits of this process, one at a time, and the last of them. */
export interface Audits {
  /** Who asks while one runs gets that one's answer: it reads every row. */
  run(): Promise<AuditReport>;
  isRunning(): boolean;
  last(): AuditReport | undefined;
}

/** Remembers what `audit` found, and tells of it in numbers, so that other processes can show it. */
export function openAudits(audit: () => Promise<AuditReport>, registry: Registry): Audits {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const endedAt = gauge(
    "storey_audited_timestamp_seconds",
    "When this process last ended an audit; 0 before",
  );
  const broken = gauge("storey_audited_broken", "How much that audit found broken");
  let last: AuditReport | undefined;
  let running: Promise<AuditReport> | undefined;
  return {
    run: () => {
      running ??= audit()
        .then((report) => {
          last = report;
          endedAt.set(Date.parse(report.at) / 1_000);
          broken.set(report.broken.length);
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
