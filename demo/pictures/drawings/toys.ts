import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { circle, d, ellipse, ground, mirrored, path, range, rect, stroke } from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

/** Fur, knit or cord: a pattern in the fur's own tone, shaded round. */
function plush(
  b: Brush,
  s: Subject,
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  colour = s.main,
  extra = "",
): string {
  return ellipse(cx, cy, rx, ry, b.ball(colour), extra);
}

const gaze = (y: number, gap: number) =>
  mirrored(circle(400 + gap, y, 15, "#26202e") + circle(404 + gap, y - 5, 5, "#fff"));

function bow(s: Subject, y: number): string {
  return (
    mirrored(path(d`M400 ${y}L460 ${y - 34}Q474 ${y} 460 ${y + 34}z`, s.accent)) +
    circle(400, y, 15, darker(s.accent, 0.2))
  );
}

/** Legs, body, arms of a sitting animal. */
function sitting(b: Brush, s: Subject, belly: string): string {
  const seam =
    s.pattern === "plain" ? "" : ellipse(400, 520, 70, 78, b.pattern(s.pattern, belly, s.second, 36));
  return (
    ground(b, 200, 644) +
    plush(b, s, 400, 520, 132, 126) +
    ellipse(400, 520, 82, 88, belly) +
    seam +
    mirrored(
      plush(b, s, 510, 600, 66, 48) +
        ellipse(526, 604, 34, 32, belly) +
        plush(b, s, 526, 470, 40, 88, s.main, 'transform="rotate(-32 526 470)"'),
    )
  );
}

export const SOFT_TOYS: Drawing = {
  stance: "standing",
  forms: {
    bear: (b, s) => {
      const pale = lighter(s.main, 0.55);
      return (
        sitting(b, s, pale) +
        mirrored(plush(b, s, 508, 196, 56, 56) + circle(508, 200, 28, pale)) +
        plush(b, s, 400, 290, 150, 134) +
        ellipse(400, 336, 62, 48, pale) +
        ellipse(400, 314, 24, 17, "#26202e") +
        stroke("M400 330v20M374 354q26 20 52 0", "#26202e", 6) +
        gaze(276, 56) +
        bow(s, 420)
      );
    },
    bunny: (b, s) => {
      const pale = lighter(s.main, 0.6);
      const floppy = s.random.chance(0.5);
      const ears = floppy
        ? mirrored(
            plush(b, s, 560, 320, 40, 130, s.main, 'transform="rotate(-14 560 320)"') +
              ellipse(562, 340, 18, 86, "#f0b3b8", 'transform="rotate(-14 562 340)"'),
          )
        : mirrored(
            plush(b, s, 460, 120, 40, 124, s.main, 'transform="rotate(10 460 120)"') +
              ellipse(460, 130, 18, 86, "#f0b3b8", 'transform="rotate(10 460 130)"'),
          );
      return (
        sitting(b, s, pale) +
        (floppy ? "" : ears) +
        plush(b, s, 400, 300, 132, 124) +
        (floppy ? ears : "") +
        gaze(290, 50) +
        path("M382 322h36l-18 20z", "#e2798a") +
        stroke("M400 342v14M376 362q24 14 48 0", "#26202e", 5) +
        mirrored(circle(476, 336, 20, "#f4c3c6")) +
        bow(s, 418)
      );
    },
    elephant: (b, s) => {
      const pale = lighter(s.main, 0.5);
      return (
        sitting(b, s, pale) +
        mirrored(plush(b, s, 548, 290, 92, 112) + ellipse(552, 296, 58, 76, "#f0b9bd")) +
        plush(b, s, 400, 280, 126, 122) +
        stroke("M400 300Q400 430 440 450T500 420", darker(s.main, 0.14), 58) +
        stroke("M392 310Q392 424 432 442T490 416", lighter(s.main, 0.2), 18) +
        gaze(266, 62)
      );
    },
    penguin: (b, s) =>
      ground(b, 170, 644) +
      mirrored(
        ellipse(470, 634, 58, 22, "#f0a73a") +
          plush(b, s, 546, 440, 40, 130, darker(s.main, 0.15), 'transform="rotate(-16 546 440)"'),
      ) +
      plush(b, s, 400, 400, 160, 236) +
      ellipse(400, 460, 112, 160, "#fbf6ee") +
      mirrored(circle(446, 280, 62, "#fbf6ee")) +
      gaze(276, 42) +
      path("M372 306H428L400 350z", "#f0a73a") +
      path("M260 380Q400 430 540 380L536 414Q400 462 264 414z", s.accent) +
      path("M480 410l50 8l-10 110l-46 -10z", s.accent),
    cat: (b, s) => {
      const pale = lighter(s.main, 0.6);
      return (
        stroke("M520 600Q660 600 630 460", darker(s.main, 0.1), 40) +
        sitting(b, s, pale) +
        mirrored(path("M430 210L510 120L530 270z", s.main) + path("M462 210L502 160L514 240z", "#f0b3b8")) +
        plush(b, s, 400, 294, 148, 122) +
        ellipse(400, 346, 56, 36, pale) +
        path("M384 326h32l-16 18z", "#e2798a") +
        stroke(
          "M400 344v8M372 362q28 14 28 -10q0 24 28 10M300 336l-80 -12M300 352l-80 14M500 336l80 -12M500 352l80 14",
          "#26202e",
          5,
        ) +
        gaze(288, 60) +
        stroke("M330 190l10 34M400 178v38M470 190l-10 34", darker(s.main, 0.3), 12) +
        bow(s, 418)
      );
    },
    fox: (b, s) =>
      path("M500 600Q700 620 660 400Q600 470 560 480Q500 540 500 600z", b.across(s.main)) +
      path("M660 400Q690 470 650 520Q620 470 612 462z", "#fff6ea") +
      sitting(b, s, "#fff6ea") +
      mirrored(
        path("M420 220L530 110L548 300z", darker(s.main, 0.1)) + path("M470 210L518 158L526 260z", "#2f2732"),
      ) +
      path("M240 270Q400 120 560 270Q560 350 400 420Q240 350 240 270z", b.down(s.main)) +
      mirrored(path("M400 420Q420 320 558 290Q546 352 400 420z", "#fff6ea")) +
      ellipse(400, 404, 22, 16, "#26202e") +
      gaze(292, 62) +
      bow(s, 436),
  },
};

const KEEN = ["#e0524a", "#f2bd3c", "#3f8fc9", "#58a866", "#e98d40", "#7e62b0"];

function keen(s: Subject, i: number): string {
  return i === 0 ? s.main : (KEEN[(i * 5 + s.random.integer(0, 5)) % KEEN.length] ?? s.accent);
}

function brick(b: Brush, x: number, y: number, studs: number, colour: string): string {
  const row = range(studs)
    .map((i) => d`M${x + 14 + i * 64} ${y}v-12q0 -6 6 -6h28q6 0 6 6v12z`)
    .join("");
  return path(row, darker(colour, 0.14)) + rect(x, y, studs * 64 + 4, 74, 6, b.down(colour));
}

function cube(b: Brush, x: number, y: number, size: number, colour: string, mark: string): string {
  const inset = size * 0.14;
  const cx = x + size / 2;
  const cy = y + size / 2;
  const shapes: Record<string, string> = {
    circle: circle(cx, cy, size * 0.22, colour),
    square: rect(cx - size * 0.2, cy - size * 0.2, size * 0.4, size * 0.4, 4, colour),
    triangle: path(d`M${cx} ${cy - size * 0.24}l${size * 0.26} ${size * 0.44}h${-size * 0.52}z`, colour),
    moon: path(
      d`M${cx} ${cy - size * 0.24}a${size * 0.24} ${size * 0.24} 0 1 0 ${size * 0.2} ${size * 0.36}a${size * 0.2} ${size * 0.2} 0 0 1 ${-size * 0.2} ${-size * 0.36}z`,
      colour,
    ),
  };
  return (
    rect(x, y, size, size, 12, b.across("#e6c594")) +
    rect(
      x + inset,
      y + inset,
      size - inset * 2,
      size - inset * 2,
      8,
      "#f6e6c8",
      `stroke="${colour}" stroke-width="8"`,
    ) +
    (shapes[mark] ?? "")
  );
}

export const BUILDING_BLOCKS: Drawing = {
  stance: "standing",
  forms: {
    bricks: (b, s) => {
      const c = range(8).map((i) => keen(s, i));
      const at = (i: number) => c[i] ?? s.main;
      const tower = s.random.chance(0.5);
      return (
        ground(b, 280) +
        brick(b, 130, 566, 4, at(0)) +
        brick(b, 394, 566, 4, at(1)) +
        brick(b, 196, 492, 3, at(2)) +
        brick(b, 394, 492, tower ? 2 : 4, at(3)) +
        brick(b, tower ? 196 : 326, 418, 2, at(4)) +
        (tower
          ? brick(b, 196, 344, 2, at(5)) + brick(b, 260, 270, 2, at(6)) + brick(b, 524, 492, 2, at(7))
          : brick(b, 460, 418, 2, at(5)) + brick(b, 390, 344, 2, at(6)))
      );
    },
    blocks: (b, s) => {
      const marks = ["circle", "triangle", "square", "moon"];
      const start = s.random.integer(0, 3);
      const mark = (i: number) => marks[(start + i) % 4] ?? "circle";
      const layouts = [
        [
          [150, 476],
          [318, 476],
          [486, 476],
          [230, 310],
          [400, 310],
        ],
        [
          [230, 476],
          [400, 476],
          [316, 310],
          [316, 144],
        ],
        [
          [110, 476],
          [110, 310],
          [278, 476],
          [490, 476],
        ],
      ];
      const places = layouts[s.random.integer(0, 2)] ?? [];
      const [lastX = 0, lastY = 0] = places.at(-1) ?? [];
      const roof = places.length === 4 ? d`M${lastX} ${lastY - 4}h164l-82 -110z` : "M314 306H484L400 150z";
      const boxes = places.map(([x = 0, y = 0], i) =>
        cube(b, x, y, 164, i === 4 ? s.main : keen(s, i), mark(i)),
      );
      return ground(b, 270) + boxes.join("") + path(roof, b.across(keen(s, 4)));
    },
    stacker: (b, s) => {
      const rings = s.random.integer(5, 6);
      return (
        ground(b, 210) +
        rect(384, 160, 32, 440, 14, b.side("#e6c594")) +
        range(rings)
          .map((i) =>
            rect(
              400 - 196 + i * 24,
              566 - i * (380 / rings),
              392 - i * 48,
              370 / rings,
              36,
              b.side(keen(s, i)),
            ),
          )
          .join("") +
        circle(400, 160, 50, b.ball(s.accent)) +
        ellipse(400, 632, 190, 18, darker("#e6c594", 0.2))
      );
    },
    rainbow: (b, s) =>
      ground(b, 290) +
      range(6)
        .map((i) => {
          const r = 290 - i * 46;
          return path(
            d`M${400 - r} 640A${r} ${r} 0 0 1 ${400 + r} 640H${400 + r - 40}A${r - 40} ${r - 40} 0 0 0 ${400 - r + 40} 640z`,
            b.down(keen(s, i)),
          );
        })
        .join("") +
      (s.random.chance(0.5)
        ? rect(604, 560, 80, 80, 10, b.across("#e6c594"))
        : circle(400, 610, 30, b.ball(s.accent))),
    train: (b, s) => {
      const wheel = (x: number, r: number) =>
        circle(x, 634 - r, r, b.ball("#e6c594")) + circle(x, 634 - r, r * 0.4, s.accent);
      return (
        ground(b, 320) +
        rect(110, 500, 250, 80, 10, b.down(keen(s, 1))) +
        rect(130, 420, 70, 84, 8, b.across("#e6c594")) +
        circle(250, 458, 44, b.ball(keen(s, 2))) +
        path("M304 500l36 -70l36 70z", keen(s, 3)) +
        rect(356, 546, 50, 16, 6, "#5d4030") +
        rect(400, 460, 290, 120, 14, b.down(s.main)) +
        rect(420, 330, 130, 140, 10, b.down(lighter(s.main, 0.1))) +
        rect(404, 310, 162, 30, 10, s.accent) +
        rect(448, 366, 74, 60, 8, "#fdf3d8") +
        rect(600, 390, 46, 76, 8, b.side("#5d4030")) +
        rect(588, 374, 70, 26, 10, keen(s, 2)) +
        circle(690, 520, 26, "#f7dd7a") +
        wheel(170, 46) +
        wheel(300, 46) +
        wheel(460, 56) +
        wheel(610, 56) +
        circle(640, 320, 24, "#fff", 'opacity=".7"') +
        circle(680, 270, 34, "#fff", 'opacity=".6"')
      );
    },
  },
};
