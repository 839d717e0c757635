import type { Brush } from "../brush.ts";
import { darker, lighter } from "../colour.ts";
import { cast, circle, d, dots, mirrored, path, range, rect, stroke } from "../shapes.ts";
import type { Drawing, Subject } from "../subject.ts";

/** Cloth: pattern, then the folds, then the seams. */
function cloth(b: Brush, s: Subject, data: string, size = 56, base = s.main): string {
  const ink = s.random.chance(0.5) ? lighter(base, 0.5) : s.second;
  const plain = s.pattern === "plain" || s.pattern === "speckle";
  return path(data, plain ? base : b.pattern(s.pattern, base, ink, size)) + path(data, b.fold(0.3));
}

const creases = stroke(
  "M300 330Q320 480 300 640M500 330Q480 500 506 650M400 520Q392 600 400 690",
  "#1f1a2e",
  9,
  'opacity=".1"',
);

function hanger(s: Subject): string {
  return (
    stroke("M400 130V90Q400 50 430 56T430 110", "#8d949c", 9) + stroke("M250 190L400 122L550 190", s.trim, 18)
  );
}

/** A top with sleeves of a length (1 is long), wide at the hem by `hem`. */
function top(length: number, hem: number): string {
  const x = 154 - 22 * length;
  const y = 270 + 340 * length;
  return d`M320 140Q400 190 480 140L590 190L${800 - x} ${y}L${800 - x - 78} ${y + 34}L556 340L${400 + hem} 700Q400 722 ${400 - hem} 700L244 340L${x + 78} ${y + 34}L${x} ${y}L210 190z`;
}

function buttons(colour: string, from: number, count: number, step: number, x = 400): string {
  const places = range(count).map((i) => ({ x, y: from + i * step }));
  return dots(places, 10, "#1f1a2e", 'opacity=".35"') + dots(places, 8, colour);
}

function garment(b: Brush, s: Subject, outline: string, details: string, size = 56): string {
  return (
    hanger(s) +
    cast(outline, 16) +
    cloth(b, s, outline, size) +
    creases +
    stroke(outline, darker(s.main, 0.22), 4, 'opacity=".6"') +
    details
  );
}

export const SHIRTS: Drawing = {
  stance: "flat",
  forms: {
    shirt: (b, s) => {
      const collar = mirrored(
        path("M400 190L336 128L306 162L366 236z", lighter(s.main, 0.14)) +
          stroke("M400 190L336 128L306 162L366 236z", darker(s.main, 0.25), 4),
      );
      const cuffs = mirrored(stroke("M136 582L212 616", darker(s.main, 0.25), 5));
      return garment(
        b,
        s,
        top(1, 150),
        stroke("M400 190V712", darker(s.main, 0.3), 4) +
          collar +
          cuffs +
          buttons(lighter(s.main, 0.75), 256, 7, 66) +
          (s.random.chance(0.6)
            ? rect(440, 320, 84, 92, 10, "none", `stroke="${darker(s.main, 0.3)}" stroke-width="4"`)
            : ""),
        s.random.integer(40, 76),
      );
    },
    tee: (b, s) => {
      const art = s.random.integer(0, 3);
      const print =
        [
          circle(400, 370, 76, s.accent) +
            path("M330 400Q370 350 400 380T470 370V420Q400 470 340 420z", s.second),
          path("M330 430L390 320L420 370L440 340L480 430z", s.accent),
          rect(320, 320, 160, 24, 12, s.accent) +
            rect(320, 360, 160, 24, 12, s.second) +
            rect(320, 400, 160, 24, 12, s.trim),
          "",
        ][art] ?? "";
      return garment(
        b,
        { ...s, pattern: s.pattern === "pinstripe" || s.pattern === "stripes" ? s.pattern : "plain" },
        top(0.22, 160),
        stroke("M322 140Q400 230 478 140", lighter(s.main, 0.3), 18) +
          stroke("M318 146Q400 250 482 146", darker(s.main, 0.25), 4) +
          print,
        70,
      );
    },
    polo: (b, s) =>
      garment(
        b,
        { ...s, pattern: s.pattern === "pinstripe" ? "pinstripe" : "plain" },
        top(0.24, 156),
        rect(
          382,
          180,
          36,
          140,
          4,
          lighter(s.main, 0.12),
          `stroke="${darker(s.main, 0.3)}" stroke-width="3"`,
        ) +
          buttons("#fffaf0", 220, 3, 38) +
          mirrored(
            path("M400 186L344 126L306 150Q330 210 372 232z", s.second) +
              stroke(d`M210 392L286 420`, s.second, 16),
          ) +
          circle(480, 330, 14, s.accent),
        90,
      ),
    camp: (b, s) =>
      garment(
        b,
        { ...s, pattern: s.pattern === "plain" ? "leaves" : s.pattern },
        top(0.3, 172),
        mirrored(
          path("M400 300L330 130L290 160L330 250L360 240z", lighter(s.main, 0.2)) +
            stroke("M400 300L330 130L290 160L330 250L360 240z", darker(s.main, 0.3), 4),
        ) +
          stroke("M400 300V708", darker(s.main, 0.35), 4) +
          buttons("#fffaf0", 340, 5, 76),
        90,
      ),
  },
};

function dress(waist: number, hem: number, low: number, sleeves: string): string {
  return (
    d`M320 110Q330 150 ${400} 190Q470 150 480 110L520 120L540 230Q${400 + waist} 300 ${400 + waist} 360Q${400 + hem * 0.7} 520 ${400 + hem} ${low}Q400 ${low + 34} ${400 - hem} ${low}Q${400 - hem * 0.7} 520 ${400 - waist} 360Q${400 - waist} 300 260 230L280 120z` +
    sleeves
  );
}

const PLEATS = (s: Subject, hem: number, low: number) =>
  stroke(
    range(5)
      .map(
        (i) =>
          d`M${400 + (i - 2) * 30} 380Q${400 + (i - 2) * hem * 0.3} 540 ${400 + (i - 2) * hem * 0.4} ${low}`,
      )
      .join(""),
    darker(s.main, 0.4),
    5,
    'opacity=".35"',
  );

export const DRESSES: Drawing = {
  stance: "flat",
  forms: {
    midi: (b, s) => {
      const puff = "M280 124Q190 130 186 220Q200 262 262 250zM520 124Q610 130 614 220Q600 262 538 250z";
      const hem = s.random.integer(190, 230);
      const data = dress(96, hem, 710, puff);
      return (
        hangerFor(s) +
        cast(data, 16) +
        cloth(b, s, data, s.random.integer(50, 90)) +
        PLEATS(s, hem, 710) +
        rect(302, 346, 196, 30, 10, s.accent) +
        stroke("M326 114Q400 236 474 114", darker(s.main, 0.3), 5)
      );
    },
    wrap: (b, s) => {
      const arms = "M282 120L170 380L230 406L290 260zM518 120L630 380L570 406L510 260z";
      const data = dress(92, 180, 720, arms);
      return (
        hangerFor(s) +
        cast(data, 16) +
        cloth(b, s, data, s.random.integer(46, 80)) +
        stroke("M330 116Q390 250 480 350M470 116Q440 210 400 246", darker(s.main, 0.45), 6) +
        stroke("M470 366Q380 560 330 724", darker(s.main, 0.45), 6) +
        path("M308 340L492 350V382L308 372z", darker(s.main, 0.25)) +
        path(
          "M470 360Q540 380 520 470L500 466Q510 400 464 380zM476 360Q500 440 470 520L452 512Q476 440 456 380z",
          darker(s.main, 0.25),
        )
      );
    },
    slip: (b, s) => {
      const low = s.random.integer(640, 720);
      const data = d`M296 230Q340 250 400 216Q460 250 504 230Q500 320 496 360Q560 520 610 ${low}Q400 ${low + 40} 190 ${low}Q240 520 304 360Q300 320 296 230z`;
      return (
        hangerFor(s) +
        stroke("M306 240L340 120M494 240L460 120", darker(s.main, 0.2), 10) +
        cast(data, 16) +
        cloth(b, s, data, s.random.integer(60, 110)) +
        stroke("M304 360H496", darker(s.main, 0.3), 8) +
        stroke(d`M226 ${low - 120}Q400 ${low - 80} 574 ${low - 120}`, darker(s.main, 0.35), 6) +
        PLEATS(s, 180, low - 110)
      );
    },
    shirt: (b, s) => {
      const data = dress(104, 170, 730, "M282 120L196 330L262 356L296 250zM518 120L604 330L538 356L504 250z");
      const collar = mirrored(
        path("M400 180L344 106L306 132L366 216z", lighter(s.main, 0.25)) +
          stroke("M400 180L344 106L306 132L366 216z", darker(s.main, 0.3), 4),
      );
      return (
        hangerFor(s) +
        cast(data, 16) +
        cloth(b, s, data, s.random.integer(40, 64)) +
        stroke("M400 190V740", darker(s.main, 0.4), 5) +
        collar +
        buttons("#fffaf0", 232, 7, 74) +
        rect(290, 344, 220, 34, 8, darker(s.second, 0.35)) +
        rect(378, 338, 44, 46, 8, "none", `stroke="${s.trim}" stroke-width="9"`)
      );
    },
  },
};

function hangerFor(s: Subject): string {
  return `<g transform="translate(0 -34)">${hanger(s)}</g>`;
}

function coat(b: Brush, s: Subject, hem: number, low: number, details: string, puffed = false): string {
  const data = d`M310 150Q400 180 490 150L600 206L690 600L600 630L560 400L${400 + hem} ${low}Q400 ${low + 14} ${400 - hem} ${low}L240 400L200 630L110 600L200 206z`;
  const rolls = puffed
    ? stroke(
        range(6)
          .map(
            (i) =>
              d`M${244 - i * 2} ${280 + i * 70}Q400 ${306 + i * 70} ${556 + i * 2} ${280 + i * 70}M${196 - i * 12} ${270 + i * 58}Q${216 - i * 10} ${296 + i * 58} ${246 - i * 10} ${290 + i * 56}M${604 + i * 12} ${270 + i * 58}Q${584 + i * 10} ${296 + i * 58} ${554 + i * 10} ${290 + i * 56}`,
          )
          .join(""),
        darker(s.main, 0.35),
        7,
        'opacity=".7"',
      )
    : creases;
  return (
    cast(data, 16) +
    cloth(b, { ...s, pattern: "plain" }, data) +
    stroke(data, darker(s.main, 0.3), 5) +
    rolls +
    details
  );
}

const ZIP = (s: Subject, from: number, to: number) =>
  stroke(d`M400 ${from}V${to}`, s.trim, 10) + rect(388, from + 30, 24, 34, 6, s.accent);

export const JACKETS: Drawing = {
  stance: "flat",
  forms: {
    rain: (b, s) =>
      path("M300 180Q300 40 400 40T500 180Q400 240 300 180z", b.down(darker(s.main, 0.16))) +
      path("M336 180Q336 92 400 92T464 180Q400 220 336 180z", darker(s.second, 0.3)) +
      coat(
        b,
        s,
        168,
        700,
        ZIP(s, 190, 704) +
          path(
            "M200 206L310 150Q400 180 490 150L600 206L616 300Q400 260 184 300z",
            s.second,
            'opacity=".85"',
          ) +
          ZIP(s, 190, 300) +
          stroke("M270 520L330 470M530 520L470 470", darker(s.main, 0.5), 9),
      ),
    bomber: (b, s) => {
      const rib = b.pattern("stripes", darker(s.second, 0.35), darker(s.second, 0.5), 14);
      return coat(
        b,
        s,
        150,
        640,
        rect(236, 630, 328, 50, 16, rib) +
          path("M310 150Q400 196 490 150L478 116Q400 150 322 116z", rib) +
          mirrored(`<g transform="rotate(14 150 616)">${rect(108, 600, 96, 44, 12, rib)}</g>`) +
          ZIP(s, 180, 674) +
          stroke("M290 500L340 440M510 500L460 440", darker(s.main, 0.5), 9) +
          rect(560, 330, 40, 60, 8, s.accent, 'transform="rotate(-12 580 360)"'),
      );
    },
    puffer: (b, s) =>
      coat(
        b,
        s,
        186,
        680,
        path("M310 156Q300 80 400 80T490 156Q400 200 310 156z", b.down(s.main)) +
          stroke("M318 120Q400 150 482 120", darker(s.main, 0.35), 7) +
          ZIP(s, 150, 680),
        true,
      ),
    blazer: (b, s) =>
      path("M340 150H460L400 420z", lighter(s.second, 0.5)) +
      coat(
        b,
        { ...s },
        160,
        690,
        path("M330 150L400 440L470 150Q400 180 330 150z", "#fbf6ea") +
          path("M392 190H408L420 400L400 440L380 400z", s.accent) +
          mirrored(
            path("M400 450L326 148L286 170L270 270L316 280L296 310z", lighter(s.main, 0.12)) +
              stroke("M400 450L326 148L286 170L270 270L316 280L296 310z", darker(s.main, 0.4), 4) +
              stroke("M264 530H346", darker(s.main, 0.5), 10),
          ) +
          stroke("M400 450Q406 600 384 696", darker(s.main, 0.5), 5) +
          buttons(s.trim, 480, 2, 80, 390) +
          path("M470 330l40 -10l4 24h-44z", s.accent),
      ),
    denim: (b, s) => {
      const seam = lighter(s.trim, 0.3);
      return coat(
        b,
        s,
        156,
        610,
        mirrored(
          path("M400 190L340 120L296 150L356 236z", lighter(s.main, 0.2)) +
            stroke("M400 190L340 120L296 150L356 236z", seam, 4) +
            rect(
              262,
              300,
              96,
              100,
              8,
              darker(s.main, 0.12),
              `stroke="${seam}" stroke-width="4" stroke-dasharray="9 7"`,
            ) +
            path(
              "M258 296H362V326L310 348L258 326z",
              lighter(s.main, 0.08),
              `stroke="${seam}" stroke-width="4"`,
            ) +
            stroke("M300 410L320 570M232 290H380", seam, 4, 'stroke-dasharray="9 7"'),
        ) +
          rect(240, 574, 320, 46, 8, darker(s.main, 0.1), `stroke="${seam}" stroke-width="4"`) +
          stroke("M400 190V614", darker(s.main, 0.4), 5) +
          buttons(s.trim, 260, 5, 78, 412),
      );
    },
  },
};
