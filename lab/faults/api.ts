import { askSupervisor } from "#launcher/supervised";
import { type FaultKind, FaultRefused, type FaultSwitch, type Faulty, type WantedFault } from "./fault.ts";
import { forget, isSame, type KeptFault, keep, keptFaults } from "./kept.ts";
import { switches } from "./switches.ts";

/** A fault that was begun. Any process that knows the instance can end it, too. */
export interface BegunFault {
  readonly wanted: Required<WantedFault>;
  /** Said to people: what was done. */
  readonly said: string;
  /** Ends it. A second time, or of a fault that was a moment: nothing. */
  end(): Promise<void>;
}

/** Every switch there is, in the order of `faultNames`. */
export const faultKinds = (): readonly FaultKind[] => switches;

/** The switch of that name. Throws FaultRefused `fault.unknown`. */
export function faultKind(name: string): FaultKind {
  return switchOf(name);
}

/** What is on now, from whichever process it was begun. */
export const faultsOn = (instance: Pick<Faulty, "directory">): Promise<readonly KeptFault[]> =>
  keptFaults(instance);

/**
 * Turns a switch on a running instance. Throws FaultRefused, and then nothing was done: `fault.unknown` (no such
 * switch), `fault.grade` (out of its bounds), `fault.no_target` (nothing of that name it could be done to),
 * `fault.needs_hosts` (the instance is on loopback), `fault.cannot` (what the kernel or the machine lacks),
 * `fault.not_up`, `fault.on_already`, `fault.busy`.
 */
export async function beginFault(instance: Faulty, asked: WantedFault): Promise<BegunFault> {
  const kind = switchOf(asked.name);
  const wanted = { ...asked, grade: gradeOf(kind, asked.grade) };
  await refuseUntargeted(instance, kind, wanted);
  if (!kind.lasts) {
    const said = await kind.begin(instance, wanted, async () => undefined);
    return { wanted, said, end: async () => undefined };
  }
  const begunAt = new Date().toISOString();
  let kept: KeptFault = { wanted, begunAt, said: "", undoing: {} };
  await keep(instance, kept, (on) => refuseTwice(on, kind, wanted));
  try {
    const said = await kind.begin(instance, wanted, async (undoing) => {
      kept = { ...kept, undoing };
      await keep(instance, kept);
    });
    kept = { ...kept, said };
    await keep(instance, kept);
    return { wanted, said, end: () => endOne(instance, wanted) };
  } catch (error) {
    await kind.end?.(instance, wanted, kept.undoing).catch(() => undefined);
    await forget(instance, wanted);
    throw error;
  }
}

/**
 * Ends what is on, the last one first, or only what `which` names, and answers "name on" of each. What cannot be ended
 * stays written down and is thrown when all others have ended.
 */
export async function endFaults(instance: Faulty, which: Partial<WantedFault> = {}): Promise<string[]> {
  const ended: string[] = [];
  const failed: Error[] = [];
  for (const { wanted } of (await keptFaults(instance)).toReversed()) {
    if (which.name !== undefined && which.name !== wanted.name) continue;
    if (which.on !== undefined && which.on !== wanted.on) continue;
    const title = `${wanted.name} ${wanted.on}`;
    try {
      await endOne(instance, wanted);
      ended.push(title);
    } catch (error) {
      failed.push(new Error(`${title} could not be ended: ${(error as Error).message}`, { cause: error }));
    }
  }
  if (failed.length === 0) return ended;
  throw failed.length === 1
    ? failed[0]
    : new AggregateError(failed, failed.map(({ message }) => message).join("; "));
}

async function endOne(instance: Faulty, wanted: Required<WantedFault>): Promise<void> {
  const kept = (await keptFaults(instance)).find((each) => isSame(each.wanted, wanted));
  if (!kept) return;
  await switchOf(wanted.name).end?.(instance, kept.wanted, kept.undoing);
  await forget(instance, wanted);
}

function switchOf(name: string): FaultSwitch {
  const found = switches.find((each) => each.name === name);
  if (found) return found;
  const names = switches.map((each) => each.name).join(", ");
  throw new FaultRefused("fault.unknown", `There is no fault "${name}"; there are ${names}.`);
}

function gradeOf({ name, grades, unit }: FaultKind, asked: number | undefined): number {
  if (!grades) {
    if (asked === undefined) return 0;
    throw new FaultRefused("fault.grade", `There is no more or less of ${name}: leave --grade away.`);
  }
  const grade = asked ?? grades.usual;
  if (Number.isFinite(grade) && grade >= grades.least && grade <= grades.most) return grade;
  const bounds = `from ${grades.least} to ${grades.most} (${unit})`;
  throw new FaultRefused("fault.grade", `${name} goes ${bounds}; ${grade} was asked for.`);
}

async function refuseUntargeted(instance: Faulty, kind: FaultSwitch, { on }: WantedFault): Promise<void> {
  if (!(await askSupervisor(instance))) {
    const next = `Start it first: ./storey up --name ${instance.name}`;
    throw new FaultRefused("fault.not_up", `No supervisor answers for ${instance.name}. ${next}`);
  }
  const whyNot = await kind.whyNot?.(instance);
  if (whyNot) throw whyNot;
  const targets = await kind.targets(instance);
  if (targets.includes(on)) return;
  const there =
    targets.length > 0 ? `It can be done to ${targets.join(", ")}.` : "It can be done to nothing here.";
  throw new FaultRefused("fault.no_target", `${kind.name} cannot be done to "${on}". ${there}`);
}

function refuseTwice(on: readonly KeptFault[], { means }: FaultSwitch, wanted: WantedFault): void {
  const other = on.find(
    (each) =>
      each.wanted.on === wanted.on &&
      (each.wanted.name === wanted.name || (means && switchOf(each.wanted.name).means === means)),
  );
  if (!other) return;
  const next = `End it first: ./storey fault end ${other.wanted.name}`;
  throw new FaultRefused("fault.on_already", `${other.wanted.name} is on at ${wanted.on} already. ${next}`);
}
