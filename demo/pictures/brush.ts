import { colourHex } from "../words/colours.ts";
import { darker, lighter } from "./colour.ts";

const METALS = new Set(["Steel", "Copper", "Silver"].map(colourHex));

/** Offset in percent, colour, and opacity if it is not 1. */
export type Stop = readonly [number, string, number?];

export const PATTERNS = [
  "plain",
  "stripes",
  "dots",
  "check",
  "leaves",
  "waves",
  "plain",
  "zigzag",
  "speckle",
  "petals",
  "pinstripe",
] as const;
export type PatternName = (typeof PATTERNS)[number];

/**
 * Hands out fills and keeps their definitions. Equal fills share one definition; ids start with a prefix of
 * the picture's own, so that several pictures can stand in one document.
 */
export class Brush {
  readonly #prefix: string;
  readonly #ids = new Map<string, string>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The `<defs>` element of everything handed out so far. */
  defs(): string {
    const written = [...this.#ids].map(([definition, id]) => definition.replace("#ID", id));
    return `<defs>${written.join("")}</defs>`;
  }

  #fill(definition: string): string {
    let id = this.#ids.get(definition);
    if (id === undefined) {
      id = `${this.#prefix}${this.#ids.size.toString(36)}`;
      this.#ids.set(definition, id);
    }
    return `url(#${id})`;
  }

  /** A clip in the outline of the shape, for `clip-path`. */
  clip(shape: string): string {
    return this.#fill(`<clipPath id="#ID">${shape}</clipPath>`);
  }

  /** A repeat of the drawing, `width` by `height`, on nothing. */
  tile(width: number, height: number, drawing: string): string {
    return this.#fill(
      `<pattern id="#ID" width="${width}" height="${height}" patternUnits="userSpaceOnUse">${drawing}</pattern>`,
    );
  }

  /** A gradient along the shape's box, to the right unless told otherwise. */
  linear(stops: readonly Stop[], x2 = 1, y2 = 0): string {
    return this.#fill(
      `<linearGradient id="#ID" x1="0" y1="0" x2="${x2}" y2="${y2}">${stops.map(stop).join("")}</linearGradient>`,
    );
  }

  radial(stops: readonly Stop[], cx = 0.5, cy = 0.5, r = 0.5): string {
    return this.#fill(
      `<radialGradient id="#ID" cx="${cx}" cy="${cy}" r="${r}">${stops.map(stop).join("")}</radialGradient>`,
    );
  }

  /** An upright round body: light from the left. */
  side(colour: string): string {
    return this.linear([
      [0, darker(colour, 0.16)],
      [18, lighter(colour, 0.12)],
      [34, lighter(colour, 0.3)],
      [60, colour],
      [100, darker(colour, 0.36)],
    ]);
  }

  /** Light from above. */
  down(colour: string): string {
    return this.linear(
      [
        [0, lighter(colour, 0.26)],
        [50, colour],
        [100, darker(colour, 0.24)],
      ],
      0,
      1,
    );
  }

  /** A flat thing that lies in slanting light. */
  across(colour: string): string {
    return this.linear(
      [
        [0, lighter(colour, 0.2)],
        [45, colour],
        [100, darker(colour, 0.2)],
      ],
      1,
      1,
    );
  }

  ball(colour: string): string {
    return this.radial(
      [
        [0, lighter(colour, 0.5)],
        [45, colour],
        [100, darker(colour, 0.4)],
      ],
      0.36,
      0.3,
      0.75,
    );
  }

  metal(colour: string): string {
    return this.linear([
      [0, darker(colour, 0.34)],
      [14, colour],
      [30, lighter(colour, 0.66)],
      [48, colour],
      [72, darker(colour, 0.2)],
      [88, lighter(colour, 0.3)],
      [100, darker(colour, 0.4)],
    ]);
  }

  /** The wall of a vessel: steel, copper and silver shine, other colours are enamel. */
  hull(colour: string): string {
    return METALS.has(colour) ? this.metal(colour) : this.side(colour);
  }

  glass(colour: string): string {
    return this.linear([
      [0, darker(colour, 0.15), 0.75],
      [16, lighter(colour, 0.6), 0.7],
      [45, lighter(colour, 0.4), 0.42],
      [80, colour, 0.5],
      [100, darker(colour, 0.3), 0.8],
    ]);
  }

  /** To lay over a patterned body so that it looks round. */
  shade(strength = 0.3): string {
    return this.linear([
      [0, "#1f1a2e", strength * 0.5],
      [30, "#ffffff", strength * 0.55],
      [55, "#ffffff", 0],
      [100, "#1f1a2e", strength],
    ]);
  }

  /** To lay over a patterned cloth. */
  fold(strength = 0.24): string {
    return this.linear(
      [
        [0, "#ffffff", strength],
        [45, "#ffffff", 0],
        [100, "#1f1a2e", strength],
      ],
      1,
      1,
    );
  }

  /** A repeat in two colours, `size` pixels a tile; plain gives the base colour. */
  pattern(name: PatternName, base: string, ink: string, size = 48): string {
    if (name === "plain") return base;
    const tile = TILES[name];
    return this.#fill(
      `<pattern id="#ID" width="40" height="40" patternUnits="userSpaceOnUse" patternTransform="scale(${round(size / 40)})` +
        `${tile.turn === 0 ? "" : ` rotate(${tile.turn})`}"><path fill="${base}" d="M0 0h40v40H0z"/>${tile.draw(ink)}</pattern>`,
    );
  }
}

function stop([offset, colour, opacity]: Stop): string {
  const transparency = opacity === undefined ? "" : ` stop-opacity="${round(opacity)}"`;
  return `<stop offset="${offset}%" stop-color="${colour}"${transparency}/>`;
}

const TILES: Record<Exclude<PatternName, "plain">, { turn: number; draw: (ink: string) => string }> = {
  stripes: { turn: 0, draw: (ink) => `<path fill="${ink}" d="M0 0h18v40H0z"/>` },
  pinstripe: { turn: 90, draw: (ink) => `<path fill="${ink}" d="M0 4h40v5H0zM0 24h40v5H0z"/>` },
  dots: { turn: 45, draw: (ink) => `<circle cx="20" cy="20" r="10" fill="${ink}"/>` },
  check: {
    turn: 0,
    draw: (ink) =>
      `<path fill="${ink}" opacity=".55" d="M0 0h20v40H0z"/><path fill="${ink}" opacity=".55" d="M0 0h40v20H0z"/>`,
  },
  leaves: {
    turn: 30,
    draw: (ink) => `<path fill="${ink}" d="M4 20Q14 4 30 8Q28 26 4 20zM24 34q8-10 14-6-2 10-14 6z"/>`,
  },
  waves: {
    turn: 0,
    draw: (ink) => `<path fill="none" stroke="${ink}" stroke-width="7" d="M-10 28Q0 8 10 20T30 20T50 20"/>`,
  },
  zigzag: {
    turn: 0,
    draw: (ink) => `<path fill="none" stroke="${ink}" stroke-width="7" d="M-5 30L10 10L30 30L45 10"/>`,
  },
  speckle: {
    turn: 20,
    draw: (ink) =>
      `<g fill="${ink}"><circle cx="7" cy="9" r="3"/><circle cx="25" cy="16" r="2"/><circle cx="14" cy="29" r="2.6"/><circle cx="34" cy="34" r="3"/></g>`,
  },
  petals: {
    turn: 15,
    draw: (ink) =>
      `<g fill="${ink}"><circle cx="20" cy="11" r="7"/><circle cx="29" cy="19" r="7"/><circle cx="25" cy="29" r="7"/><circle cx="14" cy="29" r="7"/><circle cx="11" cy="19" r="7"/></g><circle cx="20" cy="21" r="5" fill="#fff4d6"/>`,
  },
};

/** To a tenth of a pixel: shorter files, and no difference between machines in the last bits. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
