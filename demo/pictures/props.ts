import type { Brush } from "./brush.ts";
import { darker, lighter } from "./colour.ts";
import { circle, d, ellipse, group, path, range, rect, stroke } from "./shapes.ts";

export type Prop = "none" | "branch" | "pebbles" | "blocks" | "grass" | "frame" | "petals";
export const PROPS: readonly Prop[] = ["none", "branch", "pebbles", "blocks", "none", "grass", "frame"];
/** Beside things that lie or hang, nothing that stands. */
export const FLAT_PROPS: readonly Prop[] = ["none", "branch", "none", "petals"];

/** What stands about in the studio, behind the thing and at the edge, so that it never hides it. */
export function drawProp(brush: Brush, prop: Prop, colour: string, standing: boolean, left: boolean): string {
  const content = prop === "none" ? "" : SHAPES[prop](brush, colour, standing);
  return left || content === "" ? content : group(content, "translate(800 0) scale(-1 1)");
}

const SHAPES: Record<Exclude<Prop, "none">, (brush: Brush, colour: string, standing: boolean) => string> = {
  branch: (_, colour) => {
    const leaf = darker(colour, 0.22);
    const leaves = range(6)
      .map((i) => {
        const x = 6 + i * 34;
        const y = 30 + i * 46;
        return d`M${x} ${y}q52 -34 92 2q-46 34 -92 -2zM${x} ${y}q-14 58 26 92q24 -50 -26 -92z`;
      })
      .join("");
    return group(path(leaves, leaf) + stroke("M0 0Q90 130 200 300", leaf, 6), "translate(-14 -18)");
  },
  pebbles: (brush, colour, standing) => {
    const y = standing ? 668 : 700;
    return (
      ellipse(92, y + 22, 92, 16, "#1f1a2e", 'opacity=".16"') +
      ellipse(80, y, 76, 34, brush.ball(lighter(colour, 0.35))) +
      ellipse(86, y - 44, 48, 24, brush.ball(darker(colour, 0.1)))
    );
  },
  blocks: (brush, colour, standing) => {
    const y = standing ? 560 : 640;
    return (
      rect(0, y, 108, 110, 6, brush.side(lighter(colour, 0.3))) +
      circle(54, y - 44, 44, brush.ball(darker(colour, 0.06)))
    );
  },
  grass: (_, colour) => {
    const blades = range(7)
      .map(
        (i) =>
          d`M${30 + i * 8} 640Q${10 + i * 12} ${440 - (i % 3) * 50} ${-30 + i * 34} ${300 + (i % 4) * 44}`,
      )
      .join("");
    return (
      stroke(blades, darker(colour, 0.3), 6, 'opacity=".75"') +
      path("M20 640H96L88 690H28z", darker(colour, 0.1))
    );
  },
  petals: (_, colour) =>
    [
      [80, 90, 20],
      [150, 52, 80],
      [56, 178, -40],
      [720, 716, 30],
      [652, 750, 100],
      [748, 630, -20],
    ]
      .map(([x = 0, y = 0, angle = 0]) =>
        ellipse(x, y, 30, 15, lighter(colour, 0.15), `transform="rotate(${angle} ${x} ${y})"`),
      )
      .join(""),
  frame: (brush, colour) =>
    rect(36, 70, 168, 210, 4, darker(colour, 0.4)) +
    rect(46, 80, 148, 190, 0, "#fffaf0") +
    rect(72, 108, 96, 134, 0, brush.across(colour)) +
    circle(128, 152, 24, lighter(colour, 0.6)),
};
