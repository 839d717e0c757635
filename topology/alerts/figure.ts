/**
 * What is judged: numbers that components tell of themselves, put together. A small language, so that one declaration
 * can be judged by the server itself and be said in Prometheus' words. Rejected: PromQL as the declaration, which the
 * server would have to read.
 */
export type Figure = Latest | Gap | Rate | Quantile | Ratio;

/** Some series of a metric. Values of labels are patterns for the whole value: "5..", "app-1|app-2". */
export interface Series {
  readonly metric: string;
  readonly where?: Readonly<Record<string, string>>;
}

/** What was told last, of several series the greatest, the least or their sum. */
export interface Latest extends Series {
  readonly kind: "latest";
  readonly of: "max" | "min" | "sum";
}

/** By how much each is behind the greatest of all, as of what was told last. */
export interface Gap extends Series {
  readonly kind: "gap";
}

/** By how much counters grew in a second, on average over so many seconds, added together. */
export interface Rate extends Series {
  readonly kind: "rate";
  readonly overSeconds: number;
}

/** Below which value so large a share of a histogram's observations of the last seconds lie. */
export interface Quantile extends Series {
  readonly kind: "quantile";
  readonly share: number;
  readonly overSeconds: number;
}

export interface Ratio {
  readonly kind: "ratio";
  readonly part: Exclude<Figure, Ratio>;
  readonly whole: Exclude<Figure, Ratio>;
}

export interface Condition {
  readonly figure: Figure;
  readonly is: "above" | "below";
  readonly than: number;
}

export const latest = (of: Latest["of"], metric: string, where?: Series["where"]): Latest => ({
  kind: "latest",
  of,
  metric,
  ...(where ? { where } : {}),
});

export const gap = (metric: string, where: Series["where"]): Gap => ({
  kind: "gap",
  metric,
  ...(where ? { where } : {}),
});

export const rate = (overSeconds: number, metric: string, where?: Series["where"]): Rate => ({
  kind: "rate",
  overSeconds,
  metric,
  ...(where ? { where } : {}),
});

export const quantile = (share: number, overSeconds: number, metric: string): Quantile => ({
  kind: "quantile",
  share,
  overSeconds,
  metric,
});

export const ratio = (part: Ratio["part"], whole: Ratio["whole"]): Ratio => ({ kind: "ratio", part, whole });

export const above = (than: number, figure: Figure): Condition => ({ figure, is: "above", than });
export const below = (than: number, figure: Figure): Condition => ({ figure, is: "below", than });

/** The parts of a figure that are read from series. */
export const partsOf = (figure: Figure): readonly Exclude<Figure, Ratio>[] =>
  figure.kind === "ratio" ? [figure.part, figure.whole] : [figure];
