/** A stream of numbers that is the same on every machine: integer arithmetic only, no clock, no entropy. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  /** A number from `low` up to `high`. */
  between(low: number, high: number): number;
  /** True with probability `share`. */
  chance(share: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
}

/** FNV-1a with a final mix (murmur3's), so that keys that differ in one digit give unrelated streams. */
export function hash(...keys: readonly (string | number)[]): number {
  let h = 0x811c9dc5;
  for (const key of keys) {
    const text = String(key);
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ 0x2f, 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A mulberry32 stream named by its keys: whatever is drawn for one key never shifts what another key gets.
 */
export function randomFor(...keys: readonly (string | number)[]): Random {
  let state = hash(...keys);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    between: (low, high) => low + next() * (high - low),
    chance: (share) => next() < share,
    pick: (list) => itemAt(list, Math.floor(next() * list.length)),
  };
}

/** The item at an index that wraps around; the list must not be empty. */
export function itemAt<T>(list: readonly T[], index: number): T {
  const item = list[((index % list.length) + list.length) % list.length];
  if (item === undefined) throw new RangeError("the list is empty");
  return item;
}

/**
 * Decks already shuffled; a deck is a function of its key, so keeping some changes nothing but the speed
 * (3x).
 */
const decks = new Map<string, readonly number[]>();
const MOST_DECKS = 2000;

/**
 * A permutation of the integers that shuffles within blocks of `size`: neighbours differ as if dealt from a
 * deck, so nothing comes up twice in one block, and no period shows in the columns of a listing.
 */
export function dealt(position: number, size: number, salt: string | number): number {
  const block = Math.floor(position / size);
  const key = `${salt}/${size}/${block}`;
  let deck = decks.get(key);
  if (deck === undefined) {
    if (decks.size >= MOST_DECKS) decks.clear();
    deck = shuffled(size, randomFor("deal", key));
    decks.set(key, deck);
  }
  return itemAt(deck, position % size);
}

function shuffled(size: number, random: Random): readonly number[] {
  const deck = Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const j = random.integer(0, i);
    const held = itemAt(deck, i);
    deck[i] = itemAt(deck, j);
    deck[j] = held;
  }
  return deck;
}

/**
 * A bijection of 0..size-1 whose neighbours lie far apart: a step near the golden section, coprime to the
 * size.
 */
export function scattered(position: number, size: number, offset: number): number {
  let step = Math.max(1, Math.round(size * 0.6180339887));
  while (commonDivisor(step, size) !== 1) step++;
  // Below 2^53 for every size used here (the largest space is about 10^6).
  return (position * step + offset) % size;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/**
 * `base ** exponent` for a positive base and an exponent of 0 or more, to 1/1024 of the exponent. By
 * multiplication and square roots only, which IEEE 754 fixes to the last bit; engines differ in the last bits
 * of `Math.pow` and `Math.exp`.
 */
export function power(base: number, exponent: number): number {
  const whole = Math.floor(exponent);
  let result = 1;
  for (let i = 0; i < whole; i++) result *= base;
  let root = base;
  for (let bit = 0.5; bit >= 1 / 1024; bit /= 2) {
    root = Math.sqrt(root);
    if (Math.floor((exponent - whole) / bit) % 2 === 1) result *= root;
  }
  return result;
}
