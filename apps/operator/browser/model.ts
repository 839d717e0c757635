import type { Figures, FlagList, Health, TopologyView } from "../api.ts";

/** The figures of one moment and of each component then; what sparklines are drawn from. */
export interface Point {
  readonly at: string;
  readonly figures: Figures;
  /** By name: how many processors it kept busy, and its memory in bytes. */
  readonly components: Readonly<
    Record<string, readonly [processors: number | null, memoryBytes: number | null]>
  >;
}

/** All that the page shows. The server draws it once; the browser draws it again as it changes. */
export interface ConsoleView {
  readonly topology: TopologyView;
  readonly health: Health;
  readonly flags: FlagList;
  readonly past: readonly Point[];
  readonly auditing: boolean;
}

/** Three minutes of looks. */
const pastMost = 90;

/** The view with what is newly known; the point of a look that is known already is not counted twice. */
export function withHealth(view: ConsoleView, health: Health, flags: FlagList): ConsoleView {
  const point = pointOf(health);
  const isNew = view.past.at(-1)?.at !== point.at;
  return {
    ...view,
    flags,
    health: { ...health, errors: mergeErrors(health.errors, view.health.errors) },
    past: isNew ? [...view.past, point].slice(-pastMost) : view.past,
  };
}

/** What sparklines keep of a look. */
export const pointOf = ({
  at,
  figures,
  components,
}: Pick<Health, "at" | "figures" | "components">): Point => ({
  at,
  figures,
  components: Object.fromEntries(components.map((each) => [each.name, [each.processors, each.memoryBytes]])),
});

type LoggedError = Health["errors"][number];
const errorsMost = 20;

/** Behind a proxy each answer is of another application, and tells of its own errors: what others told is kept. */
function mergeErrors(newly: readonly LoggedError[], known: readonly LoggedError[]): LoggedError[] {
  const keyOf = ({ at, process, message, trace }: LoggedError) => [at, process, message, trace].join("\n");
  const all = new Map([...known, ...newly].map((each) => [keyOf(each), each]));
  return [...all.values()].sort((one, other) => other.at.localeCompare(one.at)).slice(0, errorsMost);
}
