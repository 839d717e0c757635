import type { Plan } from "./place.ts";
import type { Rail, Routed } from "./route.ts";

/** Where rows, cards and rails lie from top to bottom. */
export interface Heights {
  readonly rows: readonly { readonly top: number; readonly bottom: number }[];
  readonly cardHeight: number;
  readonly outsideBottom: number;
  readonly bottom: number;
  cardTop(row: number): number;
  railAt(rail: Rail): number;
  centreTop(firstRow: number): number;
  centreBottom(lastRow: number): number;
}

const track = 19;
/** Above and below the rails of a gap. */
const clear = 19;
const centreHeading = 44;
const centreFoot = 18;

/** A gap is as high as its rails need; the first one begins below those outside. */
export function heightsOf(plan: Plan, routed: readonly Routed[], outsideBottom: number): Heights {
  const { card, hostLabel, inside } = plan.sizes;
  const tracks = Array.from({ length: plan.rows + 1 }, (_, gap) => tracksIn(gap, routed));
  const begins = new Set(plan.centres.map(({ rows }) => rows[0]));
  const ends = new Set(plan.centres.map(({ rows }) => rows[1] + 1));
  const railTops: number[] = [];
  const rows: { top: number; bottom: number }[] = [];
  let y = outsideBottom;
  for (let gap = 0; gap <= plan.rows; gap++) {
    const last = gap === plan.rows;
    // The last gap may have nothing in it; another one is seen even then.
    const count = tracks[gap] ?? 0;
    railTops.push(y + clear);
    y += count > 0 ? 2 * clear + (count - 1) * track : last ? 0 : 2 * clear;
    if (ends.has(gap)) y += centreFoot;
    if (last) break;
    if (begins.has(gap)) y += centreHeading + (gap > 0 ? centreFoot : 0);
    const bottom = y + hostLabel + card.h + inside;
    rows.push({ top: y, bottom });
    y = bottom;
  }
  return {
    rows,
    cardHeight: card.h,
    outsideBottom,
    bottom: y,
    cardTop: (row) => (rows[row]?.top ?? 0) + hostLabel,
    railAt: (rail) => (railTops[rail.gap] ?? 0) + rail.track * track,
    centreTop: (row) => (rows[row]?.top ?? 0) - centreHeading,
    centreBottom: (row) =>
      row + 1 < rows.length ? (rows[row]?.bottom ?? 0) + gapOf(tracks[row + 1] ?? 0) + centreFoot : y,
  };
}

const gapOf = (count: number) => (count > 0 ? 2 * clear + (count - 1) * track : 2 * clear);

const tracksIn = (gap: number, routed: readonly Routed[]) =>
  Math.max(
    0,
    ...routed.flatMap(({ rails }) => rails.filter((rail) => rail.gap === gap).map((rail) => rail.track + 1)),
  );
