import { lastWord } from "#kernel/context";

/**
 * How far a store has come: which data (a restore or a move changes the incarnation), which of its timelines (a
 * failover begins one) and where on it. Positions on one timeline compare as text: 16 hexadecimal digits.
 */
export interface Position {
  readonly incarnation: string;
  readonly timeline: number;
  readonly at: string;
}

/** Somebody wrote, and it is not known where: only the primary will do. */
export const unknownPosition = lastWord;

/** Where a timeline left each of those it descends from: the last position that both have, by their numbers. */
export type Ancestors = ReadonlyMap<number, string>;

const pattern = /^([0-9a-f]{8})[.]([1-9][0-9]{0,9})[.]([0-9A-F]{16})$/;

/** Undefined: nobody knows how far that is. */
export function parsePosition(text: string): Position | undefined {
  const [, incarnation, timeline, at] = pattern.exec(text) ?? [];
  if (!incarnation || !at) return undefined;
  return { incarnation, timeline: Number(timeline), at };
}

export const formatPosition = ({ incarnation, timeline, at }: Position): string =>
  `${incarnation}.${timeline}.${at}`;

/** PostgreSQL's `16/B374D848` as 16 digits. */
export function digitsOf(lsn: string): string {
  const [high = "", low = ""] = lsn.toUpperCase().split("/");
  return high.padStart(8, "0") + low.padStart(8, "0");
}

/**
 * Reads a file of timeline history: a line for each ancestor, with its number and where the next one leaves it. An
 * empty text is that of the first timeline.
 */
export function parseHistory(text: string): Ancestors {
  const ancestors = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [, timeline, lsn] = /^\s*([0-9]+)\s+([0-9A-Fa-f]+\/[0-9A-Fa-f]+)/.exec(line) ?? [];
    if (timeline && lsn) ancestors.set(Number(timeline), digitsOf(lsn));
  }
  return ancestors;
}

/**
 * Whether whoever is at `reached` has everything up to `needed`: on that timeline, or on a descendant that left it at
 * that position or later. A server left behind on an old timeline goes on counting there, and may stand at a higher
 * position without the row that was written on the new one. `ancestors`: of the timeline of `reached`; unknown ones
 * contain nothing.
 */
export function includes(reached: Position, needed: Position, ancestors: Ancestors | undefined): boolean {
  if (reached.incarnation !== needed.incarnation || reached.at < needed.at) return false;
  if (reached.timeline === needed.timeline) return true;
  const left = ancestors?.get(needed.timeline);
  return left !== undefined && needed.at <= left;
}

/** The timelines of a store that this process has heard of. */
export interface Timelines {
  learn(incarnation: string, timeline: number, history: string): void;
  ancestorsOf(position: Pick<Position, "incarnation" | "timeline">): Ancestors | undefined;
  /** As `includes`, of texts: what does not read is reached by nobody, and reaches nothing. */
  reaches(position: string, needed: string): boolean;
}

/** Knows none at first. */
export function openTimelines(): Timelines {
  const known = new Map<string, Ancestors>();
  const keyOf = ({ incarnation, timeline }: Pick<Position, "incarnation" | "timeline">) =>
    `${incarnation}.${timeline}`;
  const ancestorsOf: Timelines["ancestorsOf"] = (position) => known.get(keyOf(position));
  return {
    learn: (incarnation, timeline, history) => {
      const key = keyOf({ incarnation, timeline });
      const ancestors = parseHistory(history);
      if (ancestors.size > (known.get(key)?.size ?? -1)) known.set(key, ancestors);
    },
    ancestorsOf,
    reaches: (position, needed) => {
      const [has, wants] = [parsePosition(position), parsePosition(needed)];
      return has !== undefined && wants !== undefined && includes(has, wants, ancestorsOf(has));
    },
  };
}
