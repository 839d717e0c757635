import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import {
  around,
  cast,
  circle,
  d,
  dots,
  ellipse,
  ground,
  mirrored,
  path,
  range,
  rect,
  stroke,
  ticks,
  turned,
} from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

function cover(b: Brush, s: Subject, data: string, size: number): string {
  const ink = s.random.chance(0.6) ? s.second : lighter(s.main, 0.45);
  const cloth = s.pattern === "plain" ? s.main : b.pattern(s.pattern, s.main, ink, size);
  return cast(data, 22) + path(data, cloth) + path(data, b.fold(0.34));
}

function tassels(s: Subject, places: readonly (readonly [number, number, number])[]): string {
  return places
    .map(([x, y, angle]) =>
      turned(
        path(d`M${x - 8} ${y}h16l12 60h-40z`, s.accent) + circle(x, y, 13, darker(s.accent, 0.15)),
        angle,
        x,
        y,
      ),
    )
    .join("");
}

export const CUSHIONS: Drawing = {
  stance: "flat",
  forms: {
    square: (b, s) => {
      const trim = s.random.chance(0.4)
        ? tassels(s, [
            [150, 150, 135],
            [650, 150, 225],
            [650, 650, 315],
            [150, 650, 45],
          ])
        : "";
      const shape = "M138 138Q400 176 662 138Q624 400 662 662Q400 624 138 662Q176 400 138 138z";
      return (
        trim +
        cover(b, s, shape, s.random.integer(50, 110)) +
        stroke(shape, darker(s.main, 0.18), 7) +
        stroke(
          "M170 170Q230 230 260 240M630 170Q570 230 550 236M170 630Q226 580 250 568M630 630Q578 574 560 566",
          "#1f1a2e",
          7,
          'opacity=".13"',
        )
      );
    },
    lumbar: (b, s) => {
      const shape = "M80 240Q400 268 720 240Q696 400 720 560Q400 532 80 560Q104 400 80 240z";
      const ends = s.random.chance(0.5)
        ? range(9)
            .map((i) =>
              stroke(d`M${84 + i * 0.4} ${262 + i * 34}h-40M${716} ${262 + i * 34}h40`, s.second, 8),
            )
            .join("")
        : "";
      return (
        ends +
        cover(b, s, shape, s.random.integer(40, 84)) +
        stroke(shape, s.accent, 8) +
        stroke(
          "M110 262Q160 310 190 320M690 262Q640 306 616 316M110 540Q160 496 184 488",
          "#1f1a2e",
          7,
          'opacity=".13"',
        )
      );
    },
    round: (b, s) => {
      const r = s.random.integer(240, 275);
      const spokes = around(12, 400, 400, r - 18)
        .map(({ x, y }) => d`M400 400Q${(x + 400) / 2 + 16} ${(y + 400) / 2 - 16} ${x} ${y}`)
        .join("");
      return (
        circle(416, 424, r, "#1f1a2e", 'opacity=".2"') +
        circle(400, 400, r, s.pattern === "plain" ? s.main : b.pattern(s.pattern, s.main, s.second, 64)) +
        circle(
          400,
          400,
          r,
          b.radial([
            [0, "#1f1a2e", 0.3],
            [16, "#fff", 0.22],
            [70, "#fff", 0],
            [100, "#1f1a2e", 0.34],
          ]),
        ) +
        stroke(spokes, darker(s.main, 0.35), 6, 'opacity=".55"') +
        circle(400, 400, 26, b.ball(s.accent))
      );
    },
    knot: (_b, s) => {
      const tube = (data: string) =>
        stroke(data, darker(s.main, 0.38), 150) +
        stroke(data, s.main, 138) +
        stroke(data, lighter(s.main, 0.24), 46, 'opacity=".55" transform="translate(-12 -16)"');
      return (
        ellipse(420, 430, 290, 280, "#1f1a2e", 'opacity=".18"') +
        tube("M250 520A190 190 0 0 1 400 220A190 190 0 0 1 560 500") +
        tube("M200 340A190 190 0 0 0 460 580A180 180 0 0 0 590 330") +
        tube("M270 290Q400 400 540 540") +
        tube("M330 560Q470 420 520 270")
      );
    },
  },
};

function face(b: Brush, s: Subject, cx: number, cy: number, r: number, dotted: boolean): string {
  const paper = s.random.chance(0.6) ? "#fbf6ea" : darker(s.second, 0.1);
  const ink = paper === "#fbf6ea" ? "#2e2b36" : "#fbf6ea";
  const places = around(12, cx, cy, r * 0.82);
  const marks = dotted
    ? dots(places, r * 0.035, ink) + dots(around(4, cx, cy, r * 0.82), r * 0.07, ink)
    : stroke(ticks(12, cx, cy, r * 0.8, r * 0.88) + ticks(4, cx, cy, r * 0.72, r * 0.88), ink, r * 0.04);
  const hour = s.random.integer(0, 11) * 30 + 20;
  return (
    circle(
      cx,
      cy,
      r,
      b.radial([
        [0, lighter(paper, 0.4)],
        [80, paper],
        [100, darker(paper, 0.16)],
      ]),
    ) +
    marks +
    turned(rect(cx - r * 0.035, cy - r * 0.48, r * 0.07, r * 0.56, 6, ink), hour, cx, cy) +
    turned(
      rect(cx - r * 0.025, cy - r * 0.7, r * 0.05, r * 0.8, 5, ink),
      s.random.integer(0, 11) * 30,
      cx,
      cy,
    ) +
    turned(rect(cx - 2, cy - r * 0.74, 4, r * 0.92, 2, s.accent), 200 + hour, cx, cy) +
    circle(cx, cy, r * 0.06, s.accent)
  );
}

export const CLOCKS: Drawing = {
  stance: "flat",
  standing: ["alarm", "mantel"],
  forms: {
    wall: (b, s) => {
      const style = s.random.integer(0, 2);
      const r = style === 0 ? 190 : 250;
      const rays =
        style === 0 ? stroke(ticks(24, 400, 400, 190, 268) + ticks(12, 400, 400, 190, 316), s.main, 14) : "";
      const square = style === 1;
      const frame = square
        ? rect(138, 138, 524, 524, 60, b.across(s.main))
        : circle(400, 400, r + 30, b.across(s.main));
      return (
        (square
          ? rect(154, 164, 524, 524, 60, "#1f1a2e", 'opacity=".2"')
          : circle(416, 424, r + 30, "#1f1a2e", 'opacity=".2"')) +
        rays +
        frame +
        face(b, s, 400, 400, square ? 220 : r, s.random.chance(0.5))
      );
    },
    alarm: (b, s) =>
      ground(b, 210, 660) +
      mirrored(
        path("M300 600L250 668H290L340 620z", darker(s.main, 0.4)) +
          path("M196 232A92 92 0 0 1 352 172z", b.metal(s.trim)) +
          stroke("M276 196L300 236", darker(s.trim, 0.4), 14),
      ) +
      stroke("M360 150Q400 90 440 150", darker(s.trim, 0.2), 16) +
      rect(390, 150, 20, 60, 6, s.trim) +
      circle(400, 420, 226, b.ball(s.main)) +
      face(b, s, 400, 420, 184, false),
    mantel: (b, s) => {
      const shape = s.random.chance(0.5)
        ? "M150 640V470Q230 440 250 360A152 152 0 0 1 550 360Q570 440 650 470V640z"
        : "M220 640V300L400 150L580 300V640z";
      return (
        ground(b, 270, 660) +
        path(shape, b.side(s.main)) +
        path(shape, b.pattern("stripes", s.main, darker(s.main, 0.1), 12), 'opacity=".35"') +
        rect(130, 626, 540, 34, 8, darker(s.main, 0.25)) +
        circle(400, 370, 136, b.metal(s.trim)) +
        face(b, s, 400, 370, 118, true) +
        rect(330, 544, 140, 50, 10, darker(s.main, 0.3))
      );
    },
    pendulum: (b, s) => {
      const swing = s.random.integer(-14, 14);
      const shape = "M270 90L400 40L530 90V690L400 750L270 690z";
      return (
        cast(shape, 18) +
        path(shape, b.side(s.main)) +
        rect(300, 386, 200, 290, 14, darker(s.main, 0.55)) +
        turned(rect(396, 380, 8, 220, 0, s.trim) + circle(400, 600, 46, b.ball(s.trim)), swing, 400, 380) +
        circle(400, 236, 126, b.metal(s.trim)) +
        face(b, s, 400, 236, 110, false)
      );
    },
  },
};
