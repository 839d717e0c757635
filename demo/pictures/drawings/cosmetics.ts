import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { circle, d, ground, path, range, rect, shine, stroke, turned } from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";
import { label } from "./label.ts";

/** Scent in thick glass: outer wall, liquid, and light through it. */
function flacon(b: Brush, s: Subject, outer: string, liquid: string): string {
  const tone = s.main === "#cfe4e6" ? "#f0e6c4" : s.main;
  return (
    path(outer, b.glass(lighter(tone, 0.5))) +
    path(outer, "none", `stroke="${lighter(tone, 0.75)}" stroke-width="7"`) +
    path(
      liquid,
      b.linear(
        [
          [0, lighter(tone, 0.5)],
          [45, lighter(tone, 0.12)],
          [100, darker(tone, 0.2)],
        ],
        0.3,
        1,
      ),
      'opacity=".92"',
    )
  );
}

function spray(b: Brush, s: Subject, y: number, half: number, tall: number): string {
  const cap = s.random.integer(0, 2);
  const top =
    [
      rect(400 - half, y - tall, half * 2, tall, 8, b.metal(s.trim)),
      rect(400 - half, y - tall, half * 2, tall, 8, b.side(darker(s.second, 0.35))),
      circle(400, y - half - 8, half + 10, b.ball(s.trim)),
    ][cap] ?? "";
  return rect(380, y - 12, 40, 34, 4, b.metal(s.trim)) + top;
}

export const PERFUME: Drawing = {
  stance: "standing",
  forms: {
    square: (b, s) => {
      const half = s.random.integer(140, 170);
      return (
        ground(b, half + 10) +
        spray(b, s, 320, 54, 110) +
        flacon(
          b,
          s,
          d`M${400 - half} 360Q${400 - half} 332 ${428 - half} 332H${372 + half}Q${400 + half} 332 ${400 + half} 360V640H${400 - half}z`,
          d`M${426 - half} 400H${374 + half}V612H${426 - half}z`,
        ) +
        label(s, 320, 430, 160, 140) +
        shine(d`M${436 - half} 360h20v250h-20z`, 0.6)
      );
    },
    tall: (b, s) =>
      ground(b, 110) +
      spray(b, s, 250, 46, 100) +
      flacon(b, s, "M300 290Q300 262 330 262H470Q500 262 500 290V640H300z", "M322 330H478V614H322z") +
      rect(300, 420, 200, 110, 0, s.second) +
      stroke("M340 456h120M360 490h80", darker(s.second, 0.5), 9) +
      shine("M330 290h16v320h-16z", 0.6),
    round: (b, s) =>
      ground(b, 170) +
      spray(b, s, 300, 50, 90) +
      rect(366, 288, 68, 30, 6, b.metal(s.trim)) +
      flacon(
        b,
        s,
        "M400 300A172 172 0 0 1 500 616L480 640H320L300 616A172 172 0 0 1 400 300z",
        "M268 440H532A146 146 0 0 1 470 606H330A146 146 0 0 1 268 440z",
      ) +
      circle(400, 486, 64, "#fbf6ea") +
      path("M366 500Q400 430 434 500Q400 530 366 500z", s.accent) +
      shine("M270 430Q290 350 350 334Q300 380 296 450z", 0.6) +
      stroke("M366 318Q300 340 300 400", s.accent, 9),
    drop: (b, s) =>
      ground(b, 150) +
      path("M384 130h32l6 150h-44z", b.metal(s.trim)) +
      circle(400, 126, 34, b.ball(s.trim)) +
      flacon(
        b,
        s,
        "M400 270Q440 330 520 440Q590 560 500 640H300Q210 560 280 440Q360 330 400 270z",
        "M300 450Q400 420 500 450Q560 560 486 616H314Q240 560 300 450z",
      ) +
      rect(366, 268, 68, 30, 8, b.metal(s.trim)) +
      shine("M300 470Q330 420 366 390Q330 450 322 540z", 0.6) +
      range(3)
        .map((i) => circle(360 + i * 36, 560 - (i % 2) * 30, 7, "#fff", 'opacity=".6"'))
        .join(""),
  },
};

const leafOf = (s: Subject, x: number, y: number, turn: number) =>
  turned(
    path(d`M${x - 90} ${y}q80 -70 170 -6q-90 66 -170 6z`, "#7d9f6d") +
      stroke(d`M${x - 84} ${y}h150`, lighter(s.second, 0.5), 4, 'opacity=".7"'),
    turn,
    x,
    y,
  );

export const SKINCARE: Drawing = {
  stance: "standing",
  forms: {
    jar: (b, s) => {
      const glass = s.random.chance(0.5);
      return (
        ground(b, 230) +
        leafOf(s, 650, 610, -30) +
        rect(190, 400, 420, 240, 46, glass ? b.glass(s.main) : b.side(s.main)) +
        (glass ? rect(220, 440, 360, 180, 30, lighter(s.main, 0.7)) : "") +
        rect(184, 300, 432, 116, 22, s.random.chance(0.5) ? b.side("#c79a63") : b.metal(s.trim)) +
        label(s, 290, 450, 220, 140) +
        shine("M214 440h18v150h-18z", 0.5)
      );
    },
    dropper: (b, s) =>
      ground(b, 130) +
      leafOf(s, 250, 620, 200) +
      path("M372 150Q372 100 400 100T428 150V230H372z", b.side("#3a3a42")) +
      rect(350, 226, 100, 64, 8, b.metal(s.trim)) +
      path(
        "M360 290H440V320Q520 340 520 400V610Q520 640 490 640H310Q280 640 280 610V400Q280 340 360 320z",
        b.side(s.main === "#f4f2ed" ? "#b06a30" : s.main),
        'opacity=".94"',
      ) +
      label(s, 296, 430, 208, 150) +
      shine("M300 400Q300 360 330 350L322 620h-18z", 0.4),
    pump: (b, s) => {
      const wide = s.random.integer(110, 140);
      return (
        ground(b, wide + 10) +
        leafOf(s, 610, 620, -20) +
        path("M260 150H400Q430 150 430 176H372Q330 176 260 176z", darker(s.second, 0.4)) +
        rect(382, 166, 36, 70, 4, darker(s.second, 0.3)) +
        rect(352, 226, 96, 50, 8, b.metal(s.trim)) +
        rect(400 - wide, 274, wide * 2, 366, 44, b.side(s.main)) +
        label(s, 400 - wide * 0.72, 360, wide * 1.44, 190) +
        shine(d`M${424 - wide} 320h18v270h-18z`, 0.45)
      );
    },
    tube: (b, s) =>
      ground(b, 120) +
      leafOf(s, 590, 620, -40) +
      path("M262 130H538L500 540H300z", b.side(s.main)) +
      rect(256, 112, 288, 38, 6, b.side(darker(s.main, 0.12))) +
      stroke(
        range(12)
          .map((i) => d`M${272 + i * 23} 116v30`)
          .join(""),
        darker(s.main, 0.35),
        4,
      ) +
      label(s, 310, 230, 180, 180, lighter(s.main, 0.7)) +
      rect(312, 540, 176, 100, 14, s.random.chance(0.5) ? b.side("#3a3a42") : b.metal(s.trim)) +
      shine("M290 170h18l18 350h-14z", 0.4) +
      rect(268, 176, 264, 20, 0, s.accent, 'opacity=".8"'),
    soap: (b, s) => {
      const bar = (x: number, y: number, w: number, colour: string) =>
        rect(x, y + 12, w, 120, 34, darker(colour, 0.25)) +
        rect(x, y, w, 116, 34, b.down(colour)) +
        rect(x + 34, y + 24, w - 68, 68, 22, "none", `stroke="${darker(colour, 0.2)}" stroke-width="6"`);
      return (
        ground(b, 250) +
        path("M150 590H650L600 640H200z", b.side("#b98754")) +
        stroke("M190 612H610", "#8a5f3a", 6) +
        bar(210, 452, 380, s.main) +
        bar(260, 340, 300, lighter(s.second, 0.3)) +
        rect(340, 330, 120, 250, 0, "#fbf6ea") +
        rect(340, 430, 120, 50, 0, s.accent) +
        stroke("M366 510h70M376 540h50", darker(s.main, 0.5), 8) +
        range(4)
          .map((i) => circle(150 + i * 34, 330 - ((i * 47) % 90), 16 + (i % 3) * 10, "#fff", 'opacity=".55"'))
          .join("")
      );
    },
  },
};
