import type { InstanceFacts } from "#launcher/instance";

/** Every switch that can be turned, by name. */
export const faultNames = [
  "kill",
  "freeze",
  "cut-off",
  "one-way",
  "slow-link",
  "full-disk",
  "clock-jump",
  "lagging-replica",
  "slow-disk",
  "exhausted-connections",
  "lost-cache",
  "errors",
] as const;
export type FaultName = (typeof faultNames)[number];

/** What is wanted: which fault, on what (a component or a host, by name), and how much of it. */
export interface WantedFault {
  readonly name: FaultName;
  readonly on: string;
  /** In the unit of its kind; absent: the usual one. */
  readonly grade?: number;
}

/** What a fault must know of an instance that runs; `lookAtInstance` answers more than this. */
export type Faulty = Pick<InstanceFacts, "name" | "directory" | "stage" | "secret" | "superuserPassword">;

/** How much of a fault there can be. */
export interface Grades {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

/** One switch, as people and scenarios choose it. */
export interface FaultKind {
  readonly name: FaultName;
  /** A sentence: what it does. */
  readonly about: string;
  /** Of its grade; absent: there is no more or less of it. */
  readonly unit?: string;
  readonly grades?: Grades;
  /** Whether it goes on until it is ended; else it is a moment, as a death is. */
  readonly lasts: boolean;
  /** Names of what it can be done to in this instance now; [] where it can be done to nothing. */
  targets(instance: Faulty): Promise<string[]>;
  /** Why it cannot be done to anything in this instance on this machine, and what would be needed; else undefined. */
  whyNot?(instance: Faulty): Promise<FaultRefused | undefined>;
}

/** What a fault wrote down for whoever ends it, in any process. */
export type Undoing = Readonly<Record<string, unknown>>;

/** One switch with what turns it. */
export interface FaultSwitch extends FaultKind {
  /** What it takes of its victim, where others take it too: a cable carries one fault at a time. */
  readonly means?: "cable";
  /**
   * Does it, with a grade within its bounds, and answers what was done, in words for people. What `end` needs must be
   * handed to `remember` before it is done. Throws FaultRefused; then nothing was done.
   */
  begin(
    instance: Faulty,
    wanted: Required<WantedFault>,
    remember: (undoing: Undoing) => Promise<void>,
  ): Promise<string>;
  /** Ends it, as far as it is there at all: also where its victim is gone. Of a moment there is nothing to end. */
  end?(instance: Faulty, wanted: Required<WantedFault>, undoing: Undoing): Promise<void>;
}

/** Why a fault was not begun. Stable: callers, tests and documents refer to them. */
export type FaultCode =
  | "fault.busy"
  | "fault.cannot"
  | "fault.grade"
  | "fault.needs_hosts"
  | "fault.no_target"
  | "fault.not_up"
  | "fault.on_already"
  | "fault.unknown";

/** A fault that cannot be had: what the machine, the instance or the wish lacks, and what to do. Nothing was done. */
export class FaultRefused extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message);
    this.name = "FaultRefused";
    this.code = code;
  }
}
