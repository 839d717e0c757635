import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { circle, d, path, range, rect, stroke, turned } from "../shapes.ts";
import type { Draw, Drawing, Subject } from "../subject.ts";
import { book, print } from "./book.ts";

const X = 215;
const Y = 130;
const W = 350;
const H = 520;

/** A novel's cover: the art below or above, the title's bars in the free part. */
function novel(b: Brush, s: Subject, art: string, titleY: number): string {
  const ink = s.random.chance(0.5) ? lighter(s.main, 0.85) : s.accent;
  const clip = `<svg x="${X}" y="${Y}" width="${W}" height="${H}" viewBox="${X} ${Y} ${W} ${H}">${art}</svg>`;
  return turned(
    book(
      b,
      s,
      X,
      Y,
      W,
      H,
      clip +
        print(X + 70, titleY, W - 130, ink, 26) +
        rect(X + 130, Y + H - 46, W - 250, 12, 6, ink, 'opacity=".8"'),
    ),
    s.random.integer(-9, 5),
  );
}

const NOVEL_ART: Readonly<Record<string, (b: Brush, s: Subject) => readonly [string, number]>> = {
  botanic: (b, s) => [
    rect(X, Y, W, H, 0, b.down(s.main)) +
      range(5)
        .map((i) => {
          const leaves = (k: number) =>
            d`M390 ${450 + k * 50}q50 -44 80 -10q-36 40 -80 10zM390 ${470 + k * 50}q-50 -44 -80 -10q36 40 80 10z`;
          const sprig =
            stroke("M390 660V440", lighter(s.second, 0.1), 6) +
            path(leaves(0) + leaves(2), darker(s.second, 0.25)) +
            path(leaves(1) + leaves(3), s.second);
          return turned(sprig, (i - 2) * 34, 390, 660);
        })
        .join("") +
      circle(390, 420, 30, s.accent),
    200,
  ],
  waves: (b, s) => [
    rect(X, Y, W, H, 0, b.down(lighter(s.main, 0.1))) +
      circle(470, 330, 56, s.accent) +
      range(5)
        .map((i) =>
          path(
            d`M200 ${440 + i * 48}q50 -40 100 0t100 0t100 0t100 0V700H200z`,
            i % 2 ? darker(s.main, 0.1 + i * 0.1) : lighter(s.second, 0.1),
          ),
        )
        .join(""),
    190,
  ],
  hills: (_b, s) => [
    path("M200 480L320 320L400 420L480 300L600 500V700H200z", s.second) +
      path("M290 360l30 -40 26 34zM452 342l28 -42 34 50z", "#fffaf0") +
      path("M200 560Q320 460 600 560V700H200z", darker(s.main, 0.4)) +
      circle(300, 250, 36, s.accent),
    172,
  ],
  moon: (_b, s) => [
    rect(X, Y, W, H, 0, darker(s.main, 0.5)) +
      circle(400, 380, 92, "#f7eccb") +
      circle(440, 356, 82, darker(s.main, 0.5)) +
      range(14)
        .map((i) => circle(236 + ((i * 97) % 320), 150 + ((i * 61) % 440), 3 + (i % 3) * 2, "#f7eccb"))
        .join("") +
      path("M200 600Q390 540 600 610V700H200z", s.main),
    220,
  ],
  skyline: (_b, s) => [
    rect(X, 150, W, 460, 0, lighter(s.main, 0.2), 'opacity=".6"') +
      range(7)
        .map((i) =>
          rect(
            216 + i * 50,
            640 - 120 - ((i * 83) % 190),
            48,
            340,
            0,
            i % 2 ? darker(s.main, 0.45) : darker(s.second, 0.25),
          ),
        )
        .join("") +
      range(12)
        .map((i) => rect(230 + ((i * 71) % 310), 560 + ((i * 37) % 80), 10, 16, 0, s.accent))
        .join(""),
    190,
  ],
  geometric: (_b, s) => [
    range(12)
      .map((i) => {
        const x = 215 + (i % 3) * 117;
        const y = 300 + Math.floor(i / 3) * 90;
        return i % 2 ? path(d`M${x} ${y}h117v90z`, s.accent) : circle(x + 58, y + 45, 42, s.second);
      })
      .join(""),
    180,
  ],
  trees: (_b, s) => [
    rect(X, 480, W, 200, 0, darker(s.main, 0.35)) +
      range(6)
        .map((i) => {
          const x = 240 + i * 60;
          const t = 330 + ((i * 67) % 110);
          return path(
            d`M${x} ${t}l46 130h-26l40 100h-120l40 -100h-26z`,
            i % 2 ? darker(s.second, 0.45) : darker(s.second, 0.2),
          );
        })
        .join("") +
      circle(480, 270, 40, s.accent),
    172,
  ],
  sun: (b, s) => [
    rect(
      X,
      Y,
      W,
      H,
      0,
      b.linear(
        [
          [0, s.accent],
          [60, lighter(s.main, 0.2)],
          [100, s.main],
        ],
        0,
        1,
      ),
    ) +
      circle(390, 470, 110, "#fff3cf") +
      rect(X, 480, W, 200, 0, darker(s.main, 0.3)) +
      range(5)
        .map((i) => rect(320 + i * 10, 500 + i * 28, 140 - i * 20, 9, 4, "#fff3cf", 'opacity=".7"'))
        .join(""),
    190,
  ],
};

export const NOVELS: Drawing = {
  stance: "flat",
  forms: Object.fromEntries(
    Object.entries(NOVEL_ART).map(([name, art]): [string, Draw] => [
      name,
      (b, s) => {
        const [content, titleY] = art(b, s);
        return novel(b, s, content, titleY);
      },
    ]),
  ),
};
