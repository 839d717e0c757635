import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { cast, circle, d, dots, path, range, rect, stroke, turned } from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

function skin(b: Brush, s: Subject, x: number, y: number, w: number, h: number, radius: number): string {
  const ink = lighter(s.main, s.random.chance(0.5) ? 0.25 : 0.5);
  const fill = s.pattern === "plain" ? s.main : b.pattern(s.pattern, s.main, ink, s.random.integer(44, 90));
  return rect(x, y, w, h, radius, fill) + rect(x, y, w, h, radius, b.fold(0.26));
}

function pages(x: number, y: number, w: number, h: number): string {
  return (
    rect(x + 14, y + 12, w, h, 16, "#1f1a2e", 'opacity=".22"') +
    rect(x + 8, y + 8, w, h, 14, "#d8cbb0") +
    rect(x + 6, y + 5, w, h, 14, "#f8f1e0")
  );
}

export const NOTEBOOKS: Drawing = {
  stance: "flat",
  forms: {
    band: (b, s) => {
      const ribbon = path("M470 640V730L486 712L502 730V640z", s.accent);
      return turned(
        ribbon +
          pages(200, 120, 400, 550) +
          skin(b, s, 200, 120, 400, 550, 22) +
          rect(540, 120, 18, 550, 0, darker(s.accent, 0.1)) +
          (s.random.chance(0.6)
            ? rect(270, 220, 200, 110, 6, "#fbf6ea") + stroke("M300 258h140M300 290h90", "#8d8577", 8)
            : circle(370, 330, 50, "none", `stroke="${lighter(s.main, 0.6)}" stroke-width="7"`)),
        s.random.integer(-14, 10),
      );
    },
    spiral: (b, s) =>
      turned(
        pages(210, 130, 390, 540) +
          skin(b, s, 210, 130, 390, 540, 14) +
          rect(300, 230, 210, 130, 64, "#fbf6ea") +
          stroke("M340 276h130M360 310h90", s.accent, 10) +
          dots(
            range(14).map((i) => ({ x: 234, y: 160 + i * 37 })),
            8,
            darker(s.main, 0.5),
          ) +
          stroke(
            range(14)
              .map((i) => d`M234 ${160 + i * 37}q-54 -10 -44 6t46 -2`)
              .join(""),
            "#6d727b",
            6,
          ),
        s.random.integer(-12, 12),
      ),
    stitched: (b, s) =>
      turned(pages(300, 170, 330, 480), 12) +
      turned(rect(300, 170, 330, 480, 6, b.across(s.second)), 12) +
      turned(
        pages(190, 130, 350, 510) +
          skin(b, s, 190, 130, 350, 510, 4) +
          rect(190, 130, 64, 510, 4, darker(s.main, 0.25)) +
          stroke(
            range(6)
              .map((i) => d`M214 ${170 + i * 80}v44M190 ${170 + i * 80}h24M190 ${214 + i * 80}h24`)
              .join(""),
            "#fbf6ea",
            6,
          ) +
          (s.random.chance(0.5)
            ? rect(400, 190, 76, 220, 2, "#fbf6ea") +
              stroke("M438 216v150", "#8d8577", 9, 'stroke-dasharray="24 16"')
            : rect(310, 220, 170, 90, 2, "#fbf6ea")),
        s.random.integer(-12, 0),
      ),
    planner: (b, s) => {
      const filled = s.random.integer(2, 5);
      const week = range(5)
        .map((row) =>
          range(3)
            .map((col) =>
              rect(
                420 + col * 68,
                250 + row * 62,
                56,
                48,
                6,
                (row * 3 + col) % filled === 1 ? lighter(s.main, 0.3) : "#efe6d2",
              ),
            )
            .join(""),
        )
        .join("");
      const lines = stroke(
        range(9)
          .map((i) => d`M140 ${250 + i * 36}h${i % 3 === 2 ? 120 : 200}`)
          .join(""),
        "#cdbfa2",
        6,
      );
      return turned(
        path("M90 190H710V650H90z", "#1f1a2e", 'opacity=".2" transform="translate(14 20)"') +
          rect(84, 170, 632, 480, 18, b.across(s.main)) +
          rect(104, 186, 296, 448, 6, "#fbf6ea") +
          rect(400, 186, 296, 448, 6, "#fffaf0") +
          rect(
            388,
            186,
            24,
            448,
            0,
            b.linear([
              [0, "#fffaf0"],
              [50, "#d9ccb0"],
              [100, "#fffaf0"],
            ]),
          ) +
          rect(140, 210, 120, 20, 8, s.accent) +
          rect(420, 210, 180, 20, 8, s.main) +
          lines +
          week +
          path("M560 150h34v120l-17 -16l-17 16z", s.accent) +
          range(5)
            .map((i) => circle(400, 236 + i * 86, 13, "none", 'stroke="#8d949c" stroke-width="7"'))
            .join(""),
        s.random.integer(-10, 8),
      );
    },
  },
};

/** A pen drawn upright and laid aslant. */
function laid(s: Subject, outline: string, content: string): string {
  return turned(cast(outline, 16) + content, s.random.integer(36, 56));
}

function squiggle(s: Subject): string {
  return stroke(
    s.random.pick([
      "M120 640q40 -60 70 0t70 -10t60 10t70 -20",
      "M130 650q50 -120 60 -20t60 -20q30 -40 40 10t70 -10",
      "M110 660h220M140 690h130",
    ]),
    darker(s.main, 0.35),
    9,
    'opacity=".8"',
  );
}

export const PENS: Drawing = {
  stance: "flat",
  forms: {
    fountain: (b, s) =>
      squiggle(s) +
      laid(
        s,
        "M364 60H436V560L410 700H390L364 560z",
        rect(362, 60, 76, 500, 34, b.side(s.main)) +
          rect(362, 300, 76, 22, 0, b.metal(s.trim)) +
          rect(362, 536, 76, 26, 4, b.metal(s.trim)) +
          path("M366 562H434L424 610H376z", b.side("#2d2f37")) +
          path("M380 606H420Q420 660 400 716Q380 660 380 606z", b.metal(s.trim)) +
          stroke("M400 640V710", "#4d3d20", 4) +
          circle(400, 636, 7, "#4d3d20") +
          rect(424, 80, 18, 190, 9, b.metal(s.trim)),
      ),
    ball: (b, s) =>
      squiggle(s) +
      laid(
        s,
        "M372 90H428V600L404 690H396L372 600z",
        rect(390, 50, 20, 60, 8, b.metal(s.trim)) +
          rect(370, 96, 60, 510, 20, b.side(s.main)) +
          rect(370, 380, 60, 130, 0, b.pattern("pinstripe", s.second, darker(s.second, 0.25), 18)) +
          path("M372 604H428L406 686H394z", b.metal(s.trim)) +
          path("M394 684h12l-4 22h-4z", "#3b3d45") +
          rect(424, 110, 16, 170, 8, b.metal(s.trim)) +
          rect(370, 300, 60, 14, 0, s.accent),
      ),
    mechanical: (b, s) =>
      squiggle(s) +
      laid(
        s,
        "M378 80H422V620L402 700H398L378 620z",
        rect(388, 40, 24, 40, 6, "#fbf6ea") +
          rect(384, 66, 32, 40, 6, b.metal(s.trim)) +
          path("M378 100H422V560H378z", b.metal(s.main)) +
          rect(374, 470, 52, 110, 6, b.pattern("check", "#2d2f37", "#55585f", 12)) +
          path("M378 580H422L408 660H392z", b.metal(s.trim)) +
          rect(396, 656, 8, 44, 0, "#3b3d45") +
          rect(418, 120, 14, 150, 7, b.metal(s.trim)) +
          rect(378, 420, 44, 16, 0, s.accent),
      ),
    set: (b, s) => {
      const colours = [s.main, s.accent, "#f2bd3c", "#43905f", s.second, "#3f77c3", "#7e529f", "#e98d40"];
      const at = colours.map((_, i) => ({ x: 164 + i * 60, y: 150 + ((i * 37) % 60) }));
      const wood = path(at.map(({ x, y }) => d`M${x} ${y + 90}l25 -90l25 90z`).join(""), "#e9c999");
      const leads = at.map(({ x, y }, i) =>
        path(d`M${x} ${y + 86}h50v400h-50zM${x + 17} ${y + 30}l8 -30l8 30z`, colours[i] ?? s.main),
      );
      const light = path(
        at.map(({ x, y }) => d`M${x + 8} ${y + 88}h12v400h-12z`).join(""),
        "#fff",
        'opacity=".35"',
      );
      const dark = path(
        at.map(({ x, y }) => d`M${x + 36} ${y + 88}h14v400h-14z`).join(""),
        "#1f1a2e",
        'opacity=".25"',
      );
      const pencils = wood + leads.join("") + light + dark;
      return turned(
        rect(140, 450, 520, 240, 20, "#1f1a2e", 'opacity=".2"') +
          pencils +
          rect(130, 430, 524, 240, 18, b.across(darker(s.main, 0.2))) +
          rect(130, 470, 524, 60, 0, s.second) +
          circle(392, 600, 34, s.accent),
        s.random.integer(-8, 8),
      );
    },
    brush: (b, s) =>
      path(
        "M110 560Q200 520 330 548Q340 566 322 574Q200 556 116 590Q98 580 110 560zM160 640Q240 620 300 640Q300 658 284 662Q220 650 168 664z",
        "#26242c",
        'opacity=".85"',
      ) +
      laid(
        s,
        "M378 80H422V560L400 720L378 560z",
        rect(376, 70, 48, 480, 20, b.side(s.main)) +
          rect(372, 530, 56, 40, 6, b.metal(s.trim)) +
          path("M374 568H426Q434 630 400 730Q366 630 374 568z", b.side("#3a2c28")) +
          path("M386 660Q400 700 400 730Q410 690 414 660z", "#1a1620") +
          stroke("M400 70V40", s.accent, 8) +
          circle(400, 34, 10, s.accent),
      ),
  },
};
