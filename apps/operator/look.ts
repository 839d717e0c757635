import type { Alert } from "#topology/alerts/rule";
import type { ApplicationNumbers } from "#topology/application-numbers";

/** One component at one moment; null is what nobody could see. */
export interface ComponentLook {
  readonly name: string;
  readonly kind: string;
  readonly host: string;
  readonly version: string;
  /** What is wrong with it; null when it is well, undefined when nobody knows. */
  readonly ailment: string | null | undefined;
  readonly memoryBytes: number | null;
  readonly memoryBudgetBytes: number | null;
  /** Processor time since it started. */
  readonly cpuMs: number | null;
  /** Of an application. */
  readonly numbers: ApplicationNumbers;
}

/** Everything that runs, at one moment. */
export interface Look {
  readonly atMs: number;
  readonly components: readonly ComponentLook[];
  readonly alerts: readonly Alert[];
  /** Why less could be seen than usual. */
  readonly problem: string | null;
}

/** Where looks come from: a supervisor, which sees all components, or this process alone. */
export interface Source {
  look(): Promise<Look>;
}
