import { answeredWithin } from "#topology/application-numbers";
import type { ComponentHealth, Figures } from "./api.ts";
import type { ComponentLook, Look } from "./look.ts";

/** Rates are those of so long: short enough to see a flood come, long enough that one order does not flicker. */
const ratesOverMs = 10_000;
/** A quantile needs more answers than a quiet shop gives in that. */
const quantileOverMs = 30_000;
/** For how long looks are of use. */
export const lookedBackMs = quantileOverMs;

/** What the shop does, from looks of which the last is the newest; null is what cannot be known from them. */
export function figuresOf(looks: readonly Look[]): Figures {
  const waiting = newest(looks).flatMap(({ numbers }) => numbers["eventsWaiting"] ?? []);
  const oldest = newest(looks).flatMap(({ numbers }) => numbers["oldestEventSeconds"] ?? []);
  const most = (values: readonly number[]) => (values.length > 0 ? Math.max(...values) : null);
  return {
    requestsPerSecond: rateOf(looks, "requests"),
    failuresPerSecond: rateOf(looks, "failures"),
    ordersPerSecond: rateOf(looks, "ordersPlaced"),
    p99Ms: p99Of(within(looks, quantileOverMs)),
    // All applications look into the same boxes.
    eventsWaiting: most(waiting),
    oldestEventSeconds: most(oldest),
  };
}

/** How each component is. */
export function componentsOf(looks: readonly Look[]): ComponentHealth[] {
  return newest(looks).map((each) => {
    const busyMs = perSecond(within(looks, ratesOverMs), each.name, ({ cpuMs }) => cpuMs);
    const { name, kind, host, version, ailment, memoryBytes, memoryBudgetBytes } = each;
    return {
      name,
      kind,
      host,
      version,
      health: ailment === undefined ? "unknown" : ailment === null ? "well" : "unwell",
      ailment: ailment ?? null,
      memoryBytes,
      memoryBudgetBytes,
      processors: busyMs === null ? null : busyMs / 1_000,
      requestsPerSecond:
        kind === "application" ? perSecond(within(looks, ratesOverMs), name, told("requests")) : null,
    };
  });
}

const newest = (looks: readonly Look[]): readonly ComponentLook[] => looks.at(-1)?.components ?? [];

/** The looks of the last so many milliseconds, and in any case the last two. */
function within(looks: readonly Look[], ms: number): readonly Look[] {
  const from = (looks.at(-1)?.atMs ?? 0) - ms;
  const first = looks.findIndex(({ atMs }) => atMs >= from);
  return looks.slice(Math.max(0, Math.min(first, looks.length - 2)));
}

/** Summed over applications, each by its own growth: one that starts again begins at nothing. */
function rateOf(looks: readonly Look[], counter: string): number | null {
  const rates = applicationsIn(looks).flatMap(
    (name) => perSecond(within(looks, ratesOverMs), name, told(counter)) ?? [],
  );
  return rates.length > 0 ? rates.reduce((sum, rate) => sum + rate, 0) : null;
}

/** What one told; nothing, where it told nothing at all: that is no zero. */
const told =
  (name: string) =>
  ({ numbers }: ComponentLook): number | null =>
    Object.keys(numbers).length > 0 ? (numbers[name] ?? 0) : null;

const applicationsIn = (looks: readonly Look[]): string[] =>
  newest(looks)
    .filter(({ kind, numbers }) => kind === "application" && Object.keys(numbers).length > 0)
    .map(({ name }) => name);

/** By how much a number of a component grew in a second; one that fell began again at nothing. */
function perSecond(
  looks: readonly Look[],
  name: string,
  read: (component: ComponentLook) => number | null,
): number | null {
  const seconds = ((looks.at(-1)?.atMs ?? 0) - (looks[0]?.atMs ?? 0)) / 1_000;
  const grown = seconds > 0 ? growthOf(looks, name, read) : null;
  return grown === null ? null : grown / seconds;
}

function growthOf(
  looks: readonly Look[],
  name: string,
  read: (component: ComponentLook) => number | null,
): number | null {
  const values = looks.flatMap(({ components }) => {
    const component = components.find((each) => each.name === name);
    return (component && read(component)) ?? [];
  });
  if (values.length < 2) return null;
  return values.slice(1).reduce((sum, value, at) => {
    const before = values[at] ?? 0;
    return sum + (value < before ? value : value - before);
  }, 0);
}

/** Between the bounds of a bucket answers are taken to lie evenly; above the last bound nothing is known. */
function p99Of(looks: readonly Look[]): number | null {
  const bounds = new Map<number, number>();
  for (const name of applicationsIn(looks)) {
    const { numbers = {} } = newest(looks).find((each) => each.name === name) ?? {};
    for (const key of Object.keys(numbers).filter((each) => each.startsWith(answeredWithin))) {
      const written = key.slice(answeredWithin.length);
      const bound = written === "+Inf" ? Number.POSITIVE_INFINITY : Number(written);
      const grown = growthOf(looks, name, told(key)) ?? 0;
      bounds.set(bound, (bounds.get(bound) ?? 0) + grown);
    }
  }
  const sorted = [...bounds].sort(([one], [other]) => one - other);
  const wanted = 0.99 * (sorted.at(-1)?.[1] ?? 0);
  if (wanted === 0) return null;
  const at = sorted.findIndex(([, upTo]) => upTo >= wanted);
  const [bound, upTo] = sorted[at] ?? [0, 0];
  const [below, before] = sorted[at - 1] ?? [0, 0];
  const seconds =
    bound === Number.POSITIVE_INFINITY
      ? below
      : below + ((bound - below) * (wanted - before)) / (upTo - before);
  return seconds * 1_000;
}
