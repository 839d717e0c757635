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
  path,
  range,
  rect,
  shine,
  stroke,
  ticks,
  turned,
} from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

/** One row of keys as path data: widths in key units. */
function row(x: number, y: number, unit: number, widths: readonly number[]): string {
  let at = x;
  return widths
    .map((width) => {
      const left = at;
      at += width * unit;
      return d`M${left + 5} ${y}h${width * unit - 10}v${unit - 11}h${10 - width * unit}z`;
    })
    .join("");
}

const ONES = (count: number) => range(count).map(() => 1);

function board(
  b: Brush,
  s: Subject,
  x: number,
  y: number,
  unit: number,
  rows: readonly (readonly number[])[],
  accents: string,
): string {
  const width = Math.max(...rows.map((widths) => widths.reduce((sum, w) => sum + w, 0))) * unit;
  const height = rows.length * unit;
  const frame = d`M${x - 22} ${y - 22}h${width + 44}v${height + 40}h${-width - 44}z`;
  const keys = rows.map((widths, i) => row(x, y + i * unit, unit, widths)).join("");
  const caps = lighter(s.main, 0.16);
  const line = (colour: string, wide: number) =>
    `stroke="${colour}" stroke-width="${wide}" stroke-linejoin="round"`;
  return (
    cast(frame, 22) +
    path(frame, b.across(darker(s.second, 0.25)), line(darker(s.second, 0.25), 18)) +
    path(keys, caps, line(darker(s.main, 0.3), 5)) +
    path(accents, s.accent, line(darker(s.accent, 0.3), 5))
  );
}

const FULL = [
  ONES(14),
  [1.5, ...ONES(11), 1.5],
  [1.8, ...ONES(10), 2.2],
  [2.3, ...ONES(9), 2.7],
  [1.3, 1.3, 1.3, 6.2, 1.3, 1.3, 1.3],
];

export const KEYBOARDS: Drawing = {
  stance: "flat",
  forms: {
    full: (b, s) =>
      turned(
        board(b, s, 71, 270, 47, FULL, row(71, 270, 47, [1]) + row(71 + 47 * 11.8, 364, 47, [2.2])),
        -s.random.integer(4, 16),
      ) + stroke("M400 240C390 150 470 140 450 0", darker(s.second, 0.3), 12),
    compact: (b, s) => {
      const rows = [ONES(10), [1.5, ...ONES(8), 0.5], [1.8, ...ONES(7), 1.2], [1.4, 1.2, 4.8, 1.2, 1.4]];
      return (
        turned(
          board(b, s, 110, 290, 58, rows, row(110, 290, 58, [1]) + row(110 + 58 * 8.8, 406, 58, [1.2])),
          s.random.integer(-14, -4),
        ) + circle(640, 180, 44, b.metal(s.trim))
      );
    },
    split: (b, s) => {
      const rows = [ONES(5), ONES(5), ONES(5), [1, 1, 3]];
      return (
        turned(board(b, s, 90, 290, 54, rows, row(90, 290, 54, [1])), 9, 220, 400) +
        turned(board(b, s, 440, 290, 54, rows, row(440 + 216, 290, 54, [1])), -9, 580, 400) +
        stroke("M330 300Q400 180 470 300", s.accent, 10)
      );
    },
    slim: (b, s) => {
      const deck = turned(board(b, s, 92, 330, 44, FULL.slice(1), row(92, 330, 44, [1.5])), -6);
      return deck + rect(610, 130, 90, 140, 44, b.side(s.main)) + stroke("M655 150v34", s.accent, 8);
    },
    numpad: (b, s) =>
      turned(
        board(
          b,
          s,
          238,
          190,
          82,
          [ONES(4), ONES(4), ONES(4), ONES(4), [2, 1, 1]],
          row(484, 190, 82, [1]) + row(484, 518, 82, [1]),
        ),
        s.random.integer(-8, 10),
      ),
  },
};

function lens(b: Brush, s: Subject, cx: number, cy: number, r: number): string {
  return (
    circle(cx, cy, r, b.metal("#5b5e66")) +
    circle(cx, cy, r * 0.86, "#1d1e24") +
    circle(
      cx,
      cy,
      r * 0.7,
      b.radial(
        [
          [0, "#8fb6e8"],
          [35, "#3d4f8a"],
          [70, "#1b1c33"],
          [100, "#0d0e16"],
        ],
        0.4,
        0.36,
        0.7,
      ),
    ) +
    circle(cx, cy, r * 0.94, "none", `stroke="${s.accent}" stroke-width="5"`) +
    ellipse(cx - r * 0.26, cy - r * 0.3, r * 0.18, r * 0.12, "#fff", 'opacity=".75"')
  );
}

export const CAMERAS: Drawing = {
  stance: "standing",
  forms: {
    mirrorless: (b, s) =>
      ground(b, 290) +
      path("M300 270L340 200H460L500 270z", darker(s.main, 0.2)) +
      rect(120, 258, 560, 382, 44, b.down(s.main)) +
      rect(120, 330, 560, 240, 0, darker("#3a3a40", 0.2)) +
      rect(560, 228, 80, 36, 8, b.metal(s.trim)) +
      rect(170, 236, 100, 26, 8, b.metal(s.trim)) +
      rect(350, 216, 100, 40, 8, "#22232a") +
      lens(b, s, 400, 446, 158) +
      circle(620, 300, 14, s.accent),
    rangefinder: (b, s) =>
      ground(b, 300) +
      rect(100, 280, 600, 360, 40, b.metal(lighter(s.trim, 0.3))) +
      rect(100, 372, 600, 196, 0, b.pattern("speckle", s.main, darker(s.main, 0.3), 14)) +
      rect(100, 372, 600, 196, 0, b.shade(0.3)) +
      rect(450, 302, 90, 48, 8, "#20222c") +
      rect(600, 302, 50, 40, 8, "#20222c") +
      circle(220, 326, 20, "#20222c") +
      circle(190, 262, 34, b.metal(s.trim)) +
      rect(540, 246, 90, 36, 8, b.metal(s.trim)) +
      rect(300, 258, 80, 24, 6, darker(s.trim, 0.3)) +
      lens(b, s, 390, 476, 130),
    instant: (b, s) =>
      ground(b, 230) +
      rect(330, 560, 140, 0, 0, s.main) +
      path(
        "M200 260Q200 200 260 200H540Q600 200 600 260L630 600Q630 640 590 640H210Q170 640 170 600z",
        b.down(s.main),
      ) +
      path("M176 560H624L630 600Q630 640 590 640H210Q170 640 170 600z", darker(s.main, 0.2)) +
      rect(230, 590, 340, 16, 8, "#26262c") +
      rect(250, 606, 300, 150, 4, "#fffdf8") +
      rect(270, 606, 260, 112, 0, b.across(s.second)) +
      lens(b, s, 400, 410, 118) +
      rect(240, 226, 120, 60, 14, "#e9f1f4") +
      rect(450, 226, 74, 60, 14, "#20222c") +
      circle(230, 360, 22, s.accent) +
      rect(170, 520, 460, 14, 0, s.accent, 'opacity=".8"'),
    action: (b, s) =>
      ground(b, 220) +
      rect(190, 270, 420, 330, 50, b.side(s.main)) +
      rect(330, 600, 140, 40, 8, darker(s.main, 0.5)) +
      rect(214, 294, 372, 282, 34, darker(s.main, 0.25)) +
      lens(b, s, 486, 400, 100) +
      rect(240, 330, 120, 100, 14, "#191b22") +
      stroke("M256 400l30-34 24 22 30-36", s.accent, 7) +
      circle(270, 510, 12, s.accent) +
      rect(230, 250, 110, 24, 10, s.accent) +
      stroke("M250 470h90M250 540h60", lighter(s.main, 0.4), 8),
    compact: (b, s) =>
      ground(b, 260) +
      rect(140, 300, 520, 340, 60, b.down(s.main)) +
      shine("M170 340Q190 316 240 316H560Q500 336 170 372z", 0.35) +
      lens(b, s, 430, 480, 128) +
      rect(190, 346, 110, 52, 18, "#f6f6ee") +
      rect(520, 274, 90, 30, 12, b.metal(s.trim)) +
      circle(470, 330, 12, "#20222c") +
      stroke("M140 420Q70 470 90 600T60 740", darker(s.second, 0.3), 14),
  },
};

function dial(b: Brush, s: Subject, r: number, face: string, ink: string, marks: number): string {
  const lines = stroke(
    ticks(marks, 400, 400, r * 0.8, r * 0.89) + ticks(4, 400, 400, r * 0.72, r * 0.89),
    ink,
    8,
  );
  return circle(400, 400, r * 1.16, b.metal(s.trim)) + circle(400, 400, r, b.ball(face)) + lines;
}

function hands(ink: string, accent: string, r: number, random: Subject["random"]): string {
  const hour = random.integer(0, 11) * 30 + 10;
  return (
    turned(rect(392, 400 - r * 0.5, 16, r * 0.5, 7, ink), hour) +
    turned(rect(394, 400 - r * 0.72, 12, r * 0.72, 5, ink), random.integer(2, 10) * 30 + 60) +
    turned(rect(398, 400 - r * 0.76, 4, r * 0.92, 2, accent), random.integer(0, 11) * 30) +
    circle(400, 400, r * 0.06, accent)
  );
}

function strap(b: Brush, colour: string, top: number, end: number, holes: boolean): string {
  const half = (y: number, to: number) =>
    d`M${400 - top} ${y}L${400 - end} ${to}H${400 + end}L${400 + top} ${y}z`;
  const up = half(310, 20);
  const low = half(490, 780);
  const dots = holes
    ? range(4)
        .map((i) => circle(400, 640 + i * 34, 7, darker(colour, 0.6)))
        .join("")
    : "";
  const seams = stroke(
    d`M${392 - end + 22} 50L${408 - top + 4} 300M${408 + end - 22} 50L${392 + top - 4} 300M${392 - end + 22} 750L${408 - top + 4} 500M${408 + end - 22} 750L${392 + top - 4} 500`,
    lighter(colour, 0.3),
    4,
    'stroke-dasharray="10 12" opacity=".7"',
  );
  return cast(up + low, 16) + path(up + low, b.side(colour)) + seams + dots;
}

function links(b: Brush, s: Subject): string {
  const bars = range(7)
    .flatMap((i) => [30 + i * 36, 520 + i * 36])
    .map((y) => rect(318, y, 164, 30, 8, b.metal(s.trim)))
    .join("");
  return cast("M318 20H482V780H318z", 16) + bars;
}

export const WATCHES: Drawing = {
  stance: "flat",
  forms: {
    smart: (b, s) =>
      turned(
        strap(b, s.main, 96, 84, true) +
          rect(248, 226, 304, 348, 84, b.metal("#555962")) +
          rect(266, 244, 268, 312, 70, "#101218") +
          circle(400, 400, 96, "none", `stroke="${darker(s.accent, 0.4)}" stroke-width="18"`) +
          stroke("M400 304a96 96 0 1 1 -83 144", s.accent, 18) +
          circle(
            400,
            400,
            66,
            "none",
            `stroke="${lighter(s.second, 0.3)}" stroke-width="16" stroke-dasharray="300 200"`,
          ) +
          rect(362, 386, 30, 28, 6, "#fff") +
          rect(406, 386, 30, 28, 6, "#fff") +
          rect(552, 370, 18, 60, 8, b.metal(s.trim)),
        s.random.integer(-14, 14),
      ),
    field: (b, s) =>
      turned(
        strap(b, s.main, 84, 70, true) +
          rect(560, 382, 40, 36, 8, b.metal(s.trim)) +
          dial(b, s, 150, darker(s.second, 0.5), "#f6f0dc", 12) +
          hands("#f6f0dc", s.accent, 150, s.random),
        s.random.integer(-16, 8),
      ),
    chrono: (b, s) =>
      turned(
        strap(b, s.main, 92, 78, false) +
          rect(548, 320, 44, 28, 8, b.metal(s.trim)) +
          rect(564, 384, 40, 32, 8, b.metal(s.trim)) +
          rect(548, 452, 44, 28, 8, b.metal(s.trim)) +
          dial(b, s, 160, lighter(s.second, 0.8), "#2c2c31", 12) +
          [
            [342, 400],
            [458, 400],
            [400, 462],
          ]
            .map(
              ([x = 0, y = 0]) =>
                circle(x, y, 38, darker(s.main, 0.15)) + stroke(d`M${x} ${y}l16 -20`, "#fff", 5),
            )
            .join("") +
          hands("#2c2c31", s.accent, 160, s.random),
        s.random.integer(-8, 16),
      ),
    dress: (b, s) =>
      turned(
        strap(b, s.main, 66, 54, true) +
          rect(536, 388, 26, 24, 8, b.metal(s.trim)) +
          dial(b, s, 128, "#fbf6ea", s.trim, 4) +
          hands(darker(s.trim, 0.5), s.trim, 128, s.random),
        s.random.integer(-20, 20),
      ),
    diver: (b, s) =>
      turned(
        links(b, s) +
          rect(566, 380, 40, 40, 8, b.metal(s.trim)) +
          circle(400, 400, 196, b.metal(s.trim)) +
          circle(400, 400, 184, darker(s.main, 0.1)) +
          dots(around(12, 400, 400, 166), 6, "#fff") +
          circle(400, 400, 142, b.ball(darker(s.main, 0.45))) +
          dots(around(12, 400, 400, 112), 11, "#eaf6dd") +
          hands("#f5f7f0", s.accent, 140, s.random),
        s.random.integer(-12, 12),
      ),
  },
};
