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

/** From some moment on so many times as many come. */
export interface Surge {
  readonly fromMs: number;
  readonly times: number;
}

/**
 * The same with a surge: the dense process, of which before the surge each is kept with probability 1 / times
 * (thinning: Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by thinning", 1979).
 */
export function* surging(
  ratePerSecond: number,
  untilMs: number,
  seed: number,
  surge: Surge,
): Generator<Arrival> {
  const random = randomFor("surge", seed);
  let index = 0;
  for (const { atMs } of poisson(ratePerSecond * surge.times, untilMs, seed)) {
    if (random.next() < 1 / surge.times || atMs >= surge.fromMs) yield { index: index++, atMs };
  }
}

/** `count` people within one second, evenly: everybody who waited for the same moment. */
export function* everybody(count: number, fromMs: number): Generator<Arrival> {
  for (let index = 0; index < count; index++) yield { index, atMs: fromMs + (index * 1_000) / count };
}

/** What one arrival draws from: its own, so that how fast the shop answers others changes nothing of it. */
export const randomOf = (seed: number, arrival: Arrival): Random => randomFor("arrival", seed, arrival.index);
