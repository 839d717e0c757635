import { darker } from "../colour.ts";
import { circle, d, ellipse, path, rect, stroke, turned } from "../shapes.ts";
import type { Subject } from "../subject.ts";

export type Sign = "ring" | "leaf" | "cross" | "bean";

/** A paper label: bars for words and a small sign. */
export function label(
  s: Subject,
  x: number,
  y: number,
  w: number,
  h: number,
  paper = "#fbf6ea",
  sign?: Sign,
): string {
  const ink = darker(s.main, 0.5);
  const cx = x + w / 2;
  const marks: Record<Sign, string> = {
    ring: circle(cx, y + h * 0.3, h * 0.13, "none", `stroke="${ink}" stroke-width="5"`),
    leaf: path(
      d`M${cx - h * 0.16} ${y + h * 0.34}Q${cx} ${y} ${cx + h * 0.16} ${y + h * 0.34}Q${cx} ${y + h * 0.5} ${cx - h * 0.16} ${y + h * 0.34}z`,
      s.accent,
    ),
    cross: stroke(d`M${cx - h * 0.14} ${y + h * 0.3}h${h * 0.28}M${cx} ${y + h * 0.16}v${h * 0.28}`, ink, 6),
    bean: turned(
      ellipse(cx, y + h * 0.3, h * 0.2, h * 0.14, "#6a4029") +
        stroke(d`M${cx - h * 0.18} ${y + h * 0.3}q${h * 0.18} ${-h * 0.08} ${h * 0.36} 0`, paper, 5),
      -35,
      cx,
      y + h * 0.3,
    ),
  };
  const mark = marks[sign ?? s.random.pick(["ring", "leaf", "cross"])];
  return (
    rect(x, y, w, h, 6, paper) +
    mark +
    rect(x + w * 0.18, y + h * 0.56, w * 0.64, h * 0.1, 4, ink) +
    rect(x + w * 0.3, y + h * 0.76, w * 0.4, h * 0.06, 3, ink, 'opacity=".6"')
  );
}
