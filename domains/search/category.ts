import type { Category } from "#domains/catalog/api";
import { phraseOf, wordsOf } from "./words.ts";

/** A category with its names as they are compared with what somebody types. */
export interface NamedCategory {
  readonly slug: string;
  readonly name: string;
  readonly nameZh: string;
  readonly phrase: string;
  readonly phraseZh: string;
  /** The word that says what is in it: "kettle" of "Electric Kettles". */
  readonly noun: string;
  /** Of every part of its name: "pen" and "pencil" of "Pens & Pencils". */
  readonly nouns: readonly string[];
  readonly run: string;
}

export const namedCategory = ({ slug, name, nameZh }: Category): NamedCategory => ({
  slug,
  name,
  nameZh,
  phrase: ` ${phraseOf(name)}`,
  phraseZh: phraseOf(nameZh),
  noun: nounOf(name),
  nouns: name.split(/[&,/]| and /).map(nounOf),
  run: wordsOf(nameZh).runs.join(""),
});

const nounOf = (name: string): string => singular(wordsOf(name).words.at(-1) ?? "");

/** Whether some category is called after this word. */
export const isNoun = (categories: readonly NamedCategory[], word: string): boolean =>
  categories.some(({ nouns, run }) => nouns.includes(singular(word)) || run === word);

/** The categories that a text names by its last word: kettles by "tea kettle", 水壶 by 不锈钢水壶. */
export function namedBy(categories: readonly NamedCategory[], text: string): NamedCategory[] {
  const { words, runs } = wordsOf(text);
  const noun = singular(words.at(-1) ?? "");
  const run = runs.at(-1) ?? "";
  return categories.filter(
    (category) =>
      (noun !== "" && category.noun === noun) || (category.run !== "" && run.endsWith(category.run)),
  );
}

/** The categories whose names contain a text, in English from the beginning of a word. */
export const namedWith = (categories: readonly NamedCategory[], phrase: string): NamedCategory[] =>
  categories.filter(
    (category) => category.phrase.includes(` ${phrase}`) || category.phraseZh.includes(phrase),
  );

/** Good enough to compare two forms of one noun. */
const singular = (word: string): string => word.replace(/(?:(?<=ss|x|ch|sh)es|(?<=[^s])s)$/, "");
