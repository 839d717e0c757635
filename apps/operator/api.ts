import { type Static, Type } from "typebox";
import { type Door, door } from "#kernel/door";
import { timeSchema } from "#kernel/schema";

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([Type.Null(), schema]);
const number = (description: string) => orNull(Type.Number({ description }));

const offenderSchema = Type.Object({ rule: Type.String(), offender: Type.String(), detail: Type.String() });

export const auditSchema = Type.Object({
  clean: Type.Boolean(),
  at: timeSchema,
  checked: Type.Record(Type.String(), Type.Integer(), {
    description: "How many things were looked at, by domain",
  }),
  pending: Type.Integer({
    description: "What an event or a step that is under way explains, within its bound",
  }),
  broken: Type.Array(offenderSchema, { description: "What nothing explains, every offender by its id" }),
});
export type AuditReport = Static<typeof auditSchema>;

const flagSchema = Type.Object({
  name: Type.String(),
  title: Type.String(),
  on: Type.Boolean(),
  byDefault: Type.Boolean(),
  whenOff: Type.String({ description: "What it saves, and what people see while it is off" }),
});
const flagsSchema = Type.Object({
  items: Type.Array(flagSchema),
  problem: orNull(Type.String({ description: "What is wrong with the settings that flags are read from" })),
});
export type FlagList = Static<typeof flagsSchema>;

const placedSchema = Type.Object({ name: Type.String(), kind: Type.String(), host: Type.String() });
const topologySchema = Type.Object({
  instance: Type.String(),
  stage: Type.Integer(),
  stageName: Type.String(),
  process: Type.String({ description: "The component that answers" }),
  hosts: Type.Array(Type.Object({ name: Type.String(), dataCentre: Type.String() })),
  components: Type.Array(placedSchema),
  roads: Type.Array(Type.Object({ from: Type.String(), role: Type.String(), to: Type.String() })),
});
export type TopologyView = Static<typeof topologySchema>;

export const figuresSchema = Type.Object({
  requestsPerSecond: number("Of all applications; what watches is left out"),
  failuresPerSecond: number("Answers of 500 and more, without refusals because of overload"),
  ordersPerSecond: number("Placed"),
  p99Ms: number("99 of 100 requests were answered within so many milliseconds"),
  eventsWaiting: number("In outboxes and inboxes"),
  oldestEventSeconds: number("Since when the oldest of them waits"),
});
export type Figures = Static<typeof figuresSchema>;

const componentSchema = Type.Object({
  ...placedSchema.properties,
  version: Type.String(),
  health: Type.Union([Type.Literal("well"), Type.Literal("unwell"), Type.Literal("unknown")]),
  ailment: orNull(Type.String()),
  memoryBytes: number("What it takes"),
  memoryBudgetBytes: number("What it was meant to take at most"),
  processors: number("How many processors it keeps busy"),
  requestsPerSecond: number("Of an application"),
});
export type ComponentHealth = Static<typeof componentSchema>;

const healthSchema = Type.Object({
  at: timeSchema,
  process: Type.String({ description: "The component that answers" }),
  figures: figuresSchema,
  components: Type.Array(componentSchema),
  audit: orNull(
    Type.Object({
      at: timeSchema,
      clean: Type.Boolean(),
      broken: Type.Integer(),
      offenders: Type.Array(offenderSchema, {
        description: "At most 20, where the one that answers audited",
      }),
    }),
  ),
  alerts: Type.Array(
    Type.Object({
      rule: Type.String(),
      severity: Type.Union([Type.Literal("critical"), Type.Literal("warning")]),
      since: Type.String(),
      summary: Type.String(),
      next: Type.String({ description: "What to do" }),
    }),
  ),
  errors: Type.Array(
    Type.Object({
      at: timeSchema,
      process: Type.String(),
      message: Type.String(),
      detail: orNull(Type.String()),
      trace: orNull(Type.String({ description: "The id of the request, as its answer named it" })),
    }),
    { description: "The last of the one that answers, the newest first; others answer with theirs" },
  ),
  errorsLogged: Type.Integer({ description: "By all applications since they started" }),
  problem: orNull(Type.String({ description: "Why less is known than usual" })),
});
export type Health = Static<typeof healthSchema>;

const nothing = Type.Object({});

/** What operators ask of the whole shop rather than of one domain. */
export const operationsDoor = door({
  name: "operations",
  refusals: {
    "operations.unknown_flag": [404, "There is no such flag"],
  },
  events: {},
  operations: {
    topology: {
      kind: "query",
      retriable: true,
      who: ["operator"],
      summary: "Where the shop runs",
      description: "Hosts, the components on them, and the roads between these, as the stage has them.",
      http: "GET /operations/topology",
      input: nothing,
      output: topologySchema,
      refusals: [],
    },
    health: {
      kind: "query",
      retriable: true,
      who: ["operator"],
      summary: "How everything is that runs, and what it does",
      description:
        "Each component's health, memory and processors; requests and orders a second over the last 10 s, summed " +
        "over all applications; the last audit; alerts; errors. Looked at every 2 s while somebody asks.",
      http: "GET /operations/health",
      input: nothing,
      output: healthSchema,
      refusals: [],
    },
    audit: {
      kind: "query",
      retriable: true,
      who: ["operator"],
      summary: "Check every invariant on the living data",
      description:
        "Nothing oversold, lost, doubled or unbalanced. It reads every row, and waits some seconds where something is " +
        "under way. Who asks while one runs gets that one's answer.",
      http: "GET /operations/audit",
      input: nothing,
      output: auditSchema,
      refusals: [],
    },
    flags: {
      kind: "query",
      retriable: true,
      who: ["operator"],
      summary: "Which costly parts are on",
      description: "Every flag, whether it is on, and what people see while it is off.",
      http: "GET /operations/flags",
      input: nothing,
      output: flagsSchema,
      refusals: [],
    },
    setFlag: {
      kind: "command",
      retriable: true,
      who: ["operator"],
      summary: "Turn a costly part on or off",
      description: "Every process sees it within a second, without a restart.",
      http: "PUT /operations/flags/{name}",
      input: Type.Object({ name: Type.String({ maxLength: 80 }), on: Type.Boolean() }),
      output: flagSchema,
      refusals: ["operations.unknown_flag"],
      example: { on: false },
    },
  },
});
export type OperationsDoor = Door<typeof operationsDoor>;
