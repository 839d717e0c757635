import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { circle, d, ellipse, path, range, rect, stroke, turned } from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";
import { book, print } from "./book.ts";

/** A cookery book: a big square cover with a plate from above. */
function cookbook(b: Brush, s: Subject, dish: string): string {
  const plate =
    circle(386, 440, 176, "#1f1a2e", 'opacity=".14" transform="translate(8 10)"') +
    circle(386, 440, 176, lighter(s.second, 0.6)) +
    circle(386, 440, 140, lighter(s.second, 0.8), `stroke="${darker(s.second, 0.1)}" stroke-width="4"`);
  const cutlery = stroke(
    "M196 360V560M184 350v50q12 20 24 0v-50M576 350q26 40 0 100V560",
    darker(s.main, 0.4),
    9,
  );
  return turned(
    book(b, s, 150, 130, 470, 530, print(230, 170, 310, darker(s.main, 0.55), 30) + cutlery + plate + dish),
    s.random.integer(-8, 4),
  );
}

export const COOKBOOKS: Drawing = {
  stance: "flat",
  forms: {
    noodles: (b, s) =>
      cookbook(
        b,
        s,
        circle(386, 440, 122, "#b5532f") +
          stroke(
            range(5)
              .map((i) => d`M${296 + i * 8} ${390 + i * 26}q45 -40 90 0t90 0`)
              .join(""),
            "#f3d68a",
            13,
          ) +
          ellipse(430, 400, 34, 26, "#fffdf6") +
          circle(430, 400, 13, "#f2b632") +
          range(4)
            .map((i) => circle(330 + i * 20, 490 - i * 8, 8, "#6fa155"))
            .join("") +
          stroke("M470 260L330 520M500 270L350 530", "#7d4a2b", 9),
      ),
    bread: (b, s) =>
      cookbook(
        b,
        s,
        ellipse(386, 440, 126, 84, b.ball("#c98743"), 'transform="rotate(-20 386 440)"') +
          stroke("M310 470q20 -50 60 -60M366 460q20 -50 60 -60M424 440q16 -40 50 -50", "#f4d9a6", 14),
      ),
    soup: (b, s) =>
      cookbook(
        b,
        s,
        circle(386, 440, 118, "#d9752f") +
          stroke("M330 440a56 44 0 1 1 60 44a30 26 0 1 1 20 -44", "#f7e6c4", 13) +
          range(3)
            .map((i) => path(d`M${350 + i * 44} ${380 + i * 40}q22 -30 44 -4q-20 26 -44 4z`, "#5f9350"))
            .join(""),
      ),
    vegetables: (_b, s) =>
      cookbook(
        _b,
        s,
        path("M330 380L420 540L290 430z", "#e8853b") +
          stroke("M310 400l-50 -50M310 400l-20 -70", "#5f9350", 12) +
          circle(450, 410, 50, "#d64b3c") +
          circle(410, 490, 30, "#d64b3c") +
          path("M430 366l20 14 20 -16-4 24z", "#4d7d43") +
          ellipse(380, 360, 60, 34, "#6fa155") +
          ellipse(470, 490, 34, 50, "#6a4a86"),
      ),
    dumplings: (b, s) =>
      cookbook(
        b,
        s,
        [
          [340, 400],
          [430, 390],
          [380, 470],
          [460, 470],
        ]
          .map(([x = 0, y = 0], i) =>
            turned(
              path(
                d`M${x - 56} ${y + 20}Q${x} ${y - 60} ${x + 56} ${y + 20}Q${x} ${y + 40} ${x - 56} ${y + 20}z`,
                b.down("#f3e3c3"),
              ) +
                stroke(
                  d`M${x - 40} ${y}l8 14M${x - 16} ${y - 14}l4 16M${x + 12} ${y - 16}l-2 16M${x + 36} ${y - 2}l-8 14`,
                  "#c9ac7c",
                  5,
                ),
              i * 24 - 30,
              x,
              y,
            ),
          )
          .join("") + circle(300, 490, 32, "#5b2f20"),
      ),
    cake: (b, s) =>
      cookbook(
        b,
        s,
        path("M290 430H490V530H290z", "#f2d3a0") +
          rect(290, 466, 200, 22, 0, s.accent) +
          path(
            "M280 400Q390 360 500 400V440q-20 30 -36 0q-18 40 -36 0q-20 30 -38 0q-18 36 -36 0q-20 30 -36 0q-14 20 -38 0z",
            b.down("#fff3ec"),
          ) +
          circle(390, 366, 26, b.ball("#d0343f")) +
          stroke("M394 344q4 -30 26 -40", "#5f7d3a", 6),
      ),
    fish: (b, s) =>
      cookbook(
        b,
        s,
        path(
          "M270 440Q340 350 450 430L510 380Q500 440 510 500L450 450Q340 530 270 440z",
          b.across("#7fa3b8"),
        ) +
          circle(310, 430, 9, "#1f1a2e") +
          stroke("M350 400q20 40 0 80M390 396q22 44 0 88", "#dbe8ee", 7) +
          path("M300 350a40 40 0 0 1 74 -10z", "#f2cf4a"),
      ),
    pizza: (b, s) =>
      cookbook(
        b,
        s,
        circle(386, 440, 124, b.ball("#d99a4e")) +
          circle(386, 440, 106, "#f3cf72") +
          [
            [340, 400],
            [420, 390],
            [450, 460],
            [370, 500],
            [330, 460],
            [395, 440],
          ]
            .map(([x = 0, y = 0], i) =>
              i % 3 === 2
                ? path(d`M${x - 20} ${y}q24 -30 44 0q-20 24 -44 0z`, "#5f9350")
                : circle(x, y, 21, "#c8432f"),
            )
            .join("") +
          stroke("M386 330V550M280 390L490 490", "#c9853c", 4),
      ),
  },
};

/** A thin big picture book with an animal's face that fills the cover. */
function pictureBook(b: Brush, s: Subject, animal: string): string {
  const scene =
    path("M140 560Q300 470 650 560V670H140z", lighter(s.second, 0.1)) +
    range(8)
      .map((i) =>
        circle(170 + ((i * 131) % 440), 160 + ((i * 53) % 130), 7 + (i % 3) * 3, "#fffaf0", 'opacity=".85"'),
      )
      .join("");
  return turned(
    book(
      b,
      s,
      130,
      130,
      510,
      530,
      `<svg x="130" y="130" width="510" height="530" viewBox="130 130 510 530">${scene}<g transform="translate(0 40)">${animal}</g></svg>` +
        print(220, 164, 330, "#fffaf0", 34),
    ),
    s.random.integer(-7, 5),
  );
}

function eyes(left: number, right: number, y: number, r = 13): string {
  return (
    circle(left, y, r, "#26202e") +
    circle(right, y, r, "#26202e") +
    circle(left + 4, y - 4, r * 0.35, "#fff") +
    circle(right + 4, y - 4, r * 0.35, "#fff")
  );
}

export const PICTURE_BOOKS: Drawing = {
  stance: "flat",
  forms: {
    fox: (b, s) =>
      pictureBook(
        b,
        s,
        path("M270 290L290 400H220zM500 290L480 400H550z", "#d96a2b") +
          path("M220 380Q385 320 550 380Q540 520 385 590Q230 520 220 380z", b.down("#e8833a")) +
          path("M224 420Q330 420 385 590Q440 420 546 420Q530 530 385 592Q240 530 224 420z", "#fff3e2") +
          eyes(318, 452, 440) +
          ellipse(385, 575, 22, 16, "#26202e"),
      ),
    bear: (b, s) =>
      pictureBook(
        b,
        s,
        circle(270, 330, 56, "#8a5a3c") +
          circle(500, 330, 56, "#8a5a3c") +
          circle(270, 330, 28, "#d9a27c") +
          circle(500, 330, 28, "#d9a27c") +
          circle(385, 440, 160, b.ball("#9c6a48")) +
          ellipse(385, 496, 76, 60, "#e9c9a6") +
          ellipse(385, 470, 26, 18, "#26202e") +
          stroke("M385 488v22M350 512q35 26 70 0", "#26202e", 7) +
          eyes(326, 444, 420),
      ),
    whale: (b, s) =>
      pictureBook(
        b,
        s,
        path(
          "M190 440Q200 310 360 320Q500 330 520 460Q560 460 570 390Q600 400 590 440Q620 430 630 460Q590 480 570 500Q530 590 380 590Q200 590 190 440z",
          b.down("#4f86b8"),
        ) +
          path("M196 480Q330 520 470 560Q330 620 220 550z", "#dcebf3") +
          eyes(260, 260, 440) +
          stroke("M350 310v-40M350 270q-40 -50 -70 -10M350 270q40 -50 70 -10", "#a9d4ee", 12) +
          stroke("M220 480q30 24 60 10", "#26202e", 6),
      ),
    rabbit: (b, s) =>
      pictureBook(
        b,
        s,
        ellipse(320, 280, 38, 120, "#efe6dc", 'transform="rotate(-10 320 280)"') +
          ellipse(450, 280, 38, 120, "#efe6dc", 'transform="rotate(10 450 280)"') +
          ellipse(322, 290, 18, 84, "#f0b3b8", 'transform="rotate(-10 322 290)"') +
          ellipse(448, 290, 18, 84, "#f0b3b8", 'transform="rotate(10 448 290)"') +
          ellipse(385, 470, 140, 124, b.ball("#f7f0e8")) +
          eyes(330, 440, 450) +
          path("M368 490h34l-17 20z", "#e2798a") +
          stroke("M385 510v16M360 534q25 16 50 0", "#26202e", 6) +
          circle(290, 510, 24, "#f4c3c6") +
          circle(480, 510, 24, "#f4c3c6"),
      ),
    owl: (b, s) =>
      pictureBook(
        b,
        s,
        path("M240 300Q385 370 530 300Q570 470 500 560Q385 630 270 560Q200 470 240 300z", b.down("#8c6a9c")) +
          ellipse(385, 530, 86, 80, "#d9c3dc") +
          circle(318, 400, 70, "#fff8e6") +
          circle(452, 400, 70, "#fff8e6") +
          eyes(326, 444, 404, 32) +
          path("M366 440h38l-19 44z", "#f2b632") +
          stroke("M340 520q20 18 40 0M390 520q20 18 40 0M366 556q20 18 40 0", "#a98ab0", 7),
      ),
    cat: (b, s) =>
      pictureBook(
        b,
        s,
        path("M240 290L340 350L250 430zM530 290L430 350L520 430z", "#4b4f58") +
          ellipse(385, 450, 165, 140, b.ball("#5f646e")) +
          ellipse(325, 430, 34, 40, "#d8e36b") +
          ellipse(445, 430, 34, 40, "#d8e36b") +
          ellipse(325, 430, 11, 34, "#26202e") +
          ellipse(445, 430, 11, 34, "#26202e") +
          path("M367 490h36l-18 20z", "#eda3ae") +
          stroke(
            "M385 510v14M350 536q35 20 35 -12q0 32 35 12M300 500l-90 -14M300 516l-90 16M470 500l90 -14M470 516l90 16",
            "#f4efe4",
            5,
          ),
      ),
  },
};
