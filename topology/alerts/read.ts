import { type Figure, partsOf, type Quantile, type Rate, type Series } from "./figure.ts";

/** One number of one series. A histogram has one for each bucket (`…_bucket`, label `le`), and a `…_count`. */
export interface Sample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What was told at one moment. */
export interface Look {
  readonly atMs: number;
  readonly samples: readonly Sample[];
}

/** A series as it is kept: how it grew is counted as it comes, so that a rate reads two looks and not all. */
interface Kept extends Pick<Sample, "labels" | "value"> {
  readonly bornMs: number;
  /** Since it was first seen; what fell began again at nothing. */
  readonly grown: number;
}

/** A look, by the names of metrics and then by labels. */
export interface KeptLook {
  readonly atMs: number;
  readonly metrics: ReadonlyMap<string, ReadonlyMap<string, Kept>>;
}

/** Adds a look to those before. */
export function keep({ atMs, samples }: Look, before: KeptLook | undefined): KeptLook {
  const metrics = new Map<string, Map<string, Kept>>();
  for (const { metric, labels, value } of samples) {
    const series = metrics.get(metric) ?? new Map<string, Kept>();
    metrics.set(metric, series);
    const key = JSON.stringify(labels);
    const last = before?.metrics.get(metric)?.get(key);
    const more = last ? (value < last.value ? value : value - last.value) : 0;
    series.set(key, { labels, value, bornMs: last?.bornMs ?? atMs, grown: (last?.grown ?? 0) + more });
  }
  return { atMs, metrics };
}

/** Values by the labels that tell them apart. */
export type Values = ReadonlyMap<string, { readonly labels: Sample["labels"]; readonly value: number }>;

/** The names of the metrics of figures, without what is appended for parts of a histogram. */
export const metricsOf = (figures: readonly Figure[]): ReadonlySet<string> =>
  new Set(figures.flatMap(partsOf).map(({ metric }) => metric.replace(/_count$/, "")));

/** For how long looks must be kept to read a figure. */
export const secondsOf = (figure: Figure): number =>
  Math.max(0, ...partsOf(figure).map((part) => ("overSeconds" in part ? part.overSeconds : 0)));

/**
 * Reads a figure from looks, the newest last, as Prometheus would from the same: a series counts in a rate from the
 * second time that it is seen, and a counter that fell began again at nothing.
 */
export function read(figure: Figure, looks: readonly KeptLook[], by: readonly string[]): Values {
  const newest = looks.at(-1);
  if (!newest) return new Map();
  if (figure.kind === "ratio") {
    const whole = read(figure.whole, looks, by);
    const shares = [...read(figure.part, looks, by)].map(([key, { labels, value }]) => {
      const of = whole.get(key)?.value;
      return [key, { labels, value: of === undefined ? Number.NaN : value / of }] as const;
    });
    return new Map(shares.filter(([, { value }]) => !Number.isNaN(value)));
  }
  if (figure.kind === "rate") return group(ratesOf(figure, figure.metric, looks), by, add);
  if (figure.kind === "quantile") return quantiles(figure, looks, by);
  if (figure.kind === "gap") {
    const positions = group(seriesOf(figure, figure.metric, newest), by, Math.max);
    const greatest = Math.max(...[...positions.values()].map(({ value }) => value));
    return new Map([...positions].map(([key, each]) => [key, { ...each, value: greatest - each.value }]));
  }
  const join = { max: Math.max, min: Math.min, sum: add }[figure.of];
  return group(seriesOf(figure, figure.metric, newest), by, join);
}

const add = (one: number, other: number) => one + other;

function seriesOf({ where = {} }: Series, metric: string, look: KeptLook): Kept[] {
  const patterns = Object.entries(where).map(
    ([label, pattern]) => [label, new RegExp(`^(?:${pattern})$`)] as const,
  );
  return [...(look.metrics.get(metric)?.values() ?? [])].filter(({ labels }) =>
    patterns.every(([label, pattern]) => pattern.test(labels[label] ?? "")),
  );
}

function group(
  samples: Iterable<Pick<Sample, "labels" | "value">>,
  by: readonly string[],
  join: (one: number, other: number) => number,
): Map<string, { labels: Sample["labels"]; value: number }> {
  const values = new Map<string, { labels: Sample["labels"]; value: number }>();
  for (const { labels, value } of samples) {
    const key = keyOf(labels, by);
    const known = values.get(key);
    if (known) known.value = join(known.value, value);
    else values.set(key, { labels: pick(labels, by), value });
  }
  return values;
}

/** By how much each series of a metric grew in a second. */
function ratesOf(
  part: Rate | Quantile,
  metric: string,
  looks: readonly KeptLook[],
): Pick<Sample, "labels" | "value">[] {
  const newest = looks.at(-1);
  const oldest = looks.find(({ atMs }) => (newest?.atMs ?? 0) - atMs <= part.overSeconds * 1000);
  if (!newest || !oldest || newest === oldest) return [];
  const seconds = (newest.atMs - oldest.atMs) / 1000;
  const then = oldest.metrics.get(metric);
  return seriesOf(part, metric, newest)
    .filter(({ bornMs }) => bornMs < newest.atMs)
    .map(({ labels, grown }) => ({
      labels,
      value: (grown - (then?.get(JSON.stringify(labels))?.grown ?? 0)) / seconds,
    }));
}

/** Between the bounds of a bucket observations are taken to lie evenly; above the last bound nothing is known. */
function quantiles(figure: Quantile, looks: readonly KeptLook[], by: readonly string[]): Values {
  const buckets = group(ratesOf(figure, `${figure.metric}_bucket`, looks), [...by, "le"], add);
  const histograms = new Map<string, { labels: Sample["labels"]; bounds: [bound: number, rate: number][] }>();
  for (const { labels, value } of buckets.values()) {
    const own = pick(labels, by);
    const key = keyOf(own, by);
    const histogram = histograms.get(key) ?? { labels: own, bounds: [] };
    histogram.bounds.push([labels["le"] === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels["le"]), value]);
    histograms.set(key, histogram);
  }
  const values = [...histograms].map(([key, { labels, bounds }]) => {
    const value = quantileOf(
      figure.share,
      bounds.sort(([one], [other]) => one - other),
    );
    return [key, { labels, value }] as const;
  });
  return new Map(values.filter(([, { value }]) => !Number.isNaN(value)));
}

function quantileOf(share: number, bounds: readonly (readonly [bound: number, rate: number])[]): number {
  const all = bounds.at(-1)?.[1] ?? 0;
  if (all === 0) return Number.NaN;
  const wanted = share * all;
  const at = bounds.findIndex(([, upTo]) => upTo >= wanted);
  const [bound, upTo] = bounds[at] ?? [Number.NaN, 0];
  const [below, before] = bounds[at - 1] ?? [0, 0];
  if (bound === Number.POSITIVE_INFINITY) return below;
  return below + ((bound - below) * (wanted - before)) / (upTo - before);
}

const pick = (labels: Sample["labels"], names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])));

const keyOf = (labels: Sample["labels"], names: readonly string[]): string =>
  names.map((name) => labels[name] ?? "").join("\n");
