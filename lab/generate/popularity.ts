import type { Random } from "#demo/random";

/** Draws ranks from 0 (the most popular) to `size` - 1. */
export interface Popularity {
  draw(random: Random): number;
}

/**
 * Zipf's law: rank r is drawn in proportion to 1 / (r + 1)^exponent. Requests to web sites follow it with exponents of
 * 0.64 to 0.83 (Breslau and others, "Web Caching and Zipf-like Distributions", INFOCOM 1999).
 */
export function zipf(size: number, exponent = 0.8): Popularity {
  if (!(Number.isSafeInteger(size) && size > 0)) throw new RangeError("somebody must be popular");
  const upTo = new Float64Array(size);
  let sum = 0;
  for (let rank = 0; rank < size; rank++) {
    sum += (rank + 1) ** -exponent;
    upTo[rank] = sum;
  }
  return {
    draw: (random) => {
      const wanted = random.next() * sum;
      let low = 0;
      let high = size - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((upTo[middle] ?? 0) > wanted) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}
