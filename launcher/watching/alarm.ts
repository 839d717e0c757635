import type { Alert } from "#topology/alerts/rule";

/** What is wrong in a running instance, as far as its supervisor knows. */
export interface Alarm {
  /** Takes what Alertmanager sends. Throws where it is something else. */
  take(sent: unknown): void;
  list(): Promise<readonly Alert[]>;
}
