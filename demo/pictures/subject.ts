import type { Random } from "../random.ts";
import type { Brush, PatternName } from "./brush.ts";

/** What is drawn: everything a drawing may vary by. Colours are #rrggbb. */
export interface Subject {
  readonly form: string;
  /** The product's own colour. */
  readonly main: string;
  /** Goes with the main colour: soles, labels, straps. */
  readonly second: string;
  /** A small strong contrast. */
  readonly accent: string;
  /** Metal or wood of the fittings. */
  readonly trim: string;
  readonly pattern: PatternName;
  /** For proportions. Every drawing of a product starts it anew, so its views agree. */
  readonly random: Random;
}

/** Draws one thing on the 800 by 800 sheet, centred on x = 400, about 520 wide or high. */
export type Draw = (brush: Brush, subject: Subject) => string;

export interface Drawing {
  /** Standing things touch the ground at y = 640; flat ones lie or hang, centred on y = 400. */
  readonly stance: "standing" | "flat";
  /** Forms that stand although the rest of the category is flat. */
  readonly standing?: readonly string[];
  readonly forms: Readonly<Record<string, Draw>>;
}
