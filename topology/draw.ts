import { linesOf } from "./diff.ts";
import { heightsOf } from "./draw/heights.ts";
import { mapStyle } from "./draw/look.ts";
import {
  escaped,
  paintCard,
  paintCentres,
  paintHosts,
  paintLabel,
  paintOutside,
  paintRoads,
  paintTag,
  tagWidth,
} from "./draw/paint.ts";
import { isNarrow, planOf, sizesFor } from "./draw/place.ts";
import { routesOf } from "./draw/route.ts";
import { counted, titleOf } from "./draw/words.ts";
import type { Component, Topology } from "./model.ts";

export interface Drawing {
  /** What it grew from: what is new since then is marked. */
  readonly before?: Topology;
  /** A sentence under the title. */
  readonly caption?: string;
  /** Pixels it may take, 1440 unless said; below 700 it is laid out for a phone, and only longer. */
  readonly width?: number;
  /** Without its style sheet: for a page that has `mapStyle` in its own. */
  readonly bare?: boolean;
}

/**
 * A topology as a picture (SVG): data centres as areas, hosts as boxes, what asks above what answers. Components carry
 * `data-component` and roads `data-from` and `data-to`, so that a page can show which of them are well.
 */
export function drawTopology(topology: Topology, drawing: Drawing = {}): string {
  const { before, caption = "", width = 1440, bare = false } = drawing;
  const plan = planOf(topology, sizesFor(width));
  const head = headOf(topology, { caption, width: plan.width, before });
  const routed = routesOf(topology, plan);
  const heights = heightsOf(plan, routed, head.height + outsideHeight);
  const height = heights.bottom + plan.sizes.margin;
  const isNewHost = (host: string) => before !== undefined && !before.hosts.some(({ name }) => name === host);
  const cards = [...plan.cards.values()];
  const name = escaped(`Stage ${topology.stage}, ${topology.name}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="storey-map${isNarrow(width) ? " narrow" : ""}" role="img" ` +
      `aria-label="${name}" ` +
      `width="${Math.ceil(plan.width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(plan.width)} ${Math.ceil(height)}">`,
    `<title>${name}</title>`,
    ...(bare ? [] : [`<style>${mapStyle}</style>`]),
    '<rect class="paper" width="100%" height="100%"/>',
    ...head.lines,
    ...paintCentres(plan, heights),
    ...paintHosts(plan, heights, isNewHost),
    ...routed.map((each) => paintRoads(topology, heights, each)),
    paintOutside(plan, head.height, outsideHeight),
    ...cards.map((card) => paintCard(plan, heights, card, before && tagOf(before, card.component))),
    ...routed.map((each) => paintLabel(topology, heights, each)),
    "</svg>",
    "",
  ]
    .filter((line, index, all) => line !== "" || index === all.length - 1)
    .join("\n");
}

const outsideHeight = 38;

/** What became of a component since: "new", "moved" to another host, "changed", or nothing. */
function tagOf(before: Topology, component: Component): string | undefined {
  const old = before.components.find(({ name }) => name === component.name);
  if (!old) return "new";
  if (old.host !== component.host) return "moved";
  const alone = (one: Component) => linesOf({ ...before, hosts: [], roads: [], components: [one] }).join();
  return alone(old) === alone(component) ? undefined : "changed";
}

interface Head {
  readonly caption: string;
  readonly width: number;
  readonly before: Topology | undefined;
}

/** Number, name, sentence, and a tower of fifteen storeys of which so many are built. */
function headOf(topology: Topology, { caption, width, before }: Head): { lines: string[]; height: number } {
  const margin = isNarrow(width) ? 16 : 32;
  const perLine = Math.floor((width - 2 * margin - 70) / 8.2);
  const sentences = wrapped(caption, perLine);
  const since = before ? [`new since stage ${before.stage}`] : [];
  const machines = counted(topology.hosts.length, "machine");
  const processes = counted(topology.components.length, "process", "processes");
  const counts = isNarrow(width) ? machines : `${machines}, ${processes}`;
  const top = 34;
  const text = (y: number, name: string, words: string) =>
    `<text x="${margin}" y="${y}" class="${name}">${escaped(words)}</text>`;
  const textEnd = top + 44 + sentences.length * 21;
  const legend = since.map((words) => paintTag(margin + tagWidth(words), textEnd + 18, words));
  return {
    lines: [
      text(top, "stage", `STAGE ${topology.stage} OF 15 · ${counts}`),
      text(top + 40, "title", titleOf(topology.name)),
      ...sentences.map((line, index) => text(top + 68 + index * 21, "caption", line)),
      ...legend,
      paintTower(topology.stage, width - margin - 40, 20),
    ],
    height: Math.max(120, textEnd + (since.length > 0 ? 40 : 16)) + 16,
  };
}

function paintTower(stage: number, x: number, y: number): string {
  const storeys = Array.from({ length: 15 }, (_, index) => {
    const built = 15 - index <= stage ? ' class="built"' : "";
    return `<rect${built} x="${x}" y="${y + index * 6}" width="40" height="4.5" rx="1"/>`;
  });
  return `<g class="tower">${storeys.join("")}</g>`;
}

function wrapped(words: string, perLine: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ").filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= perLine)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
