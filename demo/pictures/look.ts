import { hash, itemAt, type Random, randomFor } from "../random.ts";
import type { DemoProduct } from "../types.ts";
import { colourHex } from "../words/colours.ts";
import { COMPOSITIONS, type Stage, toneFor } from "./backdrop.ts";
import { PATTERNS, type PatternName } from "./brush.ts";
import { colourDistance } from "./colour.ts";
import { FLAT_PROPS, PROPS, type Prop } from "./props.ts";
import type { Subject } from "./subject.ts";

/** The parts of a product that its picture depends on. */
export type Pictured = Pick<DemoProduct, "slug" | "category" | "look">;
/** 0: the product; 1: another colour or setting; 2: a close-up; 3: several together. */
export type View = 0 | 1 | 2 | 3;

/** Everything that is decided before a line is drawn. Two pictures whose looks differ look different. */
export interface Look {
  readonly stage: Stage;
  readonly subject: Omit<Subject, "random">;
  readonly prop: Prop;
  readonly flipped: boolean;
  readonly scale: number;
  readonly turn: number;
}

const SECONDS = [
  "#f3ead7",
  "#33405e",
  "#d8c3a0",
  "#e9b9a0",
  "#6d8f84",
  "#efe9e2",
  "#8a5a44",
  "#c7d6de",
  "#4a4450",
  "#d9a441",
];
const ACCENTS = ["#ef6f4f", "#f2bd3c", "#2f8f83", "#3f6fd0", "#e2567d", "#f4efe4", "#7bb342", "#8c5bb0"];
const TRIMS = ["#c9a24e", "#b7bec6", "#c58058", "#8a6242", "#4d5057", "#d9c29a"];

/**
 * Steps that are coprime to the 10 compositions and the 13 walls: neighbours up to 48 apart that share a wall
 * (13, 26, 39 apart) never share the composition. Compositions and patterns slip by one now and then, because
 * a kind comes back in the same colour after kinds × colours products, often a multiple of 10 or 11.
 */
const STEP = 37;
/**
 * About as many products as go by until a kind comes back in the same colour: then it gets another tone of
 * wall.
 */
const TONE_RUN = 44;
const VIEW_STEP = 53;

/** The look of a product in one view; the same product and view always give the same look. */
export function lookOf(product: Pictured, view: View, standing: boolean): Look {
  const { look, category, slug } = product;
  const random = randomFor("look", slug, view);
  const turn = look.ordinal * STEP + view * VIEW_STEP + (hash(category) % 130);
  const main = colourHex(itemAt(look.colours, view === 1 ? 1 : 0));
  const wall = turn % 13;
  const tone = toneFor(wall, main, hash(look.form, main) + Math.floor(look.ordinal / TONE_RUN) + view);
  return {
    stage: {
      composition: itemAt(COMPOSITIONS, turn + Math.floor(look.ordinal / 20)),
      wall,
      tone,
      standing,
    },
    subject: {
      form: look.form,
      main,
      ...fittingsOf(product),
      pattern: look.pattern ?? patternOf(look.ordinal, category),
    },
    prop: view === 2 ? "none" : itemAt(standing ? PROPS : FLAT_PROPS, turn + random.integer(0, 6)),
    flipped: random.chance(0.5) !== (view === 1),
    scale: random.between(standing ? 0.98 : 0.92, standing ? 1.12 : 1.04),
    turn: standing ? 0 : random.between(-9, 9),
  };
}

/** The colours that stay when the main one changes: the same in every view. */
function fittingsOf({ slug, look }: Pictured): Pick<Subject, "second" | "accent" | "trim"> {
  const random = randomFor("fittings", slug);
  const mains = look.colours.map(colourHex);
  const second = farFrom(SECONDS, mains, random);
  return {
    second,
    accent: farFrom(ACCENTS, [...mains, second], random),
    trim: farFrom(TRIMS, mains, random),
  };
}

function patternOf(ordinal: number, category: string): PatternName {
  return itemAt(PATTERNS, (ordinal + Math.floor(ordinal / 11)) * 4 + (hash(category) % 11));
}

/** The first of three drawn that is clearly another colour, else the one farthest away. */
function farFrom(choices: readonly string[], others: readonly string[], random: Random): string {
  const gap = (choice: string) => Math.min(...others.map((other) => colourDistance(choice, other)));
  const start = random.integer(0, choices.length - 1);
  const order = choices.map((_, i) => itemAt(choices, start + i));
  return (
    order.find((choice) => gap(choice) > 210) ??
    order.reduce((best, choice) => (gap(choice) > gap(best) ? choice : best))
  );
}
