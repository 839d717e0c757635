import { setTimeout as pause } from "node:timers/promises";
import { Gauge, type Registry } from "prom-client";
import type { AuditReport } from "./api.ts";
import type { Rest } from "./facts.ts";

/** Audits of this process, one at a time, and the last of them. */
export interface Audits {
  /** Who asks while one runs gets that one's answer, which hurries from then on: it reads every row. */
  run(): Promise<AuditReport>;
  /** For nobody who waits: a tenth of the time it works, and rests in between, so that no buyer notices. */
  runGently(): Promise<AuditReport>;
  isRunning(): boolean;
  last(): AuditReport | undefined;
}

/** At full speed it takes what there is of a small host's share, and whoever asks meanwhile waits. */
const restsForWork = 9;
/** Of a piece that was slow because the shop is busy nobody has to wait for long. */
const longestRestMs = 1_000;

/** Remembers what `audit` found, and tells of it in numbers, so that other processes can show it. */
export function openAudits(audit: (rest: Rest) => Promise<AuditReport>, registry: Registry): Audits {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const endedAt = gauge(
    "storey_audited_timestamp_seconds",
    "When this process last ended an audit; 0 before",
  );
  const broken = gauge("storey_audited_broken", "How much that audit found broken");
  let last: AuditReport | undefined;
  let running: Promise<AuditReport> | undefined;
  let isGentle = false;
  const rest: Rest = async (tookMs) => {
    if (isGentle) await pause(Math.min(tookMs * restsForWork, longestRestMs));
  };
  const run = () => {
    running ??= audit(rest)
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
  };
  return {
    run: () => {
      isGentle = false;
      return run();
    },
    runGently: () => {
      if (!running) isGentle = true;
      return run();
    },
    isRunning: () => running !== undefined,
    last: () => last,
  };
}
