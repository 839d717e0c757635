import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import {
  circle,
  d,
  ellipse,
  ground,
  mirrored,
  path,
  range,
  rect,
  shine,
  stroke,
  turnedBody,
} from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

function glow(b: Brush, x: number, y: number, rx: number, ry: number): string {
  return ellipse(
    x,
    y,
    rx,
    ry,
    b.radial([
      [0, "#fff3c4", 0.9],
      [45, "#ffe7a3", 0.4],
      [100, "#ffe7a3", 0],
    ]),
  );
}

/** A shade with its light: half widths above and below. */
function shadeOf(b: Brush, s: Subject, top: number, low: number, y: number, height: number): string {
  const outline = d`M${400 - top} ${y}H${400 + top}L${400 + low} ${y + height}H${400 - low}z`;
  const cloth =
    s.pattern === "plain" ? b.side(s.main) : b.pattern(s.pattern, s.main, lighter(s.main, 0.28), 44);
  return (
    glow(b, 400, y + height, low * 2, height * 1.1) +
    path(outline, cloth) +
    path(outline, b.shade(0.3)) +
    ellipse(400, y + height, low, low * 0.1, "#fff1c2") +
    stroke(
      d`M${400 - low} ${y + height}H${400 + low}M${400 - top} ${y}H${400 + top}`,
      darker(s.main, 0.25),
      6,
    )
  );
}

export const LAMPS: Drawing = {
  stance: "standing",
  forms: {
    table: (b, s) => {
      const wide = s.random.integer(60, 120);
      const waist = s.random.integer(22, 60);
      const body = turnedBody([
        [18, 370],
        [wide, 450 + s.random.integer(0, 60)],
        [waist, 590],
        [wide * 0.8, 632],
      ]);
      return (
        ground(b, 150) +
        rect(390, 330, 20, 60, 0, s.trim) +
        path(body, b.side(s.second)) +
        ellipse(400, 634, wide * 0.9, 12, b.metal(s.trim)) +
        shadeOf(b, s, s.random.integer(80, 140), s.random.integer(180, 220), 130, 230)
      );
    },
    floor: (b, s) =>
      ground(b, 130) +
      (s.random.chance(0.5)
        ? stroke(
            "M400 260L290 636M400 260L510 636M400 260V600",
            b.linear(
              [
                [0, s.trim],
                [100, darker(s.trim, 0.3)],
              ],
              0,
              1,
            ),
            16,
          ) + stroke("M345 460H455", s.trim, 8)
        : rect(393, 220, 14, 410, 4, darker(s.trim, 0.1)) + ellipse(400, 634, 104, 18, b.metal(s.trim))) +
      shadeOf(b, s, s.random.integer(90, 130), s.random.integer(150, 190), 70, 190),
    pendant: (b, s) => {
      const dome = s.random.chance(0.5);
      const outline = dome
        ? "M180 480Q180 260 370 240V210H430V240Q620 260 620 480z"
        : d`M340 210H460L${600} 400Q${640} 470 560 480H240Q160 470 200 400z`;
      return (
        rect(397, -180, 6, 400, 0, "#3a3a40") +
        glow(b, 400, 520, 330, 240) +
        circle(400, 490, 44, "#fff4cf") +
        path(outline, b.side(s.main)) +
        ellipse(400, 480, dome ? 220 : 180, 22, lighter(s.main, 0.6)) +
        rect(372, 190, 56, 44, 8, b.metal(s.trim)) +
        ellipse(400, 648, 200, 16, "#ffe7a3", 'opacity=".5"')
      );
    },
    desk: (b, s) =>
      ground(b, 160, 640, 360) +
      glow(b, 560, 420, 200, 190) +
      ellipse(340, 628, 140, 24, b.metal(darker(s.main, 0.1))) +
      ellipse(340, 618, 140, 22, b.side(s.main)) +
      stroke(
        "M340 612L260 400L470 210",
        b.linear([
          [0, s.trim],
          [100, darker(s.trim, 0.25)],
        ]),
        20,
      ) +
      circle(260, 400, 22, b.ball(darker(s.main, 0.1))) +
      `<g transform="rotate(32 490 220)">${path("M440 190Q490 150 540 190L610 330H370z", b.side(s.main))}${ellipse(490, 330, 120, 20, "#fff4cf")}</g>`,
    globe: (b, s) => {
      const r = s.random.integer(130, 170);
      const body = s.random.chance(0.5)
        ? rect(330, 560, 140, 78, 16, b.side(s.main))
        : path("M350 520H450L500 638H300z", b.side(s.main));
      return (
        ground(b, 140) +
        glow(b, 400, 400, 330, 320) +
        body +
        rect(346, 540, 108, 22, 6, b.metal(s.trim)) +
        circle(
          400,
          550 - r,
          r,
          b.radial(
            [
              [0, "#fffdf2"],
              [60, "#fff0c4"],
              [100, lighter(s.main, 0.55)],
            ],
            0.42,
            0.4,
            0.62,
          ),
        )
      );
    },
  },
};

/** A cushion of an upholstered chair. */
function soft(b: Brush, s: Subject, data: string): string {
  const cloth =
    s.pattern === "check" || s.pattern === "stripes"
      ? b.pattern(s.pattern, s.main, lighter(s.main, 0.2), 50)
      : s.main;
  return path(data, cloth) + path(data, b.fold(0.3));
}

export const CHAIRS: Drawing = {
  stance: "standing",
  forms: {
    dining: (b, s) => {
      const wood = b.side("#a9774b");
      const slats = s.random.integer(2, 4);
      const back = s.random.chance(0.5)
        ? soft(b, s, "M268 170Q400 130 532 170L520 330Q400 350 280 330z")
        : range(slats)
            .map((i) => rect(270, 160 + i * (170 / slats), 260, 90 / slats, 16, b.side(s.main)))
            .join("");
      return (
        ground(b, 170) +
        rect(300, 440, 20, 190, 6, "#6f4b30") +
        rect(480, 440, 20, 190, 6, "#6f4b30") +
        rect(256, 140, 24, 300, 10, wood) +
        rect(520, 140, 24, 300, 10, wood) +
        back +
        rect(246, 440, 26, 200, 8, wood) +
        rect(528, 440, 26, 200, 8, wood) +
        soft(b, s, "M240 400Q400 370 560 400L576 440Q576 464 550 464H250Q224 464 224 440z") +
        rect(262, 540, 276, 14, 6, "#8a5f3a")
      );
    },
    arm: (b, s) => {
      const seat = soft(b, s, "M230 430H570Q584 430 584 450V520H216V450Q216 430 230 430z");
      return (
        ground(b, 250) +
        mirrored(path("M250 590L230 640H254L282 590z", s.trim)) +
        soft(
          b,
          s,
          d`M250 ${210 - s.random.integer(0, 50)}Q400 ${150 - s.random.integer(0, 40)} 550 ${200}Q590 260 580 450H220Q210 260 250 210z`,
        ) +
        seat +
        soft(b, s, "M220 510H580V590Q580 600 560 600H240Q220 600 220 590z") +
        mirrored(soft(b, s, "M140 400Q140 340 190 340T240 400V600H170Q144 600 144 570z")) +
        rect(330, 330, 140, 110, 26, b.across(s.second))
      );
    },
    office: (b, s) =>
      ground(b, 200) +
      stroke("M400 520V590M400 590L240 622M400 590L560 622M400 590L400 634", "#3c3f47", 22) +
      [236, 400, 564].map((x) => circle(x, 632, 16, "#25262c")).join("") +
      rect(386, 380, 28, 90, 0, "#3c3f47") +
      soft(b, s, "M280 150Q400 110 520 150Q546 280 516 390Q400 420 284 390Q254 280 280 150z") +
      stroke("M300 210Q400 186 500 210M296 290Q400 268 504 290", darker(s.main, 0.2), 5) +
      stroke("M250 470V380H220M550 470V380H580", "#4b4f58", 20) +
      rect(176, 362, 100, 24, 12, "#2c2d33") +
      rect(524, 362, 100, 24, 12, "#2c2d33") +
      soft(b, s, "M230 450Q400 420 570 450Q600 520 550 526H250Q200 520 230 450z"),
    stool: (b, s) => {
      const leg = b.side(s.random.chance(0.5) ? "#a9774b" : s.trim);
      return (
        ground(b, 150) +
        path("M330 260L280 640H304L356 260zM470 260L520 640H496L444 260z", leg) +
        path("M384 260h32v340h-32z", darker(s.trim, 0.4), 'opacity=".6"') +
        stroke("M306 500H494M296 570H504", darker(s.trim, 0.2), 12) +
        ellipse(400, 262, 142, 36, darker(s.main, 0.35)) +
        soft(b, s, "M258 220Q258 190 400 190T542 220V250Q542 286 400 286T258 250z") +
        ellipse(400, 218, 140, 32, lighter(s.main, 0.2)) +
        (s.random.chance(0.5) ? stroke("M270 210Q262 90 400 90T530 210", s.trim, 18) : "")
      );
    },
    rocking: (b, s) => {
      const wood = b.down("#9a6b43");
      return (
        ground(b, 260) +
        stroke("M140 590Q400 690 660 590", "#7d5433", 22) +
        stroke("M290 470L250 618M520 470L560 616", wood, 22) +
        stroke("M250 180Q230 330 300 470M210 400H540", "#9a6b43", 24) +
        soft(b, s, "M256 160Q330 130 350 190L392 420Q380 470 320 460Q270 360 256 160z") +
        soft(b, s, "M290 430Q420 400 560 424Q600 440 570 480H320Q284 470 290 430z") +
        stroke("M230 346Q400 330 560 350M548 352V440", "#9a6b43", 22)
      );
    },
  },
};

function round(b: Brush, s: Subject, data: string): string {
  const glaze =
    s.pattern === "plain" || s.pattern === "check"
      ? b.side(s.main)
      : b.pattern(s.pattern, s.main, s.random.chance(0.5) ? s.second : lighter(s.main, 0.4), 60);
  return path(data, glaze) + (s.pattern === "plain" ? "" : path(data, b.shade(0.5)));
}

/** Dry grasses, eucalyptus or tulips, rising from (400, y). */
function stems(s: Subject, y: number, spread: number): string {
  const kind = s.random.integer(0, 3);
  const count = kind === 2 ? 3 : 5;
  return range(count)
    .map((i) => {
      const x = 400 + (i - (count - 1) / 2) * spread;
      const tip = y - 180 - ((i * 53) % 90);
      const stem = stroke(d`M400 ${y + 30}Q${(x + 400) / 2} ${y - 60} ${x} ${tip}`, "#6d8a5a", 6);
      if (kind === 0)
        return (
          stem +
          ellipse(
            x,
            tip - 10,
            16,
            52,
            "#d9bd8b",
            `transform="rotate(${(i - 2) * 9} ${Math.round(x)} ${Math.round(tip)})"`,
          )
        );
      if (kind === 1)
        return (
          stem +
          range(4)
            .map((k) =>
              circle(
                x + (k % 2 ? 20 : -20) + (400 - x) * k * 0.16,
                tip + k * 34,
                22,
                k % 2 ? "#8fb09a" : "#7a9f88",
              ),
            )
            .join("")
        );
      if (kind === 2)
        return (
          stem +
          path(
            d`M${x - 36} ${tip - 46}Q${x - 30} ${tip + 30} ${x} ${tip + 30}T${x + 36} ${tip - 46}L${x + 14} ${tip - 14}L${x} ${tip - 54}L${x - 14} ${tip - 14}z`,
            s.accent,
          )
        );
      return stem + circle(x, tip, 34, s.accent) + circle(x, tip, 15, "#f7dd7a");
    })
    .join("");
}

export const VASES: Drawing = {
  stance: "standing",
  forms: {
    bottle: (b, s) =>
      ground(b, 140) +
      stems(s, 300, 36) +
      round(
        b,
        s,
        turnedBody([
          [30, 290],
          [24, 350],
          [s.random.integer(110, 150), 520],
          [70, 638],
        ]),
      ) +
      ellipse(400, 291, 31, 8, darker(s.main, 0.5)) +
      shine("M318 480Q326 430 352 410Q336 470 336 560z"),
    bud: (b, s) =>
      ground(b, 100) +
      stems({ ...s, random: s.random }, 420, 26) +
      round(
        b,
        s,
        turnedBody([
          [34, 416],
          [26, 450],
          [s.random.integer(80, 110), 560],
          [50, 638],
        ]),
      ) +
      ellipse(400, 417, 34, 9, darker(s.main, 0.5)),
    amphora: (b, s) =>
      ground(b, 160) +
      stems(s, 300, 44) +
      mirrored(stroke("M446 330Q560 330 520 450", darker(s.main, 0.15), 24)) +
      round(
        b,
        s,
        turnedBody([
          [70, 280],
          [46, 340],
          [s.random.integer(130, 156), 450],
          [56, 606],
          [84, 638],
        ]),
      ) +
      ellipse(400, 281, 70, 14, darker(s.main, 0.5)),
    cylinder: (b, s) =>
      ground(b, 120) +
      stems(s, 320, 60) +
      round(
        b,
        s,
        turnedBody([
          [100, 310],
          [s.random.integer(84, 112), 470],
          [92, 638],
        ]),
      ) +
      ellipse(400, 311, 100, 18, darker(s.main, 0.5)) +
      shine("M318 340H334V600H318z", 0.3),
    bowl: (b, s) =>
      ground(b, 190) +
      stems(s, 430, 76) +
      round(
        b,
        s,
        turnedBody([
          [88, 420],
          [74, 440],
          [s.random.integer(180, 200), 520],
          [190, 568],
          [100, 638],
        ]),
      ) +
      ellipse(400, 421, 88, 16, darker(s.main, 0.5)) +
      shine("M240 530Q250 480 300 468Q270 520 276 580z", 0.35),
  },
};
