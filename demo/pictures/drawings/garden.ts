import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import {
  around,
  circle,
  d,
  ellipse,
  ground,
  group,
  mirrored,
  path,
  range,
  rect,
  shine,
  stroke,
  turned,
} from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

/** A pot with earth, 240 wide at y = 440. */
function pot(b: Brush, s: Subject, top = 440, half = 130): string {
  const shape = s.random.integer(0, 2);
  const low = [half * 0.66, half * 0.92, half * 0.78][shape] ?? half * 0.7;
  const body =
    shape === 1
      ? d`M${400 - half} ${top}V${600}Q${400 - low} 640 ${440 - low} 640H${360 + low}Q${400 + low} 640 ${400 + half} 600V${top}z`
      : d`M${400 - half} ${top}L${400 - low} 640H${400 + low}L${400 + half} ${top}z`;
  const glaze =
    s.pattern === "plain" || s.pattern === "leaves"
      ? b.side(s.main)
      : b.pattern(s.pattern, s.main, s.second, 64);
  const rim =
    shape === 0 ? rect(400 - half - 14, top - 24, half * 2 + 28, 54, 10, b.side(lighter(s.main, 0.06))) : "";
  return (
    ellipse(400, top, half, 20, "#4a382c") +
    path(body, glaze) +
    path(body, b.shade(0.4)) +
    rim +
    (shape === 2 ? mirrored(path("M440 630l40 0l10 26h-20z", "#a9774b")) : "")
  );
}

export const PLANTERS: Drawing = {
  stance: "standing",
  forms: {
    monstera: (b, s) => {
      const leaf = (x: number, y: number, size: number, turn: number, colour: string) =>
        group(
          path(
            "M0 60Q-80 20 -70 -40L-36 -34L-62 -56Q-50 -100 -16 -110L-12 -70L6 -114Q50 -104 62 -60L34 -40L70 -36Q76 30 0 60z",
            colour,
          ) + stroke("M0 56V-90M0 10L-40 -20M0 -20L36 -50", lighter(colour, 0.3), 5),
          d`translate(${x} ${y}) rotate(${turn}) scale(${size})`,
        );
      const stems = stroke(
        "M400 440Q380 330 270 290M400 440Q400 300 410 190M400 440Q430 340 540 290M400 440Q340 400 240 410M400 440Q470 400 560 420",
        "#4f7d4f",
        9,
      );
      return (
        ground(b, 150) +
        stems +
        leaf(250, 270, 1.1, -40, "#3f7d55") +
        leaf(550, 270, 1.1, 40, "#37724c") +
        leaf(230, 410, 0.8, -70, "#5a9a68") +
        leaf(570, 420, 0.8, 70, "#5a9a68") +
        leaf(410, 180, 1.25, 4, "#4a8c5e") +
        pot(b, s)
      );
    },
    cactus: (b, s) => {
      const arms = s.random.chance(0.5);
      const column = (x: number, y: number, w: number, h: number) =>
        rect(x - w / 2, y, w, h, w / 2, b.side("#5f9a62")) +
        stroke(
          range(3)
            .map((i) => d`M${x - w * 0.25 + i * w * 0.25} ${y + w * 0.35}V${y + h}`)
            .join(""),
          "#e9f2d2",
          5,
          'stroke-dasharray="3 17"',
        );
      const shape = arms
        ? stroke("M400 380H270V280", "#548c58", 66) +
          stroke("M400 330H520V230", "#4c8252", 60) +
          column(400, 140, 116, 320)
        : circle(400, 360, 120, b.ball("#5f9a62")) +
          stroke(
            range(5)
              .map((i) => d`M400 245Q${300 + i * 50} 350 ${330 + i * 35} 450`)
              .join(""),
            "#e9f2d2",
            5,
            'stroke-dasharray="3 17"',
          );
      return (
        ground(b, 150) +
        shape +
        circle(400, arms ? 140 : 244, 26, s.accent) +
        circle(400, arms ? 140 : 244, 10, "#f7dd7a") +
        pot(b, s, 440, 124)
      );
    },
    snake: (b, s) => {
      const blades = [
        [330, 250, -16],
        [470, 220, 15],
        [360, 170, -6],
        [440, 140, 6],
        [400, 110, 0],
      ].map(([x = 0, y = 0, turn = 0], i) =>
        turned(
          path(
            d`M${x - 30} 450Q${x - 44} ${y + 120} ${x} ${y}Q${x + 44} ${y + 120} ${x + 30} 450z`,
            "#d9cf74",
          ) +
            path(
              d`M${x - 20} 450Q${x - 32} ${y + 130} ${x} ${y + 30}Q${x + 32} ${y + 130} ${x + 20} 450z`,
              i % 2 ? "#4c8a5c" : "#3b7550",
            ) +
            stroke(
              range(5)
                .map((k) => d`M${x - 16} ${y + 110 + k * 40}q16 -14 32 0`)
                .join(""),
              "#9cc29a",
              5,
              'opacity=".7"',
            ),
          turn,
          x,
          450,
        ),
      );
      return ground(b, 150) + blades.join("") + pot(b, s, 440, 120);
    },
    hanging: (b, s) => {
      const ends = range(7).map((i) => ({
        x: 270 + i * 43,
        lean: (i - 3) * 17,
        end: 470 + ((i * 83) % 150),
      }));
      const stems = ends
        .map(({ x, lean, end }) => d`M${x} 340Q${x + lean * 1.4} 400 ${x + lean} ${end}`)
        .join("");
      const leaves = (side: 1 | -1) =>
        ends
          .map(({ x, lean, end }, i) =>
            range(2 + (i % 2))
              .map(
                (k) =>
                  d`M${x + lean} ${390 + ((end - 370) * (k + 1)) / 4}q${side * 10} -30 ${side * 40} -14q${-side * 8} 30 ${-side * 40} 14z`,
              )
              .join(""),
          )
          .join("");
      const vines = stroke(stems, "#5a8f5a", 6) + path(leaves(1), "#6fa872") + path(leaves(-1), "#4c8a5c");
      return (
        stroke("M400 -160V60M400 60L270 310M400 60L530 310M400 60V300", s.trim, 8) +
        circle(400, 60, 14, b.metal(s.trim)) +
        group(pot(b, { ...s }, 440, 140), "translate(0 -130)") +
        around(9, 400, 290, 90)
          .map(({ x, angle }, i) =>
            turned(ellipse(x, 288, 58, 24, i % 2 ? "#6fa872" : "#3f7d55"), angle * 0.4 - 60, x, 288),
          )
          .join("") +
        vines
      );
    },
    succulent: (b, s) => {
      const tone = s.random.pick(["#7fb08a", "#9bb6a0", "#8a9fb0", "#b58fa0"]);
      const ring = (count: number, r: number, colour: string) =>
        around(count, 400, 350, r * 0.5)
          .map(({ x, y, angle }) =>
            turned(
              path(
                d`M${x - 40} ${y + r * 0.4}Q${x - 50} ${y - r * 0.3} ${x} ${y - r * 0.55}Q${x + 50} ${y - r * 0.3} ${x + 40} ${y + r * 0.4}z`,
                b.down(colour),
              ),
              angle,
              x,
              y,
            ),
          )
          .join("");
      return (
        ground(b, 170) +
        pot(b, s, 460, 160) +
        ring(7, 150, darker(tone, 0.2)) +
        ring(6, 112, tone) +
        ring(5, 76, lighter(tone, 0.2)) +
        ring(3, 40, lighter(tone, 0.4)) +
        circle(400, 350, 14, s.accent, 'opacity=".7"')
      );
    },
  },
};

function drops(x: number, y: number): string {
  return range(9)
    .map((i) => {
      const dx = x - 30 + ((i * 29) % 80);
      const dy = y + 10 + ((i * 47) % 110);
      return path(d`M${dx} ${dy}q9 16 0 22q-9 -6 0 -22z`, "#7cc3e8");
    })
    .join("");
}

export const WATERING_CANS: Drawing = {
  stance: "standing",
  forms: {
    classic: (b, s) =>
      ground(b, 220, 640, 430) +
      stroke("M330 360Q330 180 470 180T600 380", darker(s.main, 0.15), 26) +
      stroke("M610 400Q720 420 690 520T600 590", darker(s.main, 0.2), 28) +
      path("M330 560L160 330L196 304L340 440z", b.across(s.main)) +
      stroke("M250 420L330 400", darker(s.main, 0.3), 12) +
      turned(
        path("M120 290L210 290L190 340H140z", b.metal(s.trim)) +
          ellipse(165, 290, 58, 17, b.metal(s.trim)) +
          range(6)
            .map((i) => circle(130 + i * 14, 289 + (i % 2) * 5, 3, "#3b3d45"))
            .join(""),
        -40,
        165,
        310,
      ) +
      rect(326, 360, 290, 280, 26, b.hull(s.main)) +
      path("M326 386Q326 340 400 340H560Q500 360 480 410H326z", darker(s.main, 0.12)) +
      rect(326, 440, 290, 12, 0, darker(s.main, 0.25)) +
      rect(326, 590, 290, 12, 0, darker(s.main, 0.25)) +
      shine("M350 470h22v110h-22z", 0.35) +
      (s.random.chance(0.4) ? circle(480, 520, 36, s.accent) : "") +
      (s.random.chance(0.5) ? drops(110, 330) : ""),
    long: (b, s) =>
      ground(b, 180, 640, 480) +
      stroke("M380 600Q250 560 210 400T100 250", darker(s.main, 0.1), 24) +
      stroke("M376 594Q256 552 218 400", lighter(s.main, 0.3), 6) +
      stroke("M620 420Q720 300 600 280T470 400", darker(s.trim, 0.1), 22) +
      path("M360 410H620L640 610Q640 640 610 640H370Q340 640 340 610z", b.hull(s.main)) +
      ellipse(490, 410, 130, 20, darker(s.main, 0.5)) +
      path("M360 410A130 20 0 0 1 460 391V412H362z", darker(s.main, 0.1)) +
      shine("M374 440h20l-10 170h-20z", 0.35) +
      (s.random.chance(0.5) ? rect(350, 520, 284, 30, 0, s.second, 'opacity=".85"') : ""),
    round: (b, s) =>
      ground(b, 190, 640, 430) +
      stroke("M300 540Q190 510 180 370T120 260", darker(s.main, 0.12), 30) +
      path("M90 268L130 236L148 262z", s.trim) +
      stroke(
        "M420 340Q470 160 620 260Q720 340 600 520",
        s.random.chance(0.5) ? "#a9774b" : darker(s.main, 0.25),
        24,
      ) +
      circle(440, 480, 168, b.ball(s.main)) +
      ellipse(430, 330, 66, 15, darker(s.main, 0.55)) +
      rect(350, 620, 180, 20, 8, darker(s.main, 0.3)) +
      (s.pattern === "plain"
        ? ""
        : circle(440, 480, 168, b.pattern(s.pattern, s.main, s.second, 60), 'opacity=".55"')),
    mister: (b, s) =>
      ground(b, 150) +
      path("M360 190H520Q540 190 540 210V250H440L420 300H360z", b.side(darker(s.trim, 0.05))) +
      rect(540, 206, 34, 30, 6, b.metal(s.trim)) +
      stroke("M450 256Q480 320 440 340", darker(s.trim, 0.3), 16) +
      rect(340, 296, 110, 54, 8, b.metal(s.trim)) +
      path(
        "M346 350H444Q540 380 540 470V606Q540 640 506 640H284Q250 640 250 606V470Q250 380 346 350z",
        b.glass(s.main),
      ) +
      path(
        "M262 470Q400 440 528 470V604Q528 626 506 626H284Q262 626 262 604z",
        lighter(s.main, 0.15),
        'opacity=".8"',
      ) +
      shine("M276 460Q286 410 316 396L300 600h-20z", 0.5) +
      range(7)
        .map((i) =>
          circle(610 + ((i * 31) % 110), 170 + ((i * 43) % 110), 6 + (i % 3) * 2, "#fff", 'opacity=".85"'),
        )
        .join(""),
  },
};
