import { type Random, randomFor } from "#demo/random";

/** One visitor who comes when it was planned, however the shop fares. */
export interface Arrival {
  /** From 0. */
  readonly index: number;
  /** Milliseconds after the start of the run. */
  readonly atMs: number;
}

/**
 * A Poisson process of `ratePerSecond`: what many people who know nothing of each other look like. The same seed
 * gives the same stream to the last bit on one machine; other machines may differ in the last bit of a logarithm.
 */
export function* poisson(ratePerSecond: number, untilMs: number, seed: number): Generator<Arrival> {
  if (!(ratePerSecond > 0)) throw new RangeError("a rate is above 0");
  const random = randomFor("arrivals", seed);
  let atMs = 0;
  for (let index = 0; ; index++) {
    atMs += (-Math.log(1 - random.next()) * 1_000) / ratePerSecond;
    if (atMs >= untilMs) return;
    yield { index, atMs };
  }
}

/** What one arrival draws from: its own, so that how fast the shop answers others changes nothing of it. */
export const randomOf = (seed: number, arrival: Arrival): Random => randomFor("arrival", seed, arrival.index);
