import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { circle, d, ellipse, ground, path, range, rect, shine, stroke } from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

function laces(colour: string, places: readonly (readonly [number, number])[]): string {
  return stroke(places.map(([x, y]) => d`M${x - 34} ${y - 14}L${x + 30} ${y + 22}`).join(""), colour, 13);
}

/** The other shoe of the pair, behind and lighter. */
function pair(one: string): string {
  return `<g transform="translate(70 -64) scale(.92)" opacity=".96">${one}</g>${one}`;
}

export const TRAINERS: Drawing = {
  stance: "standing",
  forms: {
    runner: (b, s) => {
      const thick = s.random.integer(0, 24);
      const upper =
        "M130 380Q190 400 250 340Q300 320 350 350Q470 470 620 490Q700 510 690 570L120 580Q100 470 130 380z";
      const shoe =
        path(upper, b.pattern("speckle", s.main, lighter(s.main, 0.3), 20)) +
        path(upper, b.down(s.main), 'opacity=".75"') +
        path("M130 380Q190 400 250 340L300 560H124Q104 470 130 380z", darker(s.main, 0.18)) +
        path("M530 480Q690 470 690 570H560Q580 520 530 480z", lighter(s.second, 0.2)) +
        path("M300 550Q380 470 470 540L440 560Q380 510 330 570z", s.accent) +
        path("M260 560Q360 430 440 440L460 456Q380 460 300 570z", s.accent, 'opacity=".85"') +
        laces("#fffaf0", [
          [372, 386],
          [412, 416],
          [456, 440],
        ]) +
        path("M240 346Q280 300 340 344L320 366Q280 330 252 370z", darker(s.second, 0.4)) +
        path(
          d`M100 560Q300 590 700 556Q720 600 690 ${630}Q400 ${650} 110 ${634}Q84 ${600} 100 560z`,
          b.down("#fbf8f0"),
        ) +
        stroke(d`M110 ${604 - thick}Q400 ${626 - thick} 690 ${596 - thick}`, s.accent, 10) +
        path("M110 628Q400 650 690 624L684 646Q400 660 120 648z", darker(s.second, 0.4));
      return ground(b, 310, 644) + shoe;
    },
    court: (b, s) => {
      const upper = "M150 360Q210 390 270 350L340 360Q420 460 560 480Q680 500 684 570H140Q130 440 150 360z";
      const shoe =
        path(upper, b.down(s.main)) +
        path("M550 480Q680 500 684 570H520Q500 510 550 480z", lighter(s.main, 0.2)) +
        path("M236 470Q360 540 520 500Q430 566 236 540z", s.accent) +
        path("M150 360Q190 384 220 376L226 460H146z", s.accent) +
        laces("#fffaf0", [
          [360, 400],
          [404, 434],
          [456, 458],
        ]) +
        range(5)
          .map((i) => circle(600 + (i % 3) * 24, 516 + Math.floor(i / 3) * 22, 4, darker(s.main, 0.4)))
          .join("") +
        rect(124, 560, 570, 70, 26, b.down("#f7f1e4")) +
        stroke("M140 596H680", darker(s.second, 0.1), 6) +
        rect(130, 618, 560, 18, 8, "#c39a66");
      return ground(b, 300, 640) + pair(shoe);
    },
    hightop: (b, s) => {
      const upper = "M190 150Q260 170 340 150L372 380Q470 470 600 490Q680 510 680 576H170Q150 360 190 150z";
      const shoe =
        path(
          upper,
          s.pattern === "plain" ? b.down(s.main) : b.pattern(s.pattern, s.main, lighter(s.main, 0.35), 44),
        ) +
        path(upper, b.fold(0.26)) +
        path("M560 486Q680 500 684 576H540Q520 520 560 486z", "#fbf8f0") +
        laces("#fffaf0", [
          [344, 220],
          [350, 270],
          [360, 320],
          [372, 370],
          [410, 420],
          [456, 452],
        ]) +
        circle(236, 300, 40, "#fbf8f0") +
        circle(236, 300, 26, s.accent) +
        circle(236, 300, 11, "#fbf8f0") +
        rect(156, 560, 540, 72, 22, b.down("#fbf8f0")) +
        stroke("M164 582H688", s.accent, 7) +
        rect(160, 620, 532, 16, 6, darker(s.main, 0.3));
      return ground(b, 290, 640) + shoe;
    },
    slipon: (b, s) => {
      const upper = "M130 400Q230 380 330 420Q420 400 520 440Q680 470 680 570H124Q110 470 130 400z";
      const shoe =
        path(upper, b.pattern(s.pattern === "plain" ? "check" : s.pattern, s.main, s.second, 60)) +
        path(upper, b.fold(0.26)) +
        path("M128 412Q230 380 330 420Q260 470 134 440z", darker(s.second, 0.45)) +
        path("M330 420L372 530L416 526L400 414z", darker(s.main, 0.4)) +
        stroke("M344 424l34 100M366 420l30 104", darker(s.main, 0.1), 5) +
        rect(110, 556, 584, 76, 30, b.down("#fbf8f0")) +
        stroke("M122 580H684", s.accent, 6);
      return ground(b, 310, 636) + shoe;
    },
  },
};

export const BOOTS: Drawing = {
  stance: "standing",
  forms: {
    chelsea: (b, s) => {
      const upper = "M210 130Q300 150 390 130L400 400Q500 450 600 480Q690 510 680 590H210Q190 360 210 130z";
      return (
        ground(b, 280, 644) +
        path(upper, b.side(s.main)) +
        path(
          "M280 170Q320 150 370 168L360 360Q320 390 290 360z",
          b.pattern("stripes", "#33343b", "#1f2026", 12),
        ) +
        stroke("M210 150Q300 168 390 150", darker(s.main, 0.35), 7) +
        stroke("M240 130Q246 60 280 80L284 150", darker(s.main, 0.2), 14) +
        shine("M560 500Q640 510 650 560Q600 520 540 520z", 0.3) +
        path("M204 584H690Q704 620 690 626H204z", darker(s.main, 0.6)) +
        path("M204 620H320V648H204zM330 620H690V640H330z", "#26242c")
      );
    },
    hiking: (b, s) => {
      const upper = "M200 140Q300 170 380 140L398 360Q480 440 590 460Q690 490 690 580H190Q176 340 200 140z";
      return (
        ground(b, 300, 648) +
        path(upper, b.side(s.main)) +
        path("M200 140Q300 170 380 140L384 200Q290 220 198 200z", darker(s.second, 0.3)) +
        path("M200 420Q300 400 300 580H190z", darker(s.main, 0.3)) +
        path("M560 456Q690 480 690 580H540Q520 500 560 456z", darker(s.main, 0.4)) +
        laces(s.accent, [
          [366, 230],
          [374, 280],
          [384, 330],
          [410, 390],
          [454, 424],
        ]) +
        [
          [340, 236],
          [346, 286],
          [354, 336],
          [376, 404],
        ]
          .map(([x = 0, y = 0]) => circle(x, y, 9, s.trim))
          .join("") +
        rect(176, 570, 526, 54, 16, "#2b2a30") +
        stroke("M200 626H690", "#2b2a30", 26, 'stroke-dasharray="34 40"') +
        rect(180, 566, 516, 16, 6, s.accent)
      );
    },
    wellington: (b, s) => {
      const boot =
        path(
          "M230 90Q310 110 400 90L408 430Q500 460 590 480Q680 510 676 600H220Q200 360 230 90z",
          s.pattern === "dots" || s.pattern === "petals"
            ? b.pattern(s.pattern, s.main, lighter(s.main, 0.6), 60)
            : b.side(s.main),
        ) +
        path("M230 90Q310 110 400 90V126Q310 146 228 126z", s.second) +
        shine("M262 150H290L284 480H258z", 0.35) +
        shine("M520 480Q620 500 640 560Q580 510 500 506z", 0.35) +
        path("M212 590H684Q700 620 684 640H212z", darker(s.second, 0.3)) +
        rect(246, 180, 40, 60, 8, s.accent);
      return ground(b, 280, 640) + pair(boot);
    },
    heel: (b, s) => {
      const upper =
        "M240 190Q320 210 410 190L420 400Q500 470 600 540Q680 580 690 612Q560 630 480 590Q400 550 300 540L236 520Q220 350 240 190z";
      return (
        ground(b, 260, 644) +
        path("M236 510L330 540L300 640H250z", b.side(darker(s.main, 0.4))) +
        path(upper, b.side(s.main)) +
        stroke("M330 210L340 440", s.trim, 8) +
        rect(332, 220, 14, 36, 5, s.trim) +
        path(
          "M300 536Q400 548 480 590Q560 630 690 612L692 632Q560 650 470 610Q400 566 304 556z",
          darker(s.main, 0.6),
        ) +
        stroke("M240 210Q320 230 410 210", darker(s.main, 0.35), 7) +
        (s.random.chance(0.5)
          ? stroke("M236 420Q320 450 424 410", darker(s.second, 0.2), 16) +
            rect(396, 400, 36, 36, 6, "none", `stroke="${s.trim}" stroke-width="8"`)
          : "")
      );
    },
  },
};

function body(b: Brush, s: Subject, data: string, size: number): string {
  return (
    path(
      data,
      s.pattern === "plain" || s.pattern === "speckle"
        ? s.main
        : b.pattern(s.pattern, s.main, lighter(s.main, 0.22), size),
    ) + path(data, b.fold(0.34))
  );
}

export const BACKPACKS: Drawing = {
  stance: "standing",
  forms: {
    daypack: (b, s) =>
      ground(b, 220) +
      stroke("M350 130Q350 70 400 70T450 130", darker(s.second, 0.3), 20) +
      path("M240 300Q170 340 190 560L236 600zM560 300Q630 340 610 560L564 600z", darker(s.main, 0.4)) +
      body(b, s, "M230 300Q230 110 400 110T570 300V590Q570 640 520 640H280Q230 640 230 590z", 54) +
      stroke("M256 300Q256 150 400 150T544 300", s.trim, 7) +
      path("M274 420Q400 390 526 420V600Q526 616 508 616H292Q274 616 274 600z", darker(s.main, 0.14)) +
      path("M274 420Q400 390 526 420V450Q400 422 274 450z", s.second) +
      rect(392, 440, 16, 50, 6, s.trim) +
      rect(346, 270, 108, 64, 8, s.accent) +
      rect(362, 288, 76, 8, 4, "#fff", 'opacity=".7"'),
    rolltop: (b, s) =>
      ground(b, 210) +
      body(b, s, "M240 230H560L580 590Q580 640 530 640H270Q220 640 220 590z", 60) +
      path("M226 150Q400 120 574 150Q600 200 560 250H240Q200 200 226 150z", b.down(darker(s.main, 0.12))) +
      stroke("M226 150Q400 180 574 150", darker(s.main, 0.4), 7) +
      rect(300, 130, 40, 320, 6, s.second) +
      rect(460, 130, 40, 320, 6, s.second) +
      rect(292, 380, 56, 46, 8, b.metal(s.trim)) +
      rect(452, 380, 56, 46, 8, b.metal(s.trim)) +
      rect(262, 470, 276, 140, 16, "none", `stroke="${darker(s.main, 0.4)}" stroke-width="6"`),
    tote: (b, s) =>
      ground(b, 220) +
      stroke("M310 320Q310 110 400 110T490 320", darker(s.second, 0.2), 24) +
      body(b, s, "M200 290H600L570 620Q566 640 546 640H254Q234 640 230 620z", 90) +
      path("M200 290H600L597 326H203z", darker(s.main, 0.2)) +
      (s.pattern === "plain" || s.pattern === "speckle"
        ? circle(400, 470, 76, s.accent) + path("M340 500Q400 400 460 500Q400 540 340 500z", s.second)
        : rect(350, 420, 100, 70, 6, s.second)) +
      stroke("M300 300V350M500 300V350", darker(s.second, 0.3), 24),
    satchel: (b, s) =>
      ground(b, 260) +
      stroke("M180 400Q160 100 400 100T620 400", darker(s.main, 0.3), 20) +
      stroke("M340 300Q340 250 400 250T460 300", darker(s.main, 0.2), 20) +
      body(b, s, "M160 320H640V600Q640 640 600 640H200Q160 640 160 600z", 70) +
      path("M150 300H650V480Q640 540 560 540H240Q160 540 150 480z", b.down(s.main)) +
      stroke(
        "M166 310V476Q174 526 240 526H560Q626 526 634 476V310",
        lighter(s.main, 0.4),
        4,
        'stroke-dasharray="12 9"',
      ) +
      rect(256, 430, 44, 170, 8, darker(s.main, 0.25)) +
      rect(500, 430, 44, 170, 8, darker(s.main, 0.25)) +
      rect(248, 530, 60, 44, 8, b.metal(s.trim)) +
      rect(492, 530, 60, 44, 8, b.metal(s.trim)),
    duffel: (b, s) =>
      ground(b, 310) +
      stroke("M260 400Q260 200 400 200T540 400", darker(s.second, 0.3), 24) +
      body(
        b,
        s,
        "M110 440Q110 340 210 340H590Q690 340 690 440V560Q690 640 610 640H190Q110 640 110 560z",
        66,
      ) +
      path(
        "M110 440Q110 340 210 340L196 640Q110 640 110 560zM690 440Q690 340 590 340L604 640Q690 640 690 560z",
        darker(s.second, 0.25),
      ) +
      rect(256, 340, 34, 300, 0, darker(s.second, 0.3)) +
      rect(510, 340, 34, 300, 0, darker(s.second, 0.3)) +
      stroke("M230 362H570", s.trim, 9) +
      rect(330, 480, 140, 90, 12, darker(s.main, 0.18)) +
      rect(370, 510, 60, 30, 6, s.accent) +
      ellipse(154, 500, 14, 50, "#1f1a2e", 'opacity=".15"'),
  },
};
