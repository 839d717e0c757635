/**
 * What a text is found by. Words of scripts that put spaces between them are stemmed by the database;
 * scripts that do not are found by any two neighbouring characters ("蓝牙耳机" by 蓝牙, 牙耳 and 耳机).
 *
 * The text is taken apart here, and the database's parser sees bare words only: on its own it takes
 * "cotton/linen" for a file and "men's-2" for three things, so that a word of a title would not find the
 * title.
 */
export interface Words {
  /** Lower case, without accents and apostrophes, in the order of the text. */
  readonly words: readonly string[];
  /** Stretches of characters of a script without spaces. */
  readonly runs: readonly string[];
}

const unspaced =
  "[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}\\p{scx=Bopomofo}" +
  "\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}]";
const letter = "[\\p{L}\\p{N}\\p{M}]";
const runOrWord = new RegExp(`([${unspaced}&&${letter}]+)|[${letter}--${unspaced}]+`, "gv");

/**
 * Lower case, full-width forms made ordinary, accents of Latin, Greek and Cyrillic letters and apostrophes
 * dropped.
 */
const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f'’ʼ]/g, "")
    .normalize("NFC")
    .toLowerCase();

/** A title, and a text to be looked for in titles, in a form in which they can be compared. */
export const phraseOf = (text: string): string => plain(text).trim().replace(/\s+/g, " ");

/** A word, or a run of characters of a script without spaces. */
export interface Token {
  readonly text: string;
  readonly isRun: boolean;
}

/** The words and runs of a text, in its order. */
export const tokensOf = (text: string): Token[] =>
  [...plain(text).matchAll(runOrWord)].map(([found, run]) => ({ text: found, isRun: run !== undefined }));

export function wordsOf(text: string): Words {
  const tokens = tokensOf(text);
  return {
    words: tokens.filter(({ isRun }) => !isRun).map((token) => token.text),
    runs: tokens.filter(({ isRun }) => isRun).map((token) => token.text),
  };
}

/** English words that hold others together. The database passes over them too; its own list is longer. */
const held =
  "a an and are as at be by for from i in is it less more my of on or over than that the this to under with";
const functionWords = new Set(held.split(" "));

/** Whether a word says nothing about a thing. */
export const isFunctionWord = (word: string): boolean => functionWords.has(word);

/** Every two neighbouring characters of a run; a run of one character is itself. */
export function pairsOf(run: string): string[] {
  const characters = [...run];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`);
}

/** Longer descriptions are read up to here: what comes later seldom tells what the product is. */
const readCharacters = 10_000;
const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** The text of a sanitised piece of HTML. */
export const textOfHtml = (html: string): string =>
  html
    .slice(0, readCharacters)
    .replace(/<[^>]*(?:>|$)/g, " ")
    .replace(/&#(\d{1,7});/g, (whole, code) => characterOf(Number(code), whole))
    .replace(/&(\w{2,4});/g, (whole, name) => entities[name] ?? whole);

const characterOf = (code: number, otherwise: string): string =>
  code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;

/**
 * Lexemes that stand for what one can filter by and count begin with a space, which no lexeme of a text
 * does. They lie beside the words, so that one index answers a text and its filters together.
 */
export const lexemeOf = {
  category: (slug: string): string => ` c ${slug}`,
  shop: (shop: string): string => ` s ${shop}`,
  /** "name:value" */
  attribute: (nameAndValue: string): string => ` a ${nameAndValue}`,
  /** See prices.ts. */
  priceStep: (step: number): string => ` p ${step}`,
};

/** What a lexeme stands for: its kind (`c`, `s`, `a`, `p`) and what follows. */
export const meaningOf = (lexeme: string): { kind: string; value: string } => ({
  kind: lexeme[1] ?? "",
  value: lexeme.slice(3),
});
