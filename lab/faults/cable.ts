import type { Cable } from "#launcher/hosts/link";
import { FaultRefused, type FaultSwitch, type WantedFault } from "./fault.ts";
import { findHost, hostsOf, needsHosts } from "./victims.ts";

type Fault = Pick<FaultSwitch, "about" | "unit" | "grades"> & {
  readonly name: "cut-off" | "one-way" | "slow-link";
  /** What the cable still carries, and in words. */
  carries(grade: number): readonly [Partial<Cable>, string];
};

/** A fault of the one cable that leads to a host; what it does not carry vanishes, and neither side is told. */
const ofCable = ({ carries, ...kind }: Fault): FaultSwitch => ({
  ...kind,
  lasts: true,
  means: "cable",
  targets: hostsOf,
  whyNot: (instance) => needsHosts(instance, kind.name),
  begin: async (instance, wanted, remember) => {
    const host = await findHost(instance, wanted.on);
    if (!host) throw gone(wanted);
    const [cable, said] = carries(wanted.grade);
    await remember({});
    await host.cable(cable);
    return `${wanted.on} (${host.address}): ${said}`;
  },
  end: async (instance, { on }) => (await findHost(instance, on))?.mend(),
});

/** The refusal of a host that was there a moment ago. */
export const gone = ({ on }: WantedFault): FaultRefused =>
  new FaultRefused("fault.no_target", `${on} is gone: the instance is being stopped.`);

export const cutOff = ofCable({
  name: "cut-off",
  about: "A host neither hears nor is heard by anybody, and nobody is told.",
  carries: () => [{ hears: "nothing", says: "nothing" }, "its cable carries nothing"],
});

export const oneWay = ofCable({
  name: "one-way",
  about: "A host's cable carries one direction only.",
  unit: "1: it no longer hears; 2: it is no longer heard",
  grades: { least: 1, most: 2, usual: 2 },
  carries: (grade) =>
    grade < 2
      ? [{ hears: "nothing" }, "it is heard and hears nothing"]
      : [{ says: "nothing" }, "it hears and is not heard"],
});

export const slowLink = ofCable({
  name: "slow-link",
  about: "A host's cable carries so much in each direction and no more.",
  unit: "kilobits a second",
  grades: { least: 64, most: 1_000_000, usual: 2_000 },
  carries: (kilobits) => [
    { hears: { kilobits }, says: { kilobits } },
    `its cable carries ${kilobits} kbit/s in each direction`,
  ],
});
