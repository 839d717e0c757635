import { componentOf, outside, type Topology } from "../model.ts";
import type { Bundle } from "./bundles.ts";
import type { Heights } from "./heights.ts";
import { icons, peopleIcon, toneOf } from "./look.ts";
import { outsideWidth, type PlacedCard, type Plan } from "./place.ts";
import type { Port, Rail, Routed, Way } from "./route.ts";
import { detailsOf, kindWords, roleWords } from "./words.ts";

/** Text that may stand in an element or an attribute. */
export const escaped = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign,
  );

const round = (value: number) => String(Math.round(value * 10) / 10);

const rect = (x: number, y: number, w: number, h: number, radius: number, more = ""): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" rx="${radius}"${more}/>`;

const textAt = (x: number, y: number, name: string, words: string, anchor = "start"): string =>
  `<text x="${round(x)}" y="${round(y)}"${name ? ` class="${name}"` : ""}` +
  `${anchor === "start" ? "" : ` text-anchor="${anchor}"`}>${escaped(words)}</text>`;

/** Widths of letters differ from font to font; the widest of those the drawing asks for takes 0.62 of its size. */
const fitted = (words: string, px: number, fontSize: number): string => {
  const most = Math.floor(px / (fontSize * 0.6));
  return words.length <= most ? words : `${words.slice(0, most - 1)}…`;
};

/** As many of the details as there is room for. */
const fittedList = (details: readonly string[], px: number, fontSize: number): string => {
  const most = details.findLastIndex(
    (_, index) => details.slice(0, index + 1).join(", ").length * fontSize * 0.6 <= px,
  );
  return fitted(details.slice(0, Math.max(1, most + 1)).join(", "), px, fontSize);
};

/** The areas of the data centres, with a band for every row. */
export function paintCentres(plan: Plan, heights: Heights): string[] {
  return plan.centres.flatMap(({ name, rows: [first, last], x, w }) => {
    const top = heights.centreTop(first);
    const label = name === "here" ? "data centre" : `data centre ${name}`;
    return [
      rect(x, top, w, heights.centreBottom(last) - top, 14, ' class="centre"'),
      ...Array.from({ length: last - first + 1 }, (_, index) => {
        const row = heights.rows[first + index] ?? { top: 0, bottom: 0 };
        return rect(x + 8, row.top - 7, w - 16, row.bottom - row.top + 14, 10, ' class="floor"');
      }),
      textAt(x + 16, top + 24, "soft", label),
    ];
  });
}

/** The hosts, with their names. */
export function paintHosts(plan: Plan, heights: Heights, isNew: (host: string) => boolean): string[] {
  return plan.hosts.map(({ host, rows: [first, last], x, w }) => {
    const [top, bottom] = [heights.rows[first]?.top ?? 0, heights.rows[last]?.bottom ?? 0];
    const fresh = isNew(host.name);
    return [
      `<g class="host${fresh ? " new" : ""}" data-host="${escaped(host.name)}">`,
      rect(x, top, w, bottom - top, 10),
      textAt(x + plan.sizes.inside + 1, top + plan.sizes.hostLabel - 9, "", host.name),
      "</g>",
    ].join("");
  });
}

/** A component: its picture, its name, what it is; `tag` says what is new about it. */
export function paintCard(plan: Plan, heights: Heights, card: PlacedCard, tag: string | undefined): string {
  const { w, h } = plan.sizes.card;
  const { component, host, inset } = card;
  const [x, y] = [host.x + inset, heights.cardTop(card.row)];
  const { kind, name } = component;
  const text = plan.sizes.narrow ? 34 : 42;
  const room = w - text - 6;
  return [
    `<g class="card tone-${toneOf[kind]}" data-component="${escaped(name)}" data-kind="${kind}" data-host="${escaped(component.host)}">`,
    `<title>${escaped(`${name}: ${kindWords[kind]}, ${detailsOf(component).join(", ")}, on ${component.host}`)}</title>`,
    rect(x, y, w, h, 8),
    `<path class="icon" transform="translate(${round(x + text - 29)} ${round(y + h / 2 - 10)})" d="${icons[kind]}"/>`,
    textAt(x + text, y + h / 2 - 3, "name", fitted(name, room, 15)),
    textAt(x + text, y + h / 2 + 15, "detail", fittedList(detailsOf(component), room, 12)),
    tag ? paintTag(x + w - 6, y - 9, tag) : "",
    "</g>",
  ].join("");
}

export const tagWidth = (words: string): number => words.length * 7.6 + 11;

/** A small flag that ends at `right`. */
export function paintTag(right: number, top: number, words: string): string {
  const w = tagWidth(words);
  const box = rect(right - w, top, w, 18, 9);
  return `<g class="tag">${box}${textAt(right - w / 2, top + 13, "", words, "middle")}</g>`;
}

/** Everybody outside. */
export function paintOutside(plan: Plan, top: number, height: number): string {
  const w = outsideWidth;
  const x = plan.outside - w / 2;
  return [
    `<g class="people" data-component="${outside}">`,
    rect(x, top, w, height, height / 2),
    `<path transform="translate(${round(x + 16)} ${round(top + height / 2 - 10)})" d="${peopleIcon}"/>`,
    textAt(x + 46, top + height / 2 + 5, "", "buyers, merchants"),
    "</g>",
  ].join("");
}

/** A bundle of roads in the tone of what it leads to, over what was drawn before. */
export function paintRoads(topology: Topology, heights: Heights, routed: Routed): string {
  const { bundle, ways, rails } = routed;
  const drawn = ways.map((way) => ({ way, d: pathOf(way, rails, heights) }));
  const joins = bundle.role === "agrees" ? ' class="joins"' : "";
  const heads = new Map(ways.map(({ end }) => [end.name, end]));
  return [
    `<g class="road ${classesOf(topology, bundle)}" data-role="${bundle.role}">`,
    ...drawn.map(({ d }) => `<path class="casing" d="${d}"/>`),
    ...drawn.map(
      ({ way: { road }, d }) =>
        `<path${joins} data-from="${escaped(road.from)}" data-to="${escaped(road.to)}" d="${d}"/>`,
    ),
    ...(bundle.role === "agrees" ? [] : [...heads.values()].map((end) => headAt(end, heights))),
    "</g>",
  ].join("");
}

/** What goes along a bundle, on the longest free part of its lines. Lies above all lines. */
export function paintLabel(topology: Topology, heights: Heights, { bundle, rails, ways }: Routed): string {
  const words = roleWords[bundle.role];
  if (words === "") return "";
  const parts = rails.flatMap((rail) =>
    rail.joins.slice(1).map((to, index) => ({ rail, from: rail.joins[index] ?? to, to })),
  );
  const [longest] = parts.sort((one, other) => other.to - other.from - (one.to - one.from));
  const name = `label ${classesOf(topology, bundle)}`;
  if (longest && longest.to - longest.from > words.length * 7) {
    const y = heights.railAt(longest.rail);
    return textAt((longest.from + longest.to) / 2, y + 4, name, words, "middle");
  }
  const end = ways[0]?.end;
  const rail = rails.find(({ gap }) => gap === end?.gap);
  return end && rail ? textAt(end.x + 8, heights.railAt(rail) + 4, name, words) : "";
}

/** The tone of what it leads to; and whether it stays within a host, whose colour then lies under it. */
function classesOf(topology: Topology, { from, to }: Bundle): string {
  const [target] = to.map((name) => componentOf(topology, name));
  const hosts = [...from, ...to].map((name) =>
    name === outside ? outside : componentOf(topology, name).host,
  );
  const within = new Set(hosts).size === 1 ? " within" : "";
  return `tone-${target ? toneOf[target.kind] : "proxy"}${within}`;
}

const edgeAt = ({ name, edge, gap }: Port, heights: Heights) =>
  name === outside
    ? heights.outsideBottom
    : edge === "upper"
      ? heights.cardTop(gap)
      : heights.cardTop(gap - 1) + heights.cardHeight;

function headAt(end: Port, heights: Heights): string {
  const y = edgeAt(end, heights);
  const back = end.edge === "upper" ? -8 : 8;
  return `<path class="head" d="M${round(end.x)} ${round(y)}l-5 ${back}h10z"/>`;
}

const corner = 9;

/** Down, across, down again, with round corners. */
function pathOf({ start, end, trunk }: Way, rails: readonly Rail[], heights: Heights): string {
  const railIn = (gap: number) => {
    const rail = rails.find((each) => each.gap === gap);
    return rail ? heights.railAt(rail) : 0;
  };
  const over = trunk ?? end.x;
  const points: [number, number][] = [
    [start.x, edgeAt(start, heights)],
    [start.x, railIn(start.gap)],
    [over, railIn(start.gap)],
    [over, railIn(end.gap)],
    [end.x, railIn(end.gap)],
    [end.x, edgeAt(end, heights)],
  ];
  return rounded(withoutIdle(points));
}

/** Without points that the line passes anyway. */
function withoutIdle(points: readonly [number, number][]): [number, number][] {
  const kept: [number, number][] = [];
  for (const point of points) {
    const [before, last] = [kept.at(-2), kept.at(-1)];
    if (last && Math.abs(last[0] - point[0]) < 0.5 && Math.abs(last[1] - point[1]) < 0.5) continue;
    const isStraight = (axis: 0 | 1) =>
      before && last && Math.abs(before[axis] - last[axis]) < 0.5 && Math.abs(last[axis] - point[axis]) < 0.5;
    if (isStraight(0) || isStraight(1)) kept.pop();
    kept.push(point);
  }
  return kept;
}

function rounded(points: readonly [number, number][]): string {
  const said = ([x, y]: readonly [number, number]) => `${round(x)} ${round(y)}`;
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (!before) return `M${said(point)}`;
      if (!after) return `L${said(point)}`;
      return `L${said(towards(point, before))}Q${said(point)} ${said(towards(point, after))}`;
    })
    .join("");
}

/** A corner's length from `from` towards `to`, or half of the way where that is less. */
function towards(from: readonly [number, number], to: readonly [number, number]): [number, number] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const part = length === 0 ? 0 : Math.min(corner, length / 2) / length;
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
}
