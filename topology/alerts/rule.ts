import type { Condition } from "./figure.ts";

/** Critical: buyers or orders suffer, or will with the next failure. Warning: somebody should look today. */
export type Severity = "critical" | "warning";

/** One thing that can be wrong, how that is seen, and what to do then. */
export interface AlertRule {
  readonly name: string;
  readonly severity: Severity;
  /** Labels by which series are told apart: one alert for each of their values. */
  readonly by: readonly string[];
  /** All must hold; the figure of the first is what the alert tells. */
  readonly when: readonly [Condition, ...Condition[]];
  /** For how long it must hold before anybody is told. */
  readonly forSeconds: number;
  /** How the figure is written: a share as 12 %, seconds as 3.2 s, bytes as 64 MB. */
  readonly shows: "number" | "share" | "seconds" | "bytes";
  /** What is wrong, for people; `{component}` and other labels stand for their values, `{value}` for the figure. */
  readonly summary: string;
  /** What to do next. */
  readonly next: string;
}

/** A rule that holds for long enough, for one set of labels. */
export interface Alert {
  readonly rule: string;
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
  /** Since when it has held for long enough, in ISO 8601. */
  readonly since: string;
  readonly summary: string;
  readonly next: string;
}

/** The critical first, then those that have lasted longest. */
export const inOrderOfWeight = (alerts: readonly Alert[]): Alert[] =>
  [...alerts].sort(
    (one, other) => one.severity.localeCompare(other.severity) || one.since.localeCompare(other.since),
  );
