import { build, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";

/** What became of the things of one name. Times in milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly mean: number;
}

/** Times by name, to three digits, without losing the tail. */
export interface Latencies {
  record(name: string, ms: number): void;
  /** In the order of first appearance. */
  percentiles(): Record<string, Percentiles>;
  /** HdrHistogram's own compressed form (version 2, base64), in microseconds: for whoever wants to add runs up. */
  encoded(): Record<string, string>;
}

/** A client gives up after 10 s; beyond a minute a figure says nothing more. */
const highestUs = 60_000_000;

/** Empty histograms from 1 µs to 60 s; a name gets its own at its first value. */
export function openLatencies(): Latencies {
  const byName = new Map<string, Histogram>();
  const histogramOf = (name: string): Histogram => {
    let found = byName.get(name);
    if (!found) {
      found = build({
        lowestDiscernibleValue: 1,
        highestTrackableValue: highestUs,
        numberOfSignificantValueDigits: 3,
      });
      byName.set(name, found);
    }
    return found;
  };
  return {
    record: (name, ms) =>
      histogramOf(name).recordValue(Math.min(Math.max(1, Math.round(ms * 1_000)), highestUs)),
    percentiles: () =>
      Object.fromEntries([...byName].map(([name, histogram]) => [name, percentilesOf(histogram)])),
    encoded: () =>
      Object.fromEntries(
        [...byName].map(([name, histogram]) => [name, encodeIntoCompressedBase64(histogram)]),
      ),
  };
}

function percentilesOf(histogram: Histogram): Percentiles {
  // A percentile is the upper edge of its bucket, which may lie above the largest value that was recorded.
  const at = (percentile: number) =>
    Math.min(histogram.getValueAtPercentile(percentile), histogram.maxValue) / 1_000;
  return {
    count: histogram.totalCount,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    max: histogram.maxValue / 1_000,
    mean: histogram.mean / 1_000,
  };
}
