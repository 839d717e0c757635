import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { circle, d, ellipse, ground, path, range, rect, shine, stroke, turned } from "../shapes.ts";
import type { Draw, Drawing, Subject } from "../subject.ts";
import { label, type Sign } from "./label.ts";

function tin(b: Brush, s: Subject, x: number, y: number, w: number, h: number, sign: Sign): string {
  const fill =
    s.pattern === "plain" ? b.side(s.main) : b.pattern(s.pattern, s.main, lighter(s.main, 0.25), 54);
  return (
    rect(x, y, w, h, 18, fill) +
    rect(x, y, w, h, 18, b.shade(0.5)) +
    rect(x - 6, y - 60, w + 12, 74, 16, b.side(darker(s.main, 0.2))) +
    rect(x - 6, y + 2, w + 12, 12, 4, s.trim) +
    label(s, x + w * 0.16, y + h * 0.24, w * 0.68, h * 0.48, "#fbf6ea", sign)
  );
}

/** Tea leaves or coffee beans on the table. */
function scatter(
  colour: string,
  places: readonly (readonly [number, number, number])[],
  bean: boolean,
): string {
  return places
    .map(([x, y, turn]) =>
      turned(
        bean
          ? ellipse(x, y, 24, 16, colour) + stroke(d`M${x - 20} ${y}q20 -8 40 0`, darker(colour, 0.5), 4)
          : path(d`M${x - 24} ${y}q24 -22 48 0q-24 18 -48 0z`, colour),
        turn,
        x,
        y,
      ),
    )
    .join("");
}

const cupOf = (b: Brush, s: Subject, x: number, drink: string) =>
  path(d`M${x - 70} 560h140q-4 70 -50 80h-40q-46 -10 -50 -80z`, b.side(lighter(s.second, 0.4))) +
  ellipse(x, 560, 70, 13, lighter(s.second, 0.75)) +
  ellipse(x, 562, 60, 9, drink);

export const TEA: Drawing = {
  stance: "standing",
  forms: {
    tin: (b, s) =>
      ground(b, 180, 640, 360) +
      tin(b, s, 220, 270, 280, 370, "leaf") +
      cupOf(b, s, 610, "#b9b04a") +
      scatter(
        "#5d7a45",
        [
          [560, 660, 20],
          [180, 656, -30],
          [220, 668, 40],
        ],
        false,
      ),
    box: (b, s) =>
      ground(b, 230) +
      path("M560 250l80 -40v380l-80 50z", darker(s.main, 0.35)) +
      path("M200 250l80 -40h360l-80 40z", lighter(s.main, 0.25)) +
      rect(
        200,
        250,
        360,
        390,
        0,
        s.pattern === "plain" ? b.across(s.main) : b.pattern(s.pattern, s.main, lighter(s.main, 0.25), 64),
      ) +
      rect(200, 250, 360, 390, 0, b.fold(0.2)) +
      label(s, 270, 320, 220, 210, "#fbf6ea", "leaf") +
      stroke("M560 420Q640 430 650 520", "#f4efe4", 4) +
      path("M620 510h60l8 66h-76z", "#fbf6ea") +
      rect(632, 530, 36, 26, 3, s.accent),
    pouch: (b, s) =>
      ground(b, 190) +
      path("M240 210H560L590 600Q590 640 550 640H250Q210 640 210 600z", b.side(s.main)) +
      path("M240 210H560L562 250H238z", darker(s.main, 0.25)) +
      stroke("M250 278H550", darker(s.main, 0.4), 5, 'stroke-dasharray="10 8"') +
      label(s, 290, 320, 220, 180, "#fbf6ea", "leaf") +
      rect(330, 530, 140, 80, 40, "#f6efdc") +
      scatter(
        "#5a6b3c",
        [
          [370, 560, 20],
          [420, 584, -30],
          [440, 556, 60],
          [390, 590, 100],
          [180, 662, 10],
          [620, 660, -20],
        ],
        false,
      ) +
      shine("M250 300h18l-14 300h-16z", 0.25),
    glass: (b, s) => {
      const leafy = s.random.pick(["#8fa06a", "#6f7d4a", "#a9a56a", "#8a6a4a"]);
      return (
        ground(b, 160, 640, 370) +
        rect(250, 300, 240, 340, 30, b.glass("#dfe9e4")) +
        rect(266, 400, 208, 226, 22, b.pattern("leaves", leafy, darker(leafy, 0.35), 34)) +
        range(6)
          .map(
            (i) =>
              circle(300 + ((i * 67) % 150), 440 + ((i * 53) % 150), 15, "#fffdf2") +
              circle(300 + ((i * 67) % 150), 440 + ((i * 53) % 150), 6, "#f2c94c"),
          )
          .join("") +
        rect(258, 250, 224, 64, 16, s.random.chance(0.5) ? b.side("#c79a63") : b.metal(s.trim)) +
        rect(296, 450, 148, 120, 6, s.main) +
        stroke("M330 500h80M344 532h52", "#fbf6ea", 9) +
        cupOf(b, s, 600, "#d9b94f") +
        shine("M266 330h14v280h-14z", 0.6)
      );
    },
    cake: (b, s) => {
      const paper = s.random.chance(0.5) ? "#efe6d0" : lighter(s.main, 0.35);
      const whole = s.random.chance(0.5);
      return (
        ground(b, 250) +
        path("M150 600Q150 320 400 320T650 600Q650 640 400 640T150 600z", paper) +
        ellipse(400, 470, 250, 190, paper) +
        ellipse(400, 470, 250, 190, b.fold(0.26)) +
        (whole
          ? ""
          : path(
              "M470 300L640 420Q660 500 600 560Q520 520 470 300z",
              b.pattern("speckle", "#4a3426", "#6b4c33", 20),
            )) +
        stroke(
          range(12)
            .map(
              (i) =>
                d`M${400 + Math.cos(i * 0.5236) * 130} ${470 + Math.sin(i * 0.5236) * 98}L${400 + Math.cos(i * 0.5236 + 0.12) * 244} ${470 + Math.sin(i * 0.5236 + 0.12) * 184}`,
            )
            .join(""),
          darker(paper, 0.2),
          5,
        ) +
        ellipse(400, 470, 130, 98, s.main) +
        ellipse(400, 470, 110, 82, "none", 'stroke="#fbf6ea" stroke-width="4"') +
        path("M350 500Q400 380 450 500Q400 530 350 500z", lighter(s.main, 0.7)) +
        scatter(
          "#4a3426",
          [
            [160, 650, 10],
            [200, 668, -40],
            [620, 662, 30],
            [660, 640, -10],
          ],
          false,
        )
      );
    },
  },
};

const BEANS = [
  [150, 650, 20],
  [196, 670, -30],
  [620, 668, 40],
  [660, 650, -10],
  [126, 676, 70],
] as const;

export const COFFEE: Drawing = {
  stance: "standing",
  forms: {
    bag: (b, s) =>
      ground(b, 200) +
      path("M240 170H560V236L590 600Q590 640 556 640H244Q210 640 210 600L240 236z", b.side(s.main)) +
      path("M236 150H564V206Q400 222 236 206z", b.down(darker(s.main, 0.2))) +
      rect(236, 200, 328, 14, 4, s.trim) +
      circle(400, 262, 13, darker(s.main, 0.45)) +
      label(s, 280, 310, 240, 190, "#fbf6ea", "bean") +
      rect(280, 520, 240, 46, 0, s.accent) +
      path(
        "M240 240L300 600L250 636Q214 630 212 600zM560 240L500 600L550 636Q586 630 588 600z",
        "#1f1a2e",
        'opacity=".12"',
      ) +
      scatter("#6a4029", BEANS, true),
    tin: (b, s) =>
      ground(b, 190, 640, 350) +
      tin(b, s, 200, 290, 300, 350, "bean") +
      `<g>${rect(560, 596, 170, 18, 9, b.metal(s.trim))}${path("M500 570h90q0 64 -45 64t-45 -64z", b.metal(s.trim))}${path("M506 572q40 -34 78 0z", "#5b3826")}</g>` +
      scatter("#6a4029", BEANS, true),
    box: (b, s) =>
      ground(b, 220, 640, 360) +
      rect(180, 330, 320, 310, 8, b.across(s.main)) +
      rect(180, 330, 320, 64, 0, darker(s.main, 0.25)) +
      label(s, 230, 420, 220, 170, "#fbf6ea", "bean") +
      path("M540 480H680L700 640H520z", b.side("#f4ead6")) +
      path("M540 480H680L684 520H536z", s.accent) +
      stroke("M560 560h96M570 590h76", "#b79f78", 8) +
      path("M560 480q50 -60 100 0z", "#6a4029") +
      scatter("#6a4029", BEANS, true),
    bottle: (b, s) =>
      ground(b, 120) +
      path(
        "M350 150H450V250Q520 280 520 360V610Q520 640 490 640H310Q280 640 280 610V360Q280 280 350 250z",
        b.glass("#e9e3da"),
      ) +
      path(
        "M296 370Q300 300 360 268H440Q500 300 504 370V606Q504 624 486 624H314Q296 624 296 606z",
        b.side("#4b2c1e"),
      ) +
      rect(340, 120, 120, 66, 14, b.side(s.second)) +
      rect(280, 390, 240, 170, 0, b.side(s.main)) +
      label(s, 320, 404, 160, 140, "#fbf6ea", "bean") +
      range(2)
        .map((i) =>
          turned(
            rect(580 + i * 70, 580, 60, 60, 12, "#e9f4f7", 'opacity=".85" stroke="#fff" stroke-width="4"'),
            i * 18 - 8,
            610 + i * 70,
            610,
          ),
        )
        .join("") +
      shine("M306 350h14v260h-14z", 0.5),
  },
};

function preserve(b: Brush, s: Subject, body: string, inside: string, bits: string): string {
  const cloth = s.random.chance(0.5);
  const lid = cloth
    ? path(
        "M250 330Q240 250 300 240H500Q560 250 550 330Q520 312 490 330Q460 312 430 330Q400 312 370 330Q340 312 310 330Q280 312 250 330z",
        b.pattern("check", "#fbf6ea", s.accent, 40),
      ) + stroke("M290 290Q400 306 510 290", s.trim, 9)
    : rect(268, 236, 264, 74, 16, s.random.chance(0.5) ? b.metal(s.trim) : b.side(s.accent)) +
      stroke(
        range(10)
          .map((i) => d`M${286 + i * 26} 250v48`)
          .join(""),
        "#1f1a2e",
        3,
        'opacity=".25"',
      );
  return (
    path(
      inside,
      b.radial(
        [
          [0, lighter(s.main, 0.45)],
          [60, s.main],
          [100, darker(s.main, 0.3)],
        ],
        0.4,
        0.35,
        0.8,
      ),
    ) +
    bits +
    path(body, b.glass(lighter(s.main, 0.4)), 'opacity=".6"') +
    path(body, "none", 'stroke="#fffaf0" stroke-width="6" opacity=".8"') +
    lid +
    label(s, 306, 420, 188, 150) +
    shine("M262 370h16v210h-16z", 0.6)
  );
}

const JAR = "M270 310H530Q560 330 560 370V600Q560 640 520 640H280Q240 640 240 600V370Q240 330 270 310z";
const JAR_INSIDE =
  "M270 340H530Q546 350 546 380V598Q546 626 516 626H284Q254 626 254 598V380Q254 350 270 340z";
const HEX = "M290 310H510L600 420V540L520 640H280L200 540V420z";

const dipper: Draw = (b, s) =>
  turned(
    rect(636, 300, 18, 240, 8, b.side("#b98754")) +
      range(4)
        .map((i) => rect(608, 540 + i * 24, 74, 17, 8, b.side("#c79a63")))
        .join("") +
      path("M640 630q10 -4 12 20q2 26 -7 26t-7 -26z", s.main),
    12,
    645,
    500,
  );

/** Honey is the colour of honey, whatever the fruit next to it on the shelf. */
function golden(s: Subject): Subject {
  return { ...s, main: s.random.pick(["#d9962a", "#c8792a", "#e8b84a", "#a9642a", "#f0cd6a"]) };
}

export const HONEY: Drawing = {
  stance: "standing",
  forms: {
    hex: (b, s) =>
      ground(b, 210) +
      dipper(b, s) +
      preserve(b, golden(s), HEX, "M300 336H500L584 430V532L510 626H290L216 532V430z", ""),
    jam: (b, s) =>
      ground(b, 180) +
      preserve(
        b,
        s,
        JAR,
        JAR_INSIDE,
        range(9)
          .map((i) =>
            circle(
              282 + ((i * 89) % 240),
              370 + ((i * 67) % 230),
              13 + (i % 3) * 6,
              darker(s.main, 0.3),
              'opacity=".7"',
            ),
          )
          .join(""),
      ) +
      [
        [610, 610],
        [660, 622],
        [636, 576],
      ]
        .map(([x = 0, y = 0]) => circle(x, y, 32, b.ball(s.main)))
        .join("") +
      path("M636 546q30 -40 60 -16q-24 30 -60 16z", "#5f8f4f"),
    comb: (b, subject) => {
      const s = golden(subject);
      const cells = range(5)
        .flatMap((row) =>
          range(6).map((col) => {
            const x = 196 + col * 78 + (row % 2) * 39;
            const y = 380 + row * 54;
            return d`M${x} ${y - 30}l30 17v34l-30 17l-30 -17v-34z`;
          }),
        )
        .join("");
      return (
        ground(b, 270) +
        path("M110 610H690L650 644H150z", b.side("#b98754")) +
        rect(150, 320, 500, 290, 18, b.across(s.main)) +
        path(cells, lighter(s.main, 0.3), `stroke="${darker(s.main, 0.35)}" stroke-width="6"`) +
        path(
          "M168 320H632Q650 320 650 344Q640 372 620 350Q600 330 590 380Q570 440 552 380Q530 340 480 352Q460 420 440 352Q380 330 340 356Q322 452 300 366Q260 330 210 350Q160 380 150 344Q150 320 168 320z",
          lighter(s.main, 0.5),
          'opacity=".9"',
        ) +
        stroke("M580 610q4 40 -6 70", s.main, 16) +
        dipper(b, s)
      );
    },
    marmalade: (b, s) =>
      ground(b, 180, 640, 380) +
      preserve(
        b,
        s,
        JAR,
        JAR_INSIDE,
        stroke(
          "M290 380q40 20 80 0M420 400q40 30 80 -10M280 590q60 -30 120 0M440 600q40 -20 80 0",
          darker(s.main, 0.2),
          11,
          'opacity=".7"',
        ),
      ) +
      circle(636, 566, 72, b.ball("#f0963a")) +
      circle(636, 566, 60, "#fbe3b0") +
      path(
        range(8)
          .map((i) => {
            const a = (i * Math.PI) / 4;
            return d`M636 566L${636 + Math.cos(a + 0.1) * 54} ${566 + Math.sin(a + 0.1) * 54}Q${636 + Math.cos(a + 0.39) * 66} ${566 + Math.sin(a + 0.39) * 66} ${636 + Math.cos(a + 0.68) * 54} ${566 + Math.sin(a + 0.68) * 54}z`;
          })
          .join(""),
        "#f3a448",
      ),
  },
};
