import { drawTopology } from "#topology/draw";
import type { Topology } from "#topology/model";
import type { Health } from "../api.ts";
import { type Condition, conditionsOf } from "../browser/conditions.ts";

/** Widths that the map is laid out for: beside the panels of a wide screen, and a phone. */
export const mapWidths = { wide: 940, narrow: 358 } as const;

/** Draws a topology once for each width, ready to be shown as it is at any moment. */
export function drawMaps(topology: Topology): Readonly<Record<keyof typeof mapWidths, string>> {
  const draw = (width: number) => alive(drawTopology(topology, { bare: true, width }));
  return { wide: draw(mapWidths.wide), narrow: draw(mapWidths.narrow) };
}

/**
 * Adds what moves: on every card a lamp, over every road a second line on which its load flows. The drawing says by
 * `data-component`, `data-from` and `data-to` what is what.
 */
function alive(svg: string): string {
  const cards = /(<g class="card [^>]*>.*?<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"[^>]*\/>)/g;
  const roads = /<path(?: class="joins")? data-from="[^"]*" data-to="([^"]*)" d="([^"]*)"\/>/g;
  return svg
    .replaceAll(cards, (_, card: string, x: string, y: string, width: string) => {
      const [cx, cy] = [Number(x) + Number(width) - 3, Number(y) + 3];
      return `${card}<circle class="lamp" cx="${cx}" cy="${cy}" r="6"/>`;
    })
    .replaceAll(
      roads,
      (road: string, to: string, d: string) => `${road}<path class="flow" data-flow="${to}" d="${d}"/>`,
    );
}

/** A drawn map as everything is now: for a page without scripts, and before they run. */
export function mapAt(svg: string, health: Health): string {
  const conditions = conditionsOf(health);
  const of = (name: string): Condition => conditions.get(name) ?? unseen;
  const isNarrow = /<svg [^>]*class="[^"]*\bnarrow\b/.test(svg);
  return svg
    .replaceAll(
      /(<g class="card [^>]*data-component="([^"]*)"[^>]*)>(.*?<text[^>]* class="detail">)[^<]*/g,
      (_, card, name, rest) => {
        const { health, detail, brief } = of(name);
        return `${card} data-health="${health}">${rest}${escaped(isNarrow ? brief : detail)}`;
      },
    )
    .replaceAll(
      /<path class="flow" data-flow="([^"]*)"/g,
      (flow, name) => `${flow} data-load="${of(name).load}"`,
    );
}

const unseen: Condition = { health: "unknown", detail: "", brief: "", load: 0 };

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
