import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";

const planned = Type.Object(
  {
    at: Type.Number({ minimum: 0, description: "Seconds after the first visitor" }),
    name: Type.String({ minLength: 1, description: "A fault of lab/faults" }),
    on: Type.String({ minLength: 1, description: "What it is done to" }),
    grade: Type.Optional(Type.Number({ description: "How much, in the fault's own unit" })),
    forSeconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: "Absent: until the end" })),
  },
  { additionalProperties: false },
);

const scenarioSchema = Type.Object(
  {
    seed: Type.Optional(
      Type.Integer({ minimum: 0, description: "What it was made from, and its visitors follow" }),
    ),
    stage: Type.Integer({ minimum: 1, maximum: 15 }),
    target: Type.Optional(Type.Union([Type.Literal("loopback"), Type.Literal("hosts")])),
    workload: Type.String({ minLength: 1 }),
    perSecond: Type.Number({ exclusiveMinimum: 0, description: "Visits" }),
    seconds: Type.Number({ minimum: 1 }),
    faults: Type.Array(planned),
  },
  { additionalProperties: false },
);

/** A fault on the timetable. Times are in seconds. */
export type PlannedFault = Readonly<Static<typeof planned>>;

/** A workload, faults on a timetable; what must hold at the end is the same for all of them. */
export type Scenario = Readonly<Omit<Static<typeof scenarioSchema>, "faults">> & {
  readonly faults: readonly PlannedFault[];
};

/** What is no scenario, with everything that is wrong with it. */
export class ScenarioRefused extends Error {
  readonly code = "scenario.invalid";
  constructor(problems: readonly string[]) {
    super(`This is no scenario: ${problems.join("; ")}.`);
    this.name = "ScenarioRefused";
  }
}

const check = Compile(scenarioSchema);

/** The scenario in a file's text, which may be one of the graveyard. Throws ScenarioRefused. */
export function readScenario(text: string): Scenario {
  const file = parsed(text);
  const value = isGrave(file) ? file.scenario : file;
  if (!check.Check(value)) {
    throw new ScenarioRefused(
      [...check.Errors(value)].map(({ instancePath, message }) => `${instancePath || "it"} ${message}`),
    );
  }
  const late = value.faults.filter((fault) => endOf(fault, value.seconds) > value.seconds);
  if (late.length > 0) {
    throw new ScenarioRefused(late.map(({ name, on }) => `${name} on ${on} ends after the scenario`));
  }
  return value;
}

const isGrave = (file: unknown): file is { scenario: unknown } =>
  typeof file === "object" && file !== null && "scenario" in file;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScenarioRefused([(error as Error).message]);
  }
}

/** When a fault ends, in seconds; one without an end lasts as long as the scenario. */
export const endOf = ({ at, forSeconds }: PlannedFault, seconds: number): number =>
  forSeconds === undefined ? Math.max(at, seconds) : at + forSeconds;
