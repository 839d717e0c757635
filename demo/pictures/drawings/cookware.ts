import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import {
  cast,
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
  turned,
} from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

/** A pan from above: rim, floor and what fries in it. */
function pan(b: Brush, s: Subject, r: number): string {
  const food = s.random.integer(0, 2);
  const eggs =
    path("M330 400Q310 330 380 330T470 370T440 460T340 450T330 400z", "#fffdf6") +
    circle(392, 392, 34, b.ball("#f2b632"));
  const herbs = range(3)
    .map((i) => path(d`M${360 + i * 50} ${460 - i * 60}q30 -40 60 -8q-26 34 -60 8z`, "#5c8f4f"))
    .join("");
  return (
    circle(416, 424, r, "#1f1a2e", 'opacity=".22"') +
    circle(400, 400, r, b.hull(s.main)) +
    circle(400, 400, r * 0.92, darker(s.main, 0.4)) +
    circle(
      400,
      400,
      r * 0.87,
      b.radial([
        [0, "#62646c"],
        [70, "#3c3e46"],
        [100, "#2b2c33"],
      ]),
    ) +
    circle(400, 400, r * 0.6, "none", 'stroke="#fff" stroke-width="3" opacity=".12"') +
    (food === 0 ? eggs : food === 1 ? herbs : "")
  );
}

function grip(b: Brush, s: Subject, y: number, length: number): string {
  const wood = s.random.chance(0.5) ? "#a5713f" : "#2e2f36";
  return (
    rect(384, y, 32, 50, 6, b.metal(s.trim)) +
    rect(374, y + 40, 52, length, 24, b.side(wood)) +
    circle(400, y + length + 10, 9, "#e9e3d6")
  );
}

export const PANS: Drawing = {
  stance: "flat",
  standing: ["sauce", "casserole"],
  forms: {
    frying: (b, s) =>
      turned(moved(pan(b, s, 215), 0, -110) + grip(b, s, 498, 230), s.random.integer(-50, -20)),
    sauce: (b, s) =>
      ground(b, 200, 640, 330) +
      rect(500, 404, 190, 40, 20, b.down(s.random.chance(0.5) ? "#a5713f" : "#2e2f36")) +
      rect(484, 400, 50, 46, 8, b.metal(s.trim)) +
      path("M150 390H510V600Q510 640 470 640H190Q150 640 150 600z", b.hull(s.main)) +
      rect(136, 376, 388, 26, 12, b.hull(s.main)) +
      ellipse(330, 362, 186, 42, b.glass("#dfe9ec")) +
      ellipse(330, 362, 186, 42, "none", 'stroke="#c2c8cf" stroke-width="8"') +
      rect(313, 298, 34, 30, 6, b.metal(s.trim)) +
      circle(330, 290, 26, b.ball("#2e2f36")) +
      shine("M180 410H204V600H190z", 0.3),
    casserole: (b, s) =>
      ground(b, 270) +
      mirrored(path("M170 440H100Q80 440 84 470T120 500H170z", darker(s.main, 0.2))) +
      path("M150 420H650V580Q650 640 580 640H220Q150 640 150 580z", b.hull(s.main)) +
      path("M140 420Q160 330 400 320T660 420z", b.hull(s.main)) +
      rect(130, 406, 540, 28, 14, darker(s.main, 0.18)) +
      rect(380, 290, 40, 34, 6, b.metal(s.trim)) +
      circle(400, 280, 30, b.ball(s.trim)) +
      stroke("M220 390Q280 352 400 346", lighter(s.main, 0.5), 8, 'opacity=".6"') +
      shine("M180 450H204V590Q186 580 180 560z", 0.3),
    wok: (b, s) => {
      const veg = ["#5c8f4f", "#d9543c", "#f2b632", "#7fae5a", "#e58a3c"];
      const mix = range(9)
        .map((i) =>
          turned(
            ellipse(330 + (i % 3) * 66, 240 + Math.floor(i / 3) * 56, 34, 15, veg[i % 5] ?? "#5c8f4f"),
            i * 47,
            330 + (i % 3) * 66,
            240 + Math.floor(i / 3) * 56,
          ),
        )
        .join("");
      return turned(
        circle(416, 314, 256, "#1f1a2e", 'opacity=".2"') +
          path("M330 60Q400 10 470 60", "none", `stroke="${darker(s.trim, 0.2)}" stroke-width="26"`) +
          circle(400, 290, 256, b.hull(s.main)) +
          circle(
            400,
            290,
            238,
            b.radial(
              [
                [0, darker(s.main, 0.25)],
                [55, darker(s.main, 0.55)],
                [100, darker(s.main, 0.35)],
              ],
              0.5,
              0.56,
              0.55,
            ),
          ) +
          (s.random.chance(0.6) ? mix : "") +
          grip(b, s, 530, 190),
        s.random.integer(14, 46),
      );
    },
  },
};

function moved(content: string, x: number, y: number): string {
  return `<g transform="translate(${x} ${y})">${content}</g>`;
}

/** A knife lying from lower left to upper right; the blade's outline is drawn pointing up. */
function knife(b: Brush, s: Subject, blade: string, extra: string, y: number, width: number): string {
  const handle = d`M${400 - width} ${y}H${400 + width * 0.8}Q${400 + width * 1.2} ${y + 120} ${400 + width} ${y + 220}Q${400} ${y + 246} ${400 - width * 0.9} ${y + 220}Q${400 - width * 0.6} ${y + 110} ${400 - width} ${y}z`;
  const rivets = range(3)
    .map((i) => circle(400, y + 50 + i * 60, 9, s.trim))
    .join("");
  const steel = b.linear([
    [0, "#f4f7f9"],
    [46, "#c9d0d6"],
    [52, "#9aa3ac"],
    [100, "#dde3e7"],
  ]);
  return turned(
    cast(blade + handle, 14) +
      path(blade, steel) +
      extra +
      rect(400 - width, y - 26, width * 1.9, 34, 5, b.metal(s.trim)) +
      path(handle, b.side(s.main)) +
      rivets,
    38 + s.random.integer(-16, 12),
  );
}

function waves(x: number): string {
  return stroke(
    range(5)
      .map((i) => d`M${x} ${150 + i * 66}q22 -26 44 0t44 0`)
      .join(""),
    "#8b949d",
    4,
    'opacity=".55"',
  );
}

function wood(b: Brush, s: Subject): string {
  return turned(
    rect(170, 150, 470, 560, 40, darker("#b98754", 0.25)) +
      rect(164, 140, 470, 560, 40, b.across(s.random.pick(["#d3a871", "#b98754", "#8f6540", "#e3c79c"]))) +
      circle(240, 210, 22, "#1f1a2e", 'opacity=".35"'),
    -10,
  );
}

export const KNIVES: Drawing = {
  stance: "flat",
  forms: {
    chef: (b, s) =>
      (s.random.chance(0.5) ? wood(b, s) : "") +
      knife(b, s, "M364 500V60Q460 180 470 420L466 500z", s.random.chance(0.5) ? waves(376) : "", 500, 36),
    santoku: (b, s) =>
      (s.random.chance(0.5) ? wood(b, s) : "") +
      knife(
        b,
        s,
        "M356 500V150Q366 80 430 130Q474 200 478 480L470 500z",
        range(6)
          .map((i) => ellipse(446, 220 + i * 44, 8, 16, "#aeb6be"))
          .join(""),
        500,
        36,
      ),
    paring: (b, s) => {
      const [fruit, stalk] = s.random.pick([
        ["#d9543c", "#6b4a2e"],
        ["#a9c457", "#6b4a2e"],
        ["#f0c23c", "#7a8f4a"],
        ["#e9883a", "#7a8f4a"],
        ["#8c3f5e", "#5d4030"],
      ] as const);
      const one = (x: number, y: number, r: number) =>
        circle(x + 10, y + 14, r, "#1f1a2e", 'opacity=".18"') +
        circle(x, y, r, b.ball(fruit)) +
        path(d`M${x - 4} ${y - r + 6}q-6 -34 18 -50l10 8q-18 20 -14 44z`, stalk) +
        path(d`M${x + 12} ${y - r - 14}q40 -40 76 -12q-30 36 -76 12z`, "#5c8f4f");
      const extra = s.random.chance(0.5) ? one(380, 190, 78) : "";
      return (
        (s.random.chance(0.4) ? wood(b, s) : "") +
        knife(b, s, "M372 470V210Q446 310 440 470z", "", 470, 32) +
        extra +
        one(240, 250, s.random.integer(88, 112))
      );
    },
    bread: (b, s) => {
      const teeth = range(13)
        .map(() => "q14 16 0 32")
        .join("");
      const crust = s.random.pick(["#c98d4e", "#a8693a", "#7c4a2c", "#dba765"]);
      const cuts = stroke(
        "M-90 20q30 -50 60 -60M-20 20q30 -50 60 -60M50 10q26 -44 52 -46",
        lighter(crust, 0.5),
        12,
      );
      const round = s.random.chance(0.5);
      const loaf =
        ellipse(8, 14, 170, round ? 140 : 88, "#1f1a2e", 'opacity=".18"') +
        ellipse(0, 0, 170, round ? 140 : 88, b.ball(crust)) +
        cuts;
      return (
        (s.random.chance(0.5) ? wood(b, s) : "") +
        turned(
          moved(loaf, s.random.integer(230, 290), s.random.integer(500, 560)),
          s.random.integer(-24, 10),
          250,
          540,
        ) +
        knife(b, s, `M366 500V60Q420 60 436 84${teeth}z`, "", 500, 32)
      );
    },
    cleaver: (b, s) =>
      (s.random.chance(0.6) ? wood(b, s) : "") +
      knife(
        b,
        s,
        "M330 470V110Q330 96 344 96H500Q514 96 516 110L522 470Q524 486 508 486H346Q330 486 330 470z",
        circle(470, 140, 16, "#6d7580") + stroke("M510 110V470", "#fff", 10, 'opacity=".8"'),
        486,
        34,
      ),
  },
};
