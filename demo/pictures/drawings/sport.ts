import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import {
  around,
  cast,
  circle,
  d,
  ellipse,
  ground,
  group,
  path,
  range,
  rect,
  stroke,
  turned,
} from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

/** A ball of radius `r`; its marks are drawn for a radius of 100 around 0, 0 and cut off at the edge. */
function sphere(b: Brush, colour: string, r: number, marks: string, cx = 400, cy = 630 - r): string {
  const clipped = `<g clip-path="${b.clip('<circle r="100"/>')}">${marks}</g>`;
  return (
    circle(cx, cy, r, colour) +
    group(clipped, d`translate(${cx} ${cy}) scale(${r / 100})`) +
    circle(
      cx,
      cy,
      r,
      b.radial(
        [
          [0, "#fff", 0.5],
          [45, "#fff", 0],
          [70, "#1f1a2e", 0.08],
          [100, "#1f1a2e", 0.5],
        ],
        0.36,
        0.3,
        0.75,
      ),
    )
  );
}

const PENTAGON = around(5, 0, 0, 34)
  .map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`)
  .join("");

export const BALLS: Drawing = {
  stance: "standing",
  forms: {
    football: (b, s) => {
      const white = s.main === "#f4f2ed";
      const panel = white
        ? s.second === "#efe9e2" || s.second === "#f3ead7"
          ? "#2c2c31"
          : s.second
        : s.main;
      const edge = around(5, 0, 0, 92)
        .map(({ x, y, angle }) =>
          group(
            path("M-30 -12L30 -12L22 26L-22 26z", panel),
            `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${angle})`,
          ),
        )
        .join("");
      const seams = around(5, 0, 0, 34)
        .map(({ x, y }) => d`M${x} ${y}L${x * 2.1} ${y * 2.1}`)
        .join("");
      const r = s.random.integer(200, 225);
      return (
        ground(b, r) +
        sphere(
          b,
          "#fbf8f2",
          r,
          turned(
            path(`${PENTAGON}z`, panel) + stroke(seams, darker(panel, 0.2), 4) + edge,
            s.random.integer(-30, 30),
            0,
            0,
          ),
        )
      );
    },
    basketball: (b, s) => {
      const lines = stroke("M-100 0H100M0 -100V100M-72 -72Q-20 0 -72 72M72 -72Q20 0 72 72", "#2b2329", 5);
      const r = s.random.integer(205, 228);
      return (
        ground(b, r) +
        sphere(
          b,
          b.pattern("speckle", s.main, darker(s.main, 0.12), 14),
          r,
          turned(lines, s.random.integer(-40, 40), 0, 0),
        )
      );
    },
    volleyball: (b, s) => {
      const band = range(3)
        .map((i) =>
          group(
            path("M-14 -6Q40 -70 108 -60L112 -22Q50 -30 6 12z", s.main) +
              path("M6 12Q50 -30 112 -22L110 20Q60 2 18 26z", s.accent) +
              stroke(
                "M-14 -6Q40 -70 108 -60M6 12Q50 -30 112 -22M18 26Q60 2 110 20",
                "#1f1a2e",
                2,
                'opacity=".45"',
              ),
            `rotate(${i * 120})`,
          ),
        )
        .join("");
      const r = s.random.integer(200, 225);
      return ground(b, r) + sphere(b, "#fbf6ea", r, turned(band, s.random.integer(0, 60), 0, 0));
    },
    tennis: (b, s) => {
      const felt = s.main === "#f4f2ed" || s.main === "#2c2c31" || s.main === "#7c5439" ? "#d6e04e" : s.main;
      const ball = (cx: number, cy: number, r: number, turn: number) =>
        sphere(
          b,
          b.pattern("speckle", felt, lighter(felt, 0.25), 10),
          r,
          turned(stroke("M-96 -30Q-20 -60 0 0T96 30", "#fbf8f2", 9), turn, 0, 0),
          cx,
          cy,
        );
      const tube = s.random.chance(0.5);
      return (
        ground(b, 250) +
        (tube
          ? rect(440, 230, 190, 410, 30, b.glass("#dfe9ec")) +
            ball(535, 320, 84, 20) +
            ball(535, 480, 84, 70) +
            rect(434, 216, 202, 40, 12, b.side(s.second)) +
            rect(440, 540, 190, 100, 20, b.side(darker(s.second, 0.2))) +
            ball(290, 546, 90, 100)
          : ball(400, 400, 100, 10) + ball(290, 540, 100, 60) + ball(500, 536, 100, 120))
      );
    },
    rugby: (b, s) =>
      ground(b, 250) +
      turned(
        ellipse(400, 450, 280, 172, s.main) +
          path("M190 336Q230 300 280 290Q200 450 280 610Q230 596 190 564Q120 450 190 336z", s.second) +
          path("M610 336Q570 300 520 290Q600 450 520 610Q570 596 610 564Q680 450 610 336z", s.second) +
          stroke("M150 450H650", darker(s.main, 0.45), 5) +
          stroke("M330 420V480M366 416V484M400 414V486M434 416V484M470 420V480", "#fbf8f2", 11) +
          stroke("M310 450H490", "#fbf8f2", 9) +
          ellipse(
            400,
            450,
            280,
            172,
            b.radial(
              [
                [0, "#fff", 0.5],
                [45, "#fff", 0],
                [100, "#1f1a2e", 0.5],
              ],
              0.4,
              0.25,
              0.8,
            ),
          ),
        s.random.integer(-24, 24),
        400,
        450,
      ),
  },
};

/** The stringing inside an oval. */
function strings(cx: number, cy: number, rx: number, ry: number, gap: number): string {
  const lines =
    range(Math.floor((rx * 2) / gap))
      .map((i) => {
        const x = -rx + gap * (i + 0.5);
        const y = ry * Math.sqrt(1 - (x / rx) ** 2);
        return d`M${cx + x} ${cy - y}V${cy + y}`;
      })
      .join("") +
    range(Math.floor((ry * 2) / gap))
      .map((i) => {
        const y = -ry + gap * (i + 0.5);
        const x = rx * Math.sqrt(1 - (y / ry) ** 2);
        return d`M${cx - x} ${cy + y}H${cx + x}`;
      })
      .join("");
  return ellipse(cx, cy, rx, ry, "#fff", 'opacity=".14"') + stroke(lines, "#fdfbf4", 3);
}

function wrapped(b: Brush, s: Subject, y: number, length: number, width: number): string {
  return (
    rect(400 - width, y, width * 2, length, 12, b.side(darker(s.second, 0.45))) +
    stroke(
      range(Math.floor(length / 26))
        .map((i) => d`M${402 - width} ${y + 20 + i * 26}l${width * 2 - 4} -12`)
        .join(""),
      lighter(s.second, 0.1),
      4,
      'opacity=".5"',
    ) +
    rect(396 - width, y + length - 16, width * 2 + 8, 22, 8, s.accent)
  );
}

export const RACKETS: Drawing = {
  stance: "flat",
  forms: {
    tennis: (b, s) =>
      turned(
        cast("M400 60A150 190 0 1 0 401 60zM386 420H414V740H386z", 18) +
          strings(400, 240, 140, 180, 24) +
          ellipse(400, 240, 150, 190, "none", `stroke="${darker(s.main, 0.25)}" stroke-width="30"`) +
          ellipse(400, 240, 152, 192, "none", `stroke="${s.main}" stroke-width="18"`) +
          stroke("M310 60A150 190 0 0 1 490 60", s.accent, 10, 'transform="translate(0 18)"') +
          stroke("M330 410L394 540M470 410L406 540", s.main, 24) +
          wrapped(b, s, 530, 220, 24),
        s.random.integer(20, 44),
      ) +
      circle(230, 610, 62, b.ball("#d6e04e")) +
      stroke("M176 590Q230 590 240 668", "#fbf8f2", 7),
    badminton: (b, s) =>
      turned(
        cast("M400 40A120 150 0 1 0 401 40zM394 340H406V760H394z", 16) +
          strings(400, 190, 112, 142, 20) +
          ellipse(400, 190, 120, 150, "none", `stroke="${s.main}" stroke-width="16"`) +
          rect(394, 336, 12, 240, 4, b.metal(s.trim)) +
          rect(380, 326, 40, 28, 8, s.main) +
          wrapped(b, s, 560, 190, 19),
        s.random.integer(24, 46),
      ) +
      group(
        circle(0, 60, 34, b.ball("#fbf6ea")) +
          path("M-28 44L-84 -90H84L28 44z", "#fffdf8") +
          stroke("M-28 40L-80 -90M-10 40L-30 -96M10 40L30 -96M28 40L80 -90M-60 -40H60", "#c9c2b2", 5) +
          rect(-34, 34, 68, 12, 6, s.accent),
        `translate(220 570) rotate(-30)`,
      ),
    pingpong: (b, s) =>
      turned(
        cast("M400 80A180 180 0 1 0 401 80z", 18) +
          rect(366, 420, 68, 260, 24, b.side("#d9b27a")) +
          stroke("M366 640H434M400 440V680", "#b5864a", 5, 'opacity=".6"') +
          circle(400, 260, 186, darker("#d9b27a", 0.1)) +
          path("M226 220A180 180 0 0 1 574 220Q600 380 480 440H320Q200 380 226 220z", b.across(s.main)) +
          path("M318 440H482L450 490H350z", "#d9b27a"),
        s.random.integer(-40, -16),
      ) + circle(590, 590, 54, b.ball(s.random.chance(0.5) ? "#fffaf0" : "#f2a33c")),
    padel: (b, s) =>
      turned(
        cast("M400 50Q560 60 560 240Q560 400 440 470V560H360V470Q240 400 240 240Q240 60 400 50z", 18) +
          path(
            "M400 50Q560 60 560 240Q560 400 440 470L424 560H376L360 470Q240 400 240 240Q240 60 400 50z",
            b.across(s.main),
          ) +
          path(
            "M400 76Q536 86 536 240Q536 380 428 446H372Q264 380 264 240Q264 86 400 76z",
            darker(s.main, 0.5),
          ) +
          path("M270 300Q400 180 530 180L536 240Q420 240 300 360z", s.accent) +
          range(5)
            .flatMap((row) => range(5).map((col) => circle(304 + col * 48, 150 + row * 48, 9, "#fdfbf4")))
            .join("") +
          path("M376 470L400 540L424 470z", lighter(s.main, 0.5)) +
          wrapped(b, s, 546, 190, 28),
        s.random.integer(16, 40),
      ) + circle(220, 600, 58, b.ball("#d6e04e")),
  },
};

function print(b: Brush, s: Subject): string {
  return s.pattern === "plain" ? s.main : b.pattern(s.pattern, s.main, lighter(s.main, 0.3), 90);
}

function roll(b: Brush, s: Subject, y: number, half: number, r: number): string {
  const coil = range(3)
    .map((i) =>
      circle(400 - half, y, r * (0.8 - i * 0.24), "none", `stroke="${darker(s.main, 0.4)}" stroke-width="6"`),
    )
    .join("");
  return (
    rect(400 - half, y - r, half * 2 + r * 0.5, r * 2, r, print(b, s)) +
    rect(
      400 - half,
      y - r,
      half * 2 + r * 0.5,
      r * 2,
      r,
      b.linear(
        [
          [0, "#fff", 0.35],
          [40, "#fff", 0],
          [100, "#1f1a2e", 0.4],
        ],
        0,
        1,
      ),
    ) +
    circle(400 - half, y, r, lighter(s.main, 0.2)) +
    coil
  );
}

export const YOGA_MATS: Drawing = {
  stance: "flat",
  standing: ["folded", "strap"],
  forms: {
    rolled: (b, s) =>
      turned(
        cast("M180 330H640V760H180z", 16) +
          path("M180 330H640V740Q640 756 624 756H196Q180 756 180 740z", print(b, s)) +
          path(
            "M180 330H640V756H180z",
            b.linear(
              [
                [0, "#1f1a2e", 0.3],
                [14, "#1f1a2e", 0],
                [100, "#fff", 0.14],
              ],
              0,
              1,
            ),
          ) +
          stroke("M410 420V700M330 470H490M330 650H490", lighter(s.main, 0.55), 7, 'opacity=".7"') +
          group(roll(b, s, 250, 230, 96), "translate(10 0)"),
        s.random.integer(-12, 6),
      ),
    flat: (b, s) =>
      turned(
        cast("M250 60H550V740H250z", 14) +
          rect(250, 60, 300, 680, 18, print(b, s)) +
          rect(250, 60, 300, 680, 18, b.fold(0.2)) +
          rect(
            266,
            76,
            268,
            648,
            10,
            "none",
            `stroke="${lighter(s.main, 0.55)}" stroke-width="6" opacity=".8"`,
          ) +
          circle(400, 400, 80, "none", `stroke="${lighter(s.main, 0.6)}" stroke-width="8"`) +
          around(8, 400, 400, 60)
            .map(({ x, y, angle }) =>
              turned(ellipse(x, y, 15, 38, lighter(s.main, 0.6), 'opacity=".7"'), angle, x, y),
            )
            .join(""),
        s.random.integer(-34, 34),
      ) +
      group(
        rect(0, 0, 130, 90, 14, b.across(s.second)) + stroke("M14 30h102", darker(s.second, 0.2), 5),
        "translate(60 590) rotate(-14)",
      ),
    folded: (b, s) =>
      ground(b, 250) +
      range(4)
        .map(
          (i) =>
            rect(180, 572 - i * 66, 440, 62, 26, i % 2 ? print(b, s) : darker(s.main, 0.12)) +
            rect(
              180,
              572 - i * 66,
              440,
              62,
              26,
              b.linear(
                [
                  [0, "#fff", 0.3],
                  [50, "#fff", 0],
                  [100, "#1f1a2e", 0.3],
                ],
                0,
                1,
              ),
            ),
        )
        .join("") +
      path("M300 366H344V640H300zM456 366H500V640H456z", s.second, 'opacity=".9"') +
      rect(292, 480, 60, 40, 6, b.metal(s.trim)) +
      rect(448, 480, 60, 40, 6, b.metal(s.trim)) +
      circle(250, 320, 44, b.ball(s.accent)),
    strap: (b, s) =>
      ground(b, 290) +
      group(roll(b, s, 520, 250, 120), "translate(0 0)") +
      rect(300, 398, 34, 244, 8, darker(s.second, 0.25)) +
      rect(520, 398, 34, 244, 8, darker(s.second, 0.25)) +
      stroke("M316 400Q300 180 430 180T536 400", darker(s.second, 0.1), 28) +
      rect(292, 470, 50, 36, 6, b.metal(s.trim)) +
      rect(512, 470, 50, 36, 6, b.metal(s.trim)),
  },
};
