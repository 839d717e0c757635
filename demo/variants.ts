import { itemAt, power, type Random } from "./random.ts";
import type { DemoOption, DemoVariant } from "./types.ts";
import type { CategoryWords, Kind, OptionWords } from "./words/words.ts";

/** Price endings and how often each is met: shops like .99 and .00 best. */
const ENDINGS_MINOR = [0, 0, 0, 50, 90, 95, 95, 99, 99, 99];
const MOST_VARIANTS = 12;

export interface Assortment {
  readonly options: readonly DemoOption[];
  readonly variants: readonly DemoVariant[];
  /** The main colour first. */
  readonly colours: readonly string[];
}

/** Options, SKUs, prices and stock of one product. `mainColour` comes first among its colours. */
export function assortmentOf(
  words: CategoryWords,
  kind: Kind,
  mainColour: string,
  skuPrefix: string,
  popular: boolean,
  random: Random,
): Assortment {
  const colours = coloursOf(words, mainColour, random);
  const offersColour = colours.length > 1;
  const second = words.second !== null && random.chance(offersColour ? 0.75 : 0.7) ? words.second : null;
  const most = Math.floor(MOST_VARIANTS / (offersColour ? colours.length : 1));
  const run = second === null ? [] : runOf(second, most, random);
  const options: DemoOption[] = [];
  if (offersColour) options.push({ name: "Colour", values: colours });
  if (second !== null && run.length > 1)
    options.push({ name: second.name, values: run.map((entry) => entry.value) });

  const dollars = typicalDollars(words, kind.factor, random);
  const ending = random.pick(ENDINGS_MINOR);
  const reduction = random.chance(0.22) ? random.between(1.12, 1.6) : null;
  const grams = words.grams[0] * power(words.grams[1] / words.grams[0], random.next());
  const cells = (offersColour ? colours : [null]).flatMap((colour) =>
    (run.length > 1 ? run : [null]).map((entry) => ({ colour, entry })),
  );
  const variants = cells.map(({ colour, entry }, index) => {
    const factor = entry?.factor ?? 1;
    const priceMinor = endedPrice(dollars * factor, ending);
    const optionValues = [colour, entry?.value ?? null].filter((value) => value !== null);
    return {
      sku: `${skuPrefix}-${String(index + 1).padStart(2, "0")}`,
      optionValues,
      priceMinor,
      compareAtMinor: reduction === null ? null : endedPrice((priceMinor / 100) * reduction + 1, ending),
      weightGrams: Math.max(1, Math.round(grams * Math.sqrt(factor))),
      stock: popular ? random.integer(1500, 4000) : stockOf(random),
    };
  });
  return { options, variants, colours };
}

function coloursOf(words: CategoryWords, main: string, random: Random): readonly string[] {
  const wanted = words.colourChoices === 0 ? 1 : random.integer(1, words.colourChoices);
  const start = words.colours.indexOf(main);
  // A stride of 3 through the list: colours beside each other there are often alike, every third is not.
  const colours = Array.from({ length: wanted }, (_, i) => itemAt(words.colours, start + i * 3));
  return [...new Set(colours)];
}

/** Neighbouring values of the second option, at most `most`: a size run without holes. */
function runOf(option: OptionWords, most: number, random: Random): OptionWords["values"] {
  const longest = Math.min(option.values.length, most);
  const length = random.integer(Math.min(2, longest), longest);
  const start = random.integer(0, option.values.length - length);
  return option.values.slice(start, start + length);
}

/**
 * Log-normal around the typical price; 95 % of the draws lie inside the category's range, the rest is moved
 * to it.
 */
function typicalDollars(words: CategoryWords, factor: number, random: Random): number {
  const [low, typical, high] = words.dollars;
  // Twelve uniform numbers minus six: a normal deviate without logarithms, exact on every machine.
  let deviate = -6;
  for (let i = 0; i < 12; i++) deviate += random.next();
  const price =
    typical * (deviate < 0 ? power(low / typical, -deviate / 2) : power(high / typical, deviate / 2));
  return Math.min(high, Math.max(low, price * factor));
}

/** Whole dollars with the shop's ending: 41.3 and .95 become 41.95. Never below one dollar. */
function endedPrice(dollars: number, endingMinor: number): number {
  const whole = Math.max(1, dollars > 150 ? Math.round(dollars / 5) * 5 : Math.round(dollars));
  return endingMinor === 0 ? whole * 100 : (whole - (whole > 1 ? 1 : 0)) * 100 + endingMinor;
}

function stockOf(random: Random): number {
  const luck = random.next();
  if (luck < 0.03) return 0;
  if (luck < 0.11) return random.integer(1, 8);
  return random.integer(20, 500);
}

/** "HAR-SHI-0002K": maker, category and number of the product; unique because the number is. */
export function skuPrefixOf(brandSpelling: string, category: string, number: number): string {
  const letters = (text: string) =>
    text
      .normalize("NFD")
      .replace(/[^A-Za-z]/g, "")
      .slice(0, 3)
      .toUpperCase();
  return `${letters(brandSpelling)}-${letters(category)}-${number.toString(36).toUpperCase().padStart(5, "0")}`;
}
