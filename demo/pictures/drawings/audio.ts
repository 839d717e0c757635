import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { around, circle, d, ellipse, ground, path, range, rect, shine, stroke, turned } from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

/** Two cups on a headband, seen from the front; `depth` is the cups' half width, `tall` their half height. */
function headset(b: Brush, s: Subject, depth: number, tall: number, open: boolean): string {
  const top = 170 + s.random.integer(0, 30);
  const band = d`M212 450C196 ${top - 10} 300 ${top - 40} 400 ${top - 40}S604 ${top - 10} 588 450`;
  const inner = d`M262 430C252 ${top + 50} 330 ${top + 12} 400 ${top + 12}S548 ${top + 50} 538 430`;
  const cup = (cx: number, side: number) =>
    rect(
      cx - depth + side * 26,
      478 - tall + 14,
      depth * 1.3,
      tall * 2 - 28,
      depth * 0.6,
      darker(s.second, 0.35),
    ) +
    rect(cx - depth, 478 - tall, depth * 2, tall * 2, depth * 0.9, b.side(s.main)) +
    (open
      ? ellipse(cx - side * 6, 478, depth * 0.62, tall * 0.68, b.down(s.trim)) +
        ellipse(cx - side * 6, 478, depth * 0.44, tall * 0.5, darker(s.main, 0.55))
      : ellipse(cx - side * 10, 470, depth * 0.34, tall * 0.42, lighter(s.main, 0.3), 'opacity=".5"'));
  return (
    ground(b, 240, 478 + tall + 8) +
    stroke(band, darker(s.main, 0.12), 44) +
    stroke(band, lighter(s.main, 0.16), 14, 'transform="translate(0 -9)"') +
    stroke(inner, darker(s.second, 0.2), 22) +
    stroke("M212 440v-50M588 440v-50", s.trim, 16) +
    cup(212, 1) +
    cup(588, -1)
  );
}

function bud(b: Brush, s: Subject, x: number, y: number, side: 1 | -1): string {
  const body =
    ellipse(0, 0, 62, 70, b.ball(s.main)) +
    rect(-20, 20, 44, 140, 22, b.side(s.main)) +
    rect(-20, 140, 44, 18, 6, s.trim);
  const tip = ellipse(58, 8, 30, 40, darker(s.second, 0.2)) + ellipse(66, 8, 16, 26, darker(s.second, 0.5));
  return `<g transform="translate(${x} ${y}) scale(${side} 1) rotate(-12)">${tip}${body}</g>`;
}

export const HEADPHONES: Drawing = {
  stance: "standing",
  forms: {
    over: (b, s) => headset(b, s, 62 + s.random.integer(0, 14), 116, false),
    on: (b, s) => headset(b, s, 46, 78 + s.random.integer(0, 14), true),
    studio: (b, s) =>
      headset(b, s, 74, 128, true) +
      stroke("M212 600C190 690 300 700 360 680S470 640 520 690", darker(s.second, 0.4), 12),
    headset: (b, s) =>
      headset(b, s, 66, 110, true) +
      stroke("M230 560Q270 640 380 628", darker(s.second, 0.5), 16) +
      ellipse(400, 626, 36, 22, darker(s.accent, 0.1)),
    buds: (b, s) =>
      ground(b, 210) +
      rect(230, 490, 340, 150, 70, b.down(s.main)) +
      path("M230 555Q400 590 570 555V560Q400 596 230 560z", darker(s.main, 0.35)) +
      circle(400, 600, 8, s.accent) +
      shine("M270 520Q290 500 340 500L330 514Q300 514 284 534z") +
      bud(b, s, 300, 320, 1) +
      bud(b, s, 500, 320, -1),
  },
};

function cone(b: Brush, s: Subject, cx: number, cy: number, r: number): string {
  return (
    circle(cx, cy, r, darker(s.main, 0.55)) +
    circle(
      cx,
      cy,
      r * 0.86,
      b.radial([
        [0, darker(s.second, 0.75)],
        [60, darker(s.second, 0.45)],
        [100, darker(s.second, 0.7)],
      ]),
    ) +
    circle(cx, cy, r * 0.34, b.ball(s.trim)) +
    around(6, cx, cy, r * 0.93)
      .map(({ x, y }) => circle(x, y, r * 0.05, s.trim))
      .join("")
  );
}

export const SPEAKERS: Drawing = {
  stance: "standing",
  forms: {
    portable: (b, s) => {
      const grille = b.pattern("speckle", darker(s.main, 0.12), darker(s.main, 0.45), 18);
      return (
        ground(b, 280) +
        rect(120, 370, 560, 270, 128, grille) +
        rect(120, 370, 560, 270, 128, b.shade(0.4)) +
        ellipse(142, 505, 40, 112, darker(s.second, 0.3)) +
        ellipse(658, 505, 40, 112, darker(s.second, 0.45)) +
        stroke("M640 410Q720 330 690 470", s.accent, 18) +
        rect(320, 384, 160, 26, 13, darker(s.main, 0.4)) +
        circle(400, 516, 26, s.trim)
      );
    },
    bookshelf: (b, s) =>
      ground(b, 190) +
      rect(220, 150, 360, 490, 16, b.side(s.main)) +
      rect(244, 174, 312, 442, 10, darker(s.main, 0.3)) +
      cone(b, s, 400, 268, 62) +
      cone(b, s, 400, 470, 122) +
      ellipse(400, 602, 46, 8, darker(s.main, 0.7)),
    smart: (b, s) => {
      const cloth = b.pattern("check", s.main, darker(s.main, 0.3), 16);
      const body = "M256 300Q256 230 400 230T544 300L566 590Q566 640 400 640T234 590z";
      return (
        ground(b, 180) +
        path(body, cloth) +
        path(body, b.shade(0.45)) +
        ellipse(400, 288, 143, 56, b.down(darker(s.second, 0.2))) +
        ellipse(400, 288, 112, 40, "none", `stroke="${s.accent}" stroke-width="9"`) +
        stroke("M378 288h44M400 266v44", lighter(s.second, 0.8), 7)
      );
    },
    radio: (b, s) =>
      ground(b, 290) +
      stroke("M240 330V250Q240 215 280 215H520Q560 215 560 250V330", darker(s.trim, 0.2), 22) +
      rect(120, 320, 560, 310, 44, b.down(s.main)) +
      rect(150, 350, 300, 250, 24, b.pattern("stripes", darker(s.second, 0.25), darker(s.second, 0.55), 20)) +
      rect(480, 356, 170, 84, 12, "#fbf1d6") +
      stroke("M494 400h142M510 384v10M545 384v10M580 384v10M615 384v10", "#5d4a3a", 4) +
      stroke("M562 372v56", "#c93c40", 6) +
      circle(522, 528, 44, b.metal(s.trim)) +
      circle(616, 528, 32, b.metal(s.trim)) +
      stroke("M620 320L700 130", s.trim, 9) +
      circle(700, 130, 9, s.trim) +
      rect(170, 628, 60, 16, 6, darker(s.main, 0.6)) +
      rect(570, 628, 60, 16, 6, darker(s.main, 0.6)),
    bar: (b, s) =>
      ground(b, 350) +
      rect(250, 300, 300, 196, 10, "#22242c") +
      rect(262, 312, 276, 172, 4, b.across(s.second)) +
      rect(380, 496, 40, 60, 0, "#33353d") +
      rect(40, 546, 720, 94, 40, b.pattern("speckle", darker(s.main, 0.1), darker(s.main, 0.42), 16)) +
      rect(40, 546, 720, 94, 40, b.shade(0.4)) +
      range(4)
        .map((i) => circle(364 + i * 24, 593, 6, i === 0 ? s.accent : "#fff", 'opacity=".9"'))
        .join("") +
      turned(rect(600, 430, 28, 116, 12, darker(s.main, 0.5)), 8, 614, 490),
  },
};
