import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { circle, d, ellipse, ground, group, mirrored, path, rect, stroke, turned } from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

function fabric(b: Brush, s: Subject, data: string, colour = s.main): string {
  return (
    path(data, s.pattern === "plain" ? colour : b.pattern(s.pattern, colour, lighter(colour, 0.22), 56)) +
    path(data, b.fold(0.3))
  );
}

const bone = (x: number, y: number, turn: number, colour: string) =>
  turned(
    rect(x - 50, y - 14, 100, 28, 10, colour) +
      [-1, 1]
        .map((side) => circle(x + side * 50, y - 16, 20, colour) + circle(x + side * 50, y + 16, 20, colour))
        .join(""),
    turn,
    x,
    y,
  );

/** A cat asleep, curled up, about 240 wide. */
function curled(b: Brush, x: number, y: number, colour: string): string {
  return group(
    ellipse(0, 0, 130, 66, b.ball(colour)) +
      stroke("M120 10Q130 60 30 58", darker(colour, 0.12), 32) +
      path("M-120 -40L-128 -92L-84 -66zM-40 -62L-30 -108L-74 -74z", darker(colour, 0.1)) +
      circle(-80, -20, 56, b.ball(colour)) +
      stroke("M-108 -18q10 10 20 0M-70 -18q10 10 20 0", "#26202e", 5) +
      path("M-86 -2h14l-7 9z", "#e2798a"),
    d`translate(${x} ${y})`,
  );
}

export const PET_BEDS: Drawing = {
  stance: "standing",
  forms: {
    dog: (b, s) =>
      ground(b, 310) +
      fabric(b, s, "M110 430Q120 350 200 360L600 360Q680 350 690 430V560H110z", darker(s.main, 0.15)) +
      ellipse(400, 500, 250, 74, lighter(s.second, 0.35)) +
      ellipse(400, 506, 220, 56, lighter(s.second, 0.55)) +
      fabric(
        b,
        s,
        "M90 470Q90 420 150 430Q190 440 200 500Q400 570 600 500Q610 440 650 430Q710 420 710 470V590Q700 640 640 640H160Q100 640 90 590z",
      ) +
      stroke("M130 580Q400 630 670 580", darker(s.main, 0.3), 5) +
      bone(400, 590, -8, lighter(s.main, 0.7)) +
      (s.random.chance(0.5) ? circle(540, 462, 40, b.ball(s.accent)) : bone(480, 474, 18, "#f6efdc")),
    cat: (b, s) =>
      ground(b, 290) +
      ellipse(
        400,
        520,
        280,
        110,
        s.pattern === "plain" ? s.main : b.pattern(s.pattern, s.main, lighter(s.main, 0.22), 50),
      ) +
      ellipse(400, 490, 210, 76, darker(s.main, 0.4)) +
      ellipse(400, 500, 200, 66, lighter(s.second, 0.45)) +
      curled(b, 400, 462, s.random.pick(["#e09a55", "#6b6f79", "#efe4d4", "#3d3b44"])) +
      fabric(b, s, "M120 520Q180 580 400 580T680 520V560Q660 640 400 640T120 560z"),
    cave: (b, s) =>
      ground(b, 270) +
      fabric(b, s, "M140 560Q140 250 400 230T660 560Q660 640 580 640H220Q140 640 140 560z") +
      mirrored(
        path("M470 250L560 150L590 340z", darker(s.main, 0.08)) + path("M510 260L548 204L560 310z", s.second),
      ) +
      ellipse(400, 510, 140, 110, darker(s.main, 0.62)) +
      stroke("M262 510A140 110 0 1 1 538 510", lighter(s.main, 0.3), 16) +
      ellipse(400, 590, 130, 36, lighter(s.second, 0.4)) +
      mirrored(ellipse(436, 500, 18, 21, "#d8e36b") + ellipse(436, 500, 6, 18, "#26202e")) +
      path("M388 532h24l-12 12z", "#e2798a"),
    house: (b, s) => {
      const painted = s.random.pick(["#d9b27a", lighter(s.main, 0.35), lighter(s.second, 0.2), "#f1ead9"]);
      return (
        ground(b, 260) +
        rect(190, 340, 420, 300, 6, b.across(painted)) +
        stroke("M190 400H610M190 460H610M190 520H610M190 580H610", darker(painted, 0.25), 4, 'opacity=".7"') +
        path("M300 640V510A100 100 0 0 1 500 510V640z", darker("#5d4030", 0.3)) +
        path("M300 640V600Q400 570 500 600V640z", lighter(s.main, 0.3)) +
        path("M150 356L400 150L650 356L622 386L400 206L178 386z", b.down(s.main)) +
        path("M400 206L622 386H178z", lighter(painted, 0.2)) +
        bone(400, 318, 0, s.accent) +
        rect(178, 622, 444, 22, 6, darker(painted, 0.3))
      );
    },
  },
};
