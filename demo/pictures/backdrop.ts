import type { Random } from "../random.ts";
import type { Brush } from "./brush.ts";
import { colourDistance, darker, lighter, mixed } from "./colour.ts";
import { around, circle, d, ellipse, path, range, rect, stroke, turned } from "./shapes.ts";

/** Wall colours of the studio in three tones a hue. Thirteen hues, coprime to the ten compositions. */
export const WALLS = [
  { pale: "#f2d2c3", strong: "#c4826f" },
  { pale: "#cfe0ca", strong: "#6f9478" },
  { pale: "#ddd4ef", strong: "#8575ad" },
  { pale: "#f8e7ac", strong: "#d9b04a" },
  { pale: "#c3dcf0", strong: "#5d8db3" },
  { pale: "#e6e3dd", strong: "#837f7a" },
  { pale: "#bde5d8", strong: "#4f9a8b" },
  { pale: "#f4cbd4", strong: "#b4617a" },
  { pale: "#ecc8a8", strong: "#a65f3e" },
  { pale: "#bac8e5", strong: "#3d4f78" },
  { pale: "#efe2c4", strong: "#b3925f" },
  { pale: "#e5cae3", strong: "#7c5079" },
  { pale: "#d9dfaa", strong: "#8b9150" },
] as const;

export const COMPOSITIONS = [
  "studio",
  "table",
  "arch",
  "disc",
  "podium",
  "window",
  "split",
  "panels",
  "hills",
  "tiles",
] as const;
export type Composition = (typeof COMPOSITIONS)[number];

export type Tone = "pale" | "strong" | "deep";

export interface Stage {
  readonly composition: Composition;
  /** Index into `WALLS`. */
  readonly wall: number;
  readonly tone: Tone;
  readonly standing: boolean;
}

/**
 * A tone in which a thing of the colour is clearly seen. `turn` picks among the tones that serve, pale and
 * strong ones first: whoever asks with the next turn gets another tone.
 */
export function toneFor(wall: number, main: string, turn: number): Tone {
  const seen = (tone: Tone, gap: number) => colourDistance(wallColour({ wall, tone }), main) > gap;
  const serving: Tone[] = [];
  if (seen("pale", 175)) serving.push("pale");
  if (seen("strong", 215)) serving.push("strong");
  if (serving.length < 2 && seen("deep", 215)) serving.push("deep");
  return serving[turn % Math.max(1, serving.length)] ?? "deep";
}

/** The colour behind the thing. */
export function wallColour({ wall, tone }: Pick<Stage, "wall" | "tone">): string {
  const { pale, strong } = WALLS[wall % WALLS.length] ?? WALLS[0];
  return { pale, strong, deep: darker(strong, 0.45) }[tone];
}

/** The scene without the thing, and what stands in front of nothing: drawn first. */
export function drawBackdrop(brush: Brush, stage: Stage, random: Random): string {
  const wall = wallColour(stage);
  const other =
    stage.tone === "pale"
      ? mixed(wall, wallColour({ wall: stage.wall, tone: "strong" }), 0.4)
      : lighter(wall, 0.3);
  const room: Room = { wall, other, standing: stage.standing, left: random.chance(0.5), random };
  const base = rect(
    0,
    0,
    800,
    800,
    0,
    brush.linear(
      [
        [0, lighter(wall, 0.35)],
        [100, darker(wall, 0.08)],
      ],
      0.4,
      1,
    ),
  );
  return base + PLACES[stage.composition](brush, room);
}

interface Room {
  readonly wall: string;
  readonly other: string;
  readonly standing: boolean;
  /** The side the light or the decoration is on. */
  readonly left: boolean;
  readonly random: Random;
}

function floorOf(brush: Brush, colour: string, y = 560): string {
  return rect(
    0,
    y,
    800,
    800 - y,
    0,
    brush.linear(
      [
        [0, darker(colour, 0.05)],
        [40, lighter(colour, 0.12)],
        [100, darker(colour, 0.1)],
      ],
      0,
      1,
    ),
  );
}

const PLACES: Record<Composition, (brush: Brush, room: Room) => string> = {
  studio: (brush, { wall, standing }) => {
    const light = brush.radial([
      [0, "#fffaf0", 0.85],
      [100, "#fffaf0", 0],
    ]);
    const glow = ellipse(400, 360, 420, 380, light);
    return standing
      ? glow +
          rect(
            0,
            560,
            800,
            240,
            0,
            brush.linear(
              [
                [0, wall, 0],
                [100, darker(wall, 0.22)],
              ],
              0,
              1,
            ),
          )
      : glow;
  },
  table: (brush, { other, standing, random, left }) => {
    const wood = random.pick(["#c99d68", "#a9774b", "#e0c39a", "#f1ece4", "#6d4c3a"]);
    if (standing) {
      const edge = rect(0, 715, 800, 85, 0, darker(wood, 0.25));
      return (
        floorOf(brush, wood, 545) +
        edge +
        stroke("M60 610h230M420 586h300M150 676h420", darker(wood, 0.14), 3, 'opacity=".6"')
      );
    }
    const planks = range(4)
      .map((i) => rect(0, 200 * i, 800, 4, 0, darker(wood, 0.28)))
      .join("");
    const cloth = path(
      left ? "M0 0L330 0Q250 400 300 800L0 800z" : "M800 0L470 0Q550 400 500 800L800 800z",
      other,
      'opacity=".55"',
    );
    return rect(0, 0, 800, 800, 0, brush.across(wood)) + planks + cloth;
  },
  arch: (brush, { wall, other, standing, left }) => {
    const bottom = standing ? 600 : 740;
    const shape = `M150 ${bottom}V330A250 250 0 0 1 650 330V${bottom}z`;
    const inside = path(
      shape,
      brush.linear(
        [
          [0, darker(other, 0.18)],
          [100, lighter(other, 0.12)],
        ],
        left ? 1 : 0,
        1,
      ),
    );
    return inside + (standing ? floorOf(brush, lighter(wall, 0.15), 600) : "");
  },
  disc: (brush, { wall, other, standing, left, random }) => {
    const cx = 400 + (left ? -1 : 1) * random.integer(20, 90);
    const sun = circle(
      cx,
      360,
      random.integer(250, 310),
      brush.linear(
        [
          [0, lighter(other, 0.25)],
          [100, other],
        ],
        0.3,
        1,
      ),
    );
    return sun + (standing ? floorOf(brush, darker(wall, 0.07), 600) : "");
  },
  podium: (brush, { wall, other, standing }) => {
    if (standing) {
      const top = ellipse(
        400,
        642,
        330,
        62,
        brush.linear([
          [0, lighter(other, 0.5)],
          [100, lighter(other, 0.2)],
        ]),
      );
      return path("M70 642V800H730V642z", brush.side(other)) + top;
    }
    const frames =
      rect(50, 50, 700, 700, 28, lighter(wall, 0.5)) + rect(78, 78, 644, 644, 18, brush.across(other));
    return frames;
  },
  window: (brush, { wall, standing, left }) => {
    const pane = (x: number, y: number) => d`M${x} ${y}l150 -46v180l-150 46z`;
    const panes = [0, 176]
      .flatMap((dx) => [0, 206].map((dy) => pane(210 + dx, 150 + dy - dx * 0.31)))
      .join("");
    const light = path(
      panes,
      "#fffaf0",
      `opacity=".55"${left ? "" : ' transform="translate(800 0) scale(-1 1)"'}`,
    );
    return light + (standing ? floorOf(brush, darker(wall, 0.16), 585) : "");
  },
  split: (brush, { wall, other, standing, left }) => {
    if (standing) {
      const half = rect(left ? 0 : 400, 0, 400, 800, 0, brush.down(other));
      return half + rect(0, 610, 800, 190, 0, "#1f1a2e", 'opacity=".1"');
    }
    return path(
      left ? "M0 800V250L800 90V800z" : "M0 0H520L280 800H0z",
      brush.linear(
        [
          [0, other],
          [100, mixed(other, wall, 0.4)],
        ],
        1,
        1,
      ),
    );
  },
  panels: (brush, { wall, other, standing }) => {
    const stripes = range(standing ? 8 : 10)
      .map((i) =>
        standing
          ? rect(i * 100 + 96, 0, 6, 600, 0, darker(wall, 0.13))
          : rect(i * 160 - 40, -200, 80, 1200, 0, other, 'opacity=".4"'),
      )
      .join("");
    if (!standing) return turned(stripes, 24);
    return stripes + rect(0, 560, 800, 46, 0, lighter(wall, 0.5)) + floorOf(brush, other, 606);
  },
  hills: (brush, { wall, other, standing, left }) => {
    const flip = left ? "" : 'transform="translate(800 0) scale(-1 1)"';
    const far = path("M0 420Q190 270 390 400T800 330V800H0z", mixed(wall, other, 0.45), flip);
    const near = path(
      "M0 560Q230 470 430 560T800 520V800H0z",
      brush.linear(
        [
          [0, other],
          [100, darker(other, 0.08)],
        ],
        0,
        1,
      ),
      flip,
    );
    const sun = circle(left ? 610 : 190, 190, 82, lighter(wall, 0.6));
    return (
      sun +
      far +
      near +
      (standing
        ? floorOf(brush, lighter(wall, 0.25), 625)
        : path("M0 700Q300 620 800 720V800H0z", lighter(other, 0.25), flip))
    );
  },
  tiles: (brush, { wall, other, standing }) => {
    if (!standing) return speckles(other, wall);
    const bricks = brush.tile(
      200,
      200,
      stroke("M0 40H200M0 140H200M2 -60V40M102 40V140M2 140V240", lighter(wall, 0.55), 5),
    );
    return (
      rect(0, 0, 800, 572, 0, bricks) +
      floorOf(brush, lighter(other, 0.5), 572) +
      rect(0, 572, 800, 14, 0, lighter(other, 0.75))
    );
  },
};

/** Terrazzo: chips around the middle, which stays free. */
function speckles(first: string, wall: string): string {
  const places = [...around(14, 400, 400, 470), ...around(11, 400, 400, 360), ...around(17, 400, 400, 540)];
  const chips = places.map(({ x, y }, i) => {
    const size = 14 + ((i * 7) % 5) * 5;
    const tilt = (((i * 5) % 7) - 3) * 0.2 * size;
    return d`M${x - size} ${y + tilt}l${size} ${-size * 0.8}l${size * 0.9} ${size * 0.5 - tilt}l${-size * 0.5} ${size}z`;
  });
  return [darker(first, 0.2), first, lighter(wall, 0.7)]
    .map((colour, kind) => path(chips.filter((_, i) => i % 3 === kind).join(""), colour))
    .join("");
}
