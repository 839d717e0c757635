import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { cast, circle, d, path, range, rect, shine, stroke, turned } from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

const handleOf = (b: Brush, s: Subject, y: number, length: number, half: number) =>
  rect(400 - half, y, half * 2, length, half * 0.9, b.side(s.main)) +
  rect(400 - half, y + length * 0.7, half * 2, 18, 0, s.accent) +
  rect(400 - half, y + 20, half * 2, 12, 0, darker(s.main, 0.3));

export const HAND_TOOLS: Drawing = {
  stance: "flat",
  forms: {
    hammer: (b, s) => {
      const head = "M230 150H440Q500 150 560 110Q600 90 590 130Q550 210 470 226H330V236H230z";
      return turned(
        cast(`${head}M372 226H428V720H372z`, 16) +
          rect(376, 210, 48, 180, 6, b.side("#d9b27a")) +
          handleOf(b, s, 360, 360, 34) +
          path(head, b.down("#8d949e")) +
          rect(216, 136, 60, 112, 10, b.down("#a7aeb8")) +
          shine("M290 160H440V174H290z", 0.5),
        s.random.integer(18, 44),
      );
    },
    screwdriver: (b, s) => {
      const driver = (x: number, turn: number, colour: string, shaft: number) =>
        turned(
          rect(x - 9, 330 - shaft, 18, shaft + 30, 3, b.metal("#aab2bb")) +
            path(d`M${x - 12} ${334 - shaft}h24v26h-24z`, "#7d858f") +
            path(d`M${x - 34} 350Q${x} 320 ${x + 34} 350L${x + 40} 560H${x - 40}z`, b.side(colour)) +
            stroke(d`M${x - 14} 380v120M${x + 14} 380v120`, darker(colour, 0.4), 7) +
            rect(x - 36, 350, 72, 18, 6, s.accent),
          turn,
          x,
          450,
        );
      const count = s.random.integer(2, 5);
      const drivers = range(count)
        .map((i) => {
          const tone = i % 2 ? darker(s.main, 0.2) : s.main;
          return driver(
            400 + (i - (count - 1) / 2) * 116,
            (i - (count - 1) / 2) * 5,
            tone,
            110 + ((i * 67) % 130),
          );
        })
        .join("");
      return (
        rect(116, 470, 580, 200, 30, "#1f1a2e", 'opacity=".16"') +
        drivers +
        rect(106, 452, 580, 200, 26, b.across(darker(s.second, 0.1))) +
        rect(106, 486, 580, 26, 0, s.accent, 'opacity=".9"') +
        stroke("M120 634H672", lighter(s.second, 0.4), 4, 'stroke-dasharray="12 9"')
      );
    },
    spanner: (b, s) => {
      const outline =
        "M330 90Q360 60 372 120V190H440V110Q510 130 500 220Q490 290 440 310L430 680Q430 720 400 720T366 680L350 310Q290 280 296 200Q300 130 330 90z";
      return turned(
        cast(outline, 16) +
          path(outline, b.metal("#9aa2ac")) +
          path("M364 420H434L428 660Q400 690 370 660z", b.side(s.main)) +
          rect(366, 250, 66, 34, 6, "#6d757f") +
          stroke("M376 252v30M390 252v30M404 252v30M418 252v30", "#3b3d45", 5) +
          circle(400, 696, 12, "#3b3d45") +
          rect(376, 520, 46, 16, 6, s.accent),
        s.random.integer(24, 50),
      );
    },
    saw: (b, s) => {
      const teeth = range(22)
        .map(() => "l-9 16l-9 -16")
        .join("");
      const blade = `M120 300L560 250V430H516${teeth}z`;
      return turned(
        cast("M120 300L700 240V500L120 430z", 16) +
          path(
            blade,
            b.linear(
              [
                [0, "#eef2f5"],
                [60, "#b9c1c9"],
                [100, "#dfe4e8"],
              ],
              0,
              1,
            ),
          ) +
          stroke("M150 330L540 290", "#fff", 5, 'opacity=".8"') +
          path(
            "M540 230Q640 200 700 240Q740 280 720 380Q710 470 640 490Q580 500 560 440Q530 430 540 400z",
            b.across(s.main),
          ) +
          path(
            "M600 300Q660 280 672 340Q670 420 630 430Q590 420 600 300z",
            darker(s.main, 0.65),
            'opacity=".85"',
          ) +
          circle(570, 280, 11, s.trim) +
          circle(566, 400, 11, s.trim),
        -s.random.integer(14, 34),
      );
    },
    trowel: (b, s) => {
      const blade = "M330 330Q320 120 400 60Q480 120 470 330Q400 380 330 330z";
      return (
        turned(
          cast(blade, 16) +
            path(blade, b.metal("#aab2bb")) +
            path("M386 120Q380 240 392 330H408Q420 240 414 120Q400 90 386 120z", "#7d858f", 'opacity=".5"') +
            stroke("M400 340Q404 400 400 450", "#8d949e", 26) +
            handleOf(b, s, 430, 280, 36) +
            circle(400, 690, 10, "#3b3d45") +
            stroke("M400 700Q430 760 370 766T400 704", "#b98754", 7),
          s.random.integer(20, 46),
        ) +
        path("M90 640q30 -60 80 -20t90 10q30 40 -30 60h-120q-40 -10 -20 -50z", "#5b4334", 'opacity=".85"') +
        stroke("M180 620q-4 -50 10 -80M190 560q30 -20 44 4M188 566q-30 -24 -46 0", "#5f9a62", 9)
      );
    },
  },
};
