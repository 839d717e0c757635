import type { HostSize } from "./plan.ts";

/** What a group of processes has taken since it was made, and what it holds now. */
export interface GroupUsage {
  readonly cpuMs: number;
  /** How long its processes wanted a processor and had used up their share. */
  readonly throttledMs: number;
  /** What it holds, without copies of files that the kernel gives up at once. */
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  /** Processes that were killed because there was no memory left. */
  readonly memoryKills: number;
  readonly diskReadBytes: number;
  /**
   * With cgroup v1 only what a process waited for, as a database does for its log: what the kernel writes later from
   * its memory is counted for nobody.
   */
  readonly diskWrittenBytes: number;
}

/** Bytes a second, to and from one disk; undefined lifts the limit. */
export interface DiskSpeed {
  readonly device: string;
  readonly bytesPerSecond: number | undefined;
}

/** The kernel's groups of processes: what a host may take, and how it is stopped as a whole. */
export interface Cgroups {
  readonly version: 1 | 2;
  /** What is missing, in words for people; undefined when hosts can be given their share. */
  lack(): Promise<string | undefined>;
  /** Makes the group of a host; one that is there stays. */
  make(group: string): Promise<void>;
  /** Where a process joins it: it writes its number into `cgroup.procs` in each of these. */
  directories(group: string): readonly string[];
  /** All groups in a folder together count as so many beside all else that wants a processor of the machine. */
  weigh(folder: string, groups: number): Promise<void>;
  /** Also while processes run in it; without a size it may take all there is of a processor. */
  limit(group: string, size: Partial<HostSize> & { readonly cpuPercent: number | undefined }): Promise<void>;
  /** No process of it runs until it is thawed; none notices but by the clock. */
  freeze(group: string, frozen: boolean): Promise<void>;
  slowDisk(group: string, speed: DiskSpeed): Promise<void>;
  usage(group: string): Promise<GroupUsage>;
  processes(group: string): Promise<number[]>;
  /** Takes away a group, or a folder of groups, in which nothing lives. */
  remove(group: string): Promise<void>;
  /** The groups in a folder. */
  list(folder: string): Promise<string[]>;
}

/** One turn of a share is 100 ms: of 10 ms, each request of over a millisecond is cut up (measured: p50 37 ms). */
export const periodUs = 100_000;
