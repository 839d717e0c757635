import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { circle, d, ellipse, ground, path, range, rect, shine, stroke, turnedBody } from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

function steam(x: number, y: number): string {
  return stroke(
    d`M${x} ${y}q-26 -34 0 -66t0 -66M${x + 48} ${y}q-26 -34 0 -66t0 -66`,
    "#fff",
    9,
    'opacity=".55"',
  );
}

export const KETTLES: Drawing = {
  stance: "standing",
  forms: {
    stovetop: (b, s) => {
      const wide = s.random.integer(190, 220);
      return (
        ground(b, 230) +
        steam(660, 300) +
        path(d`M${400 + wide - 40} 520Q${600} 440 640 350L690 366Q660 520 560 600z`, darker(s.main, 0.1)) +
        path("M630 340h72l-8 34h-60z", b.metal(s.trim)) +
        stroke("M250 350Q240 160 400 160T550 350", darker(s.trim, 0.2), 16) +
        stroke("M300 186Q340 160 400 160T500 186", s.random.chance(0.5) ? "#2b2b30" : "#a9774b", 40) +
        path(
          turnedBody([
            [80, 330],
            [wide, 500],
            [wide + 6, 600],
            [wide - 20, 638],
          ]),
          b.hull(s.main),
        ) +
        path(
          turnedBody([
            [40, 306],
            [96, 336],
            [100, 346],
          ]),
          b.side(darker(s.main, 0.12)),
        ) +
        circle(400, 294, 22, b.ball(s.accent)) +
        shine("M250 480Q270 410 330 380Q290 450 284 540z")
      );
    },
    electric: (b, s) =>
      ground(b, 200) +
      rect(240, 606, 320, 34, 14, "#33353d") +
      path(
        "M520 270Q680 240 670 400Q664 520 560 560L552 510Q610 480 614 400Q616 320 530 330z",
        b.side(darker(s.second, 0.5)),
      ) +
      path("M250 290L170 250Q176 330 254 380z", b.hull(s.main)) +
      path("M270 240Q400 216 530 240L572 606H228z", b.hull(s.main)) +
      path("M276 236Q400 180 524 236L528 262Q400 240 272 262z", darker(s.main, 0.3)) +
      rect(372, 180, 56, 26, 12, darker(s.second, 0.5)) +
      rect(360, 380, 36, 170, 18, "#dff0f5", 'opacity=".85"') +
      rect(360, 450, 36, 100, 18, "#6fb3d6", 'opacity=".8"') +
      shine("M290 280H316L300 580H268z", 0.3) +
      circle(600, 590, 10, s.accent),
    gooseneck: (b, s) =>
      ground(b, 220) +
      stroke("M540 590Q620 590 620 480T660 300Q672 262 720 260", darker(s.main, 0.1), 30) +
      stroke("M540 584Q612 584 612 480T652 300", lighter(s.main, 0.3), 7) +
      stroke("M250 380Q110 360 120 480T200 600", darker(s.second, 0.45), 32) +
      path(
        turnedBody([
          [100, 390],
          [150, 480],
          [s.random.integer(166, 186), 620],
          [160, 640],
        ]),
        b.hull(s.main),
      ) +
      path(
        turnedBody([
          [30, 350],
          [104, 388],
          [108, 400],
        ]),
        b.hull(s.main),
      ) +
      circle(400, 338, 24, b.ball("#8a5f3a")) +
      shine("M280 480Q290 430 316 420L306 610H276z"),
    tea: (b, s) =>
      ground(b, 220) +
      steam(660, 360) +
      path("M560 560Q650 540 670 410L712 420Q710 600 560 630z", b.hull(s.main)) +
      stroke("M230 440Q220 220 400 220T570 440", s.random.chance(0.5) ? "#a9774b" : darker(s.trim, 0.1), 22) +
      path(
        turnedBody([
          [90, 430],
          [186, 506],
          [188, 566],
          [110, 638],
        ]),
        s.pattern === "plain" ? b.hull(s.main) : b.pattern(s.pattern, s.main, s.second, 46),
      ) +
      (s.pattern === "plain"
        ? ""
        : path(
            turnedBody([
              [90, 430],
              [186, 506],
              [188, 566],
              [110, 638],
            ]),
            b.shade(0.45),
          )) +
      path(
        turnedBody([
          [30, 396],
          [90, 428],
          [96, 440],
        ]),
        b.side(darker(s.main, 0.1)),
      ) +
      circle(400, 384, 20, b.ball(s.accent)) +
      ellipse(400, 640, 112, 10, darker(s.main, 0.4)),
  },
};

/** A cup's wall with glaze, pattern or dip, and the drink in it. */
function cup(b: Brush, s: Subject, outline: string, top: number, halfTop: number, bottom: number): string {
  const dipped = s.random.chance(0.35);
  const band = rect(
    400 - halfTop * 0.98,
    top + (bottom - top) * 0.24,
    halfTop * 1.96,
    (bottom - top) * 0.2,
    0,
    b.side(s.second),
  );
  const fill =
    s.pattern === "plain" ? b.side(s.main) : b.pattern(s.pattern, s.main, s.second, s.random.integer(44, 80));
  const drink = s.random.pick(["#5b3a26", "#7a4a22", "#c79a5e", "#8d9b4c"]);
  return (
    path(outline, fill) +
    (s.pattern === "plain" ? "" : path(outline, b.shade(0.55))) +
    (dipped ? band : "") +
    ellipse(400, top, halfTop, halfTop * 0.17, lighter(s.main, 0.35)) +
    ellipse(400, top + 4, halfTop * 0.9, halfTop * 0.13, drink)
  );
}

export const MUGS: Drawing = {
  stance: "standing",
  forms: {
    straight: (b, s) => {
      const half = s.random.integer(140, 170);
      const top = 300 + s.random.integer(0, 40);
      return (
        ground(b, 190) +
        steam(380, top - 20) +
        stroke(
          d`M${400 + half - 8} ${top + 80}Q${400 + half + 130} ${top + 60} ${400 + half + 110} ${top + 170}T${400 + half - 14} 560`,
          darker(s.main, 0.14),
          38,
        ) +
        cup(
          b,
          s,
          d`M${400 - half} ${top}V596Q${400 - half} 640 ${440 - half} 640H${360 + half}Q${400 + half} 640 ${400 + half} 596V${top}z`,
          top,
          half,
          640,
        )
      );
    },
    cup: (b, s) =>
      ground(b, 260) +
      steam(380, 390) +
      ellipse(400, 622, 270, 32, b.side(darker(s.main, 0.08))) +
      ellipse(400, 614, 262, 26, lighter(s.main, 0.3)) +
      stroke("M560 460Q680 440 650 530T530 560", darker(s.main, 0.12), 26) +
      cup(
        b,
        s,
        turnedBody([
          [186, 420],
          [160, 540],
          [80, 616],
        ]),
        420,
        186,
        616,
      ) +
      rect(356, 606, 88, 14, 4, darker(s.main, 0.2)),
    enamel: (b, s) =>
      ground(b, 190) +
      steam(380, 290) +
      stroke("M552 400Q670 380 660 460T552 540", darker(s.second, 0.5), 24) +
      cup(
        b,
        { ...s, pattern: s.pattern === "speckle" ? "speckle" : "plain" },
        "M240 320V606Q240 640 274 640H526Q560 640 560 606V320z",
        320,
        160,
        640,
      ) +
      ellipse(400, 320, 160, 27, "none", `stroke="${darker(s.second, 0.5)}" stroke-width="12"`) +
      path("M300 500L360 410L404 470L440 420L510 500z", lighter(s.main, 0.7)),
    bowl: (b, s) =>
      ground(b, 210) +
      stroke("M566 460Q690 440 660 540T520 590", darker(s.main, 0.14), 32) +
      cup(
        b,
        s,
        turnedBody([
          [200, 390],
          [s.random.integer(196, 216), 500],
          [96, 638],
        ]),
        390,
        200,
        638,
      ) +
      ellipse(400, 393, 150, 20, "#f7ead2") +
      path("M400 408Q340 394 366 384Q400 380 400 392Q400 380 434 384Q460 394 400 408z", "#9a6336"),
    travel: (b, s) => {
      const outline = "M282 280H518L492 616Q490 640 466 640H334Q310 640 308 616z";
      return (
        ground(b, 140) +
        path(
          outline,
          s.pattern === "plain" ? b.hull(s.main) : b.pattern(s.pattern, s.main, lighter(s.main, 0.4), 60),
        ) +
        path(outline, b.shade(0.4)) +
        path("M292 400H508L500 500H300z", b.side(darker(s.second, 0.12))) +
        path("M266 240Q266 220 286 220H514Q534 220 534 240V282H266z", b.side("#2f3138")) +
        rect(310, 186, 180, 40, 16, b.side("#44474f")) +
        rect(440, 176, 50, 18, 8, s.accent)
      );
    },
  },
};

const LIDS = (b: Brush, s: Subject, x: number, y: number, half: number): string => {
  const wood = s.random.chance(0.6);
  return (
    rect(x - half, y - 40, half * 2, 44, 12, wood ? b.side("#c79a63") : b.metal(s.trim)) +
    (wood ? circle(x, y - 54, 20, b.ball("#b5834c")) : "")
  );
};

/** A see-through jar, filled. */
function glassJar(b: Brush, s: Subject, x: number, top: number, half: number, level: number): string {
  const food = s.random.pick(["#e9d9b0", "#8a5a35", "#c94f3d", "#f3efe2", "#7a8f4a", "#d9a441"]);
  const tint = s.main === "#cfe4e6" ? "#d8e9ea" : s.main;
  return (
    rect(
      x - half + 10,
      level,
      half * 2 - 20,
      630 - level,
      26,
      b.pattern("speckle", food, darker(food, 0.25), 26),
    ) +
    rect(x - half, top, half * 2, 640 - top, 34, b.glass(tint)) +
    rect(
      x - half,
      top,
      half * 2,
      640 - top,
      34,
      "none",
      `stroke="${lighter(tint, 0.5)}" stroke-width="6" opacity=".8"`,
    ) +
    rect(x - half + 22, top + 30, 18, 500 - top, 9, "#fff", 'opacity=".5"')
  );
}

export const STORAGE_JARS: Drawing = {
  stance: "standing",
  forms: {
    clip: (b, s) => {
      const half = s.random.integer(120, 160);
      return (
        ground(b, half + 20) +
        glassJar(b, s, 400, 250, half, s.random.integer(330, 480)) +
        ellipse(400, 232, half * 0.86, 26, b.glass("#e6f0f0")) +
        rect(400 - half * 0.9, 226, half * 1.8, 30, 10, s.accent) +
        stroke(d`M${400 + half * 0.9} 214l34 60l-20 90M${400 + half * 0.9} 250l-20 70`, "#8d949c", 9) +
        stroke(d`M${400 - half * 0.9} 214l-20 60`, "#8d949c", 9)
      );
    },
    biscuit: (b, s) =>
      ground(b, 190) +
      path(
        turnedBody([
          [130, 320],
          [s.random.integer(176, 200), 460],
          [150, 640],
        ]),
        s.pattern === "plain" ? b.side(s.main) : b.pattern(s.pattern, s.main, s.second, 60),
      ) +
      path(
        turnedBody([
          [130, 320],
          [184, 460],
          [150, 640],
        ]),
        b.shade(0.4),
      ) +
      LIDS(b, s, 400, 320, 140) +
      `<g fill="#c98d4e" stroke="#8a5a2e" stroke-width="4">${circle(600, 610, 44, "#c98d4e")}${circle(650, 622, 40, "#d39a5a")}</g>` +
      range(5)
        .map((i) => circle(584 + ((i * 23) % 46), 594 + ((i * 17) % 34), 5, "#5b3620"))
        .join(""),
    spice: (b, s) =>
      ground(b, 300) +
      [190, 330, 470, 610]
        .map(
          (x, i) =>
            glassJar(b, { ...s }, x, 430 - (i % 2) * 20, 62, 480 + ((i * 37) % 60)) +
            LIDS(b, s, x, 432 - (i % 2) * 20, 56),
        )
        .join(""),
    canister: (b, s) => {
      const body = (x: number, top: number, half: number, colour: string) =>
        rect(x - half, top, half * 2, 640 - top, 22, b.side(colour)) +
        rect(x - half * 0.6, top + 70, half * 1.2, 90, 10, "#fbf6ea") +
        stroke(
          d`M${x - half * 0.34} ${top + 104}h${half * 0.68}M${x - half * 0.2} ${top + 128}h${half * 0.4}`,
          darker(colour, 0.4),
          7,
        ) +
        LIDS(b, s, x, top + 4, half + 6);
      return ground(b, 240) + body(510, 380, 110, lighter(s.main, 0.4)) + body(330, 260, 136, s.main);
    },
  },
};
