import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readJson, writeJson } from "#launcher/json-file";
import { takeLock } from "#launcher/lock";
import { LaunchRefused } from "#launcher/refused";
import { FaultRefused, type Faulty, type Undoing, type WantedFault } from "./fault.ts";

/** A fault that is on, as any process finds it. */
export interface KeptFault {
  readonly wanted: Required<WantedFault>;
  /** ISO 8601, UTC. */
  readonly begunAt: string;
  /** What was done; "" while it is only being begun. */
  readonly said: string;
  readonly undoing: Undoing;
}

interface Kept {
  readonly faults: readonly KeptFault[];
}

type Where = Pick<Faulty, "directory">;

const fileOf = ({ directory }: Where) => join(directory, "run", "faults.json");

/** Another process writes for a few milliseconds. */
const lockWithinMs = 5_000;

/** The faults that are on in an instance, in the order in which they began. */
export const keptFaults = async (instance: Where): Promise<readonly KeptFault[]> =>
  (await readJson<Kept>(fileOf(instance)))?.faults ?? [];

export const isSame = (one: WantedFault, other: WantedFault): boolean =>
  one.name === other.name && one.on === other.on;

/** Writes a fault down in the place of the same one. `allow` sees those that are on first, and throws to prevent it. */
export const keep = (
  instance: Where,
  fault: KeptFault,
  allow?: (kept: readonly KeptFault[]) => void,
): Promise<void> =>
  change(instance, (kept) => {
    allow?.(kept);
    const at = kept.findIndex(({ wanted }) => isSame(wanted, fault.wanted));
    return at < 0 ? [...kept, fault] : kept.with(at, fault);
  });

export const forget = (instance: Where, gone: WantedFault): Promise<void> =>
  change(instance, (kept) => kept.filter(({ wanted }) => !isSame(wanted, gone)));

/** One process at a time reads and writes: two that begin faults must not forget each other's. */
async function change(instance: Where, next: (kept: readonly KeptFault[]) => readonly KeptFault[]) {
  // The instance's own lock is its supervisor's.
  const lockAt = join(instance.directory, "run", "faults");
  await mkdir(lockAt, { recursive: true, mode: 0o700 });
  const lock = await locked(lockAt);
  try {
    const faults = next(await keptFaults(instance));
    await writeJson(fileOf(instance), { faults } satisfies Kept, 0o600);
  } finally {
    lock.release();
  }
}

async function locked(directory: string) {
  for (const deadline = performance.now() + lockWithinMs; ; await pause(20)) {
    try {
      return takeLock(directory);
    } catch (error) {
      if (!(error instanceof LaunchRefused)) throw error;
      if (performance.now() > deadline)
        throw new FaultRefused("fault.busy", `${error.message} Another fault is being begun or ended.`);
    }
  }
}
