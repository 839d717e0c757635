import { isNoun, type NamedCategory } from "./category.ts";
import type { SearchDeps } from "./deps.ts";
import { distanceOf } from "./distance.ts";
import { longestWord } from "./entry.ts";
import { isFunctionWord, pairsOf, type Token, tokensOf } from "./words.ts";

/** A text that may have been meant, and how far it is from what was typed. */
export interface Meant {
  readonly text: string;
  readonly cost: number;
  /** Words of the typed text that it leaves out. */
  readonly dropped: readonly string[];
}

/** A text with more unknown words than this is of another language, or no text. */
const unknownAtMost = 3;
/** A longer text is a sentence: which of its words matters is anybody's guess. */
const wordsAtMost = 8;
const meantAtMost = 8;
const nearAtMost = 3;
/**
 * What leaving out a word costs: a word more than a correction, what the shop has a category for ("headphones") more
 * than two other words, a number least.
 */
const leftOut = { number: 3.5, word: 4, noun: 9 };

/**
 * What somebody may have meant whose text finds nothing, the likeliest first: unknown words replaced by
 * near ones, divided ("teakettle") or joined ("head phones"); of Chinese, the stretches of which all
 * neighbours are known; and the text without some of its words, at last with one of them alone.
 */
export async function meantBy(d: SearchDeps, text: string): Promise<Meant[]> {
  const tokens = tokensOf(text).slice(0, wordsAtMost);
  const [known, categories] = await Promise.all([
    d.store.known([...new Set(tokens.flatMap(partsOf)), ...joined(tokens)]),
    d.categories(),
  ]);
  const unknown = tokens.filter((token) => !token.isRun && !known.has(token.text));
  if (unknown.length > unknownAtMost) return [];
  const choices = await Promise.all(tokens.map((token) => choicesFor(d, token, known, categories)));
  const typed = tokens.map((token) => token.text).join(" ");
  const near = [...combined(choices), ...joinedMeanings(tokens, known)]
    .sort(byCost)
    .slice(0, 2 * meantAtMost);
  const seen = new Set(["", typed]);
  return [...near, ...alone(choices)]
    .map(withoutFunctionWords)
    .filter((meant) => !seen.has(meant.text) && seen.add(meant.text))
    .sort(byCost);
}

const byCost = (a: Meant, b: Meant): number => a.cost - b.cost;

/** Where a word is left out, what only held words together goes too: nobody wants "results for lamp for". */
function withoutFunctionWords(meant: Meant): Meant {
  if (meant.dropped.length === 0) return meant;
  const words = meant.text.split(" ").filter((word) => !isFunctionWord(word));
  return { ...meant, text: words.join(" ") };
}

/** Each word in its likeliest form without all others: what is left when no two words go together. */
function alone(choices: readonly (readonly Meant[])[]): Meant[] {
  const drops = choices.map((some) => some.find(({ dropped }) => dropped.length > 0));
  const all = drops.reduce((sum, drop) => sum + (drop?.cost ?? 0), 0);
  return choices.flatMap((some, index) => {
    const [best] = some.filter(({ dropped }) => dropped.length === 0);
    const own = drops[index];
    if (!best || !own) return [];
    const dropped = drops.flatMap((drop, other) => (other === index ? [] : (drop?.dropped ?? [])));
    return [{ text: best.text, cost: all - own.cost + best.cost, dropped }];
  });
}

/** What must be known to judge a token: itself and the halves it may be made of, or its pairs. */
function partsOf({ text, isRun }: Token): string[] {
  return isRun ? pairsOf(text) : [text, ...halvesOf(text).flat()];
}

const halvesOf = (word: string): [string, string][] =>
  Array.from({ length: Math.max(0, word.length - 3) }, (_, i) => [word.slice(0, i + 2), word.slice(i + 2)]);

const joined = (tokens: readonly Token[]): string[] =>
  tokens.slice(1).flatMap((token, i) => {
    const before = tokens[i];
    return before && !before.isRun && !token.isRun ? [before.text + token.text] : [];
  });

async function choicesFor(
  d: SearchDeps,
  { text, isRun }: Token,
  known: ReadonlySet<string>,
  categories: readonly NamedCategory[],
): Promise<Meant[]> {
  if (!isRun && isFunctionWord(text)) return [{ text, cost: 0, dropped: [] }];
  const drop = { text: "", cost: costWithout([text], categories), dropped: [text] };
  if (isRun) return [knownStretches(text, known), drop].filter((one) => one.text !== "" || one === drop);
  if (known.has(text)) return [{ text, cost: 0, dropped: [] }, drop];
  const halves = halvesOf(text)
    .filter(([a, b]) => known.has(a) && known.has(b))
    .map(([a, b]) => ({ text: `${a} ${b}`, cost: 1, dropped: [] }));
  const like = await near(d, text);
  const cost = costWithout([text, ...like.map((one) => one.text)], categories);
  return [...like, ...halves.slice(0, 1), { ...drop, cost }];
}

/** What it costs to do without a word that may have been any of these. */
function costWithout(words: readonly string[], categories: readonly NamedCategory[]): number {
  if (words.some((word) => isNoun(categories, word))) return leftOut.noun;
  return words.every((word) => /^\p{N}+$/u.test(word)) ? leftOut.number : leftOut.word;
}

/** As many slips as a word of that length is likely to have. */
const slipsIn = (word: string): number => (word.length < 5 ? 1 : word.length < 9 ? 2 : 3);

async function near(d: SearchDeps, word: string): Promise<Meant[]> {
  if (word.length < 3 || word.length > longestWord) return [];
  const candidates = await d.store.nearWords(word);
  return candidates
    .map((text) => ({ text, cost: distanceOf(word, text), dropped: [] }))
    .filter(({ cost }) => cost <= slipsIn(word))
    .sort((a, b) => a.cost - b.cost || strangenessOf(word, a.text) - strangenessOf(word, b.text))
    .slice(0, nearAtMost);
}

/** Slips are rarer in the first letter, and more often leave a letter out or double it than change it. */
const strangenessOf = (typed: string, word: string): number =>
  (typed[0] === word[0] ? 0 : 2) + (typed.length === word.length ? 1 : 0);

function knownStretches(run: string, known: ReadonlySet<string>): Meant {
  const characters = [...run];
  const stretches: string[] = [];
  let stretch = "";
  for (const [i, pair] of pairsOf(run).entries()) {
    if (known.has(pair)) stretch = stretch === "" ? pair : stretch + (characters[i + 1] ?? "");
    else {
      if (stretch !== "") stretches.push(stretch);
      stretch = "";
    }
  }
  if (stretch !== "") stretches.push(stretch);
  const kept = stretches.join("").length;
  return {
    text: stretches.join(" "),
    cost: kept === run.length && stretches.length === 1 ? 0 : 1 + run.length - kept,
    dropped: [],
  };
}

/** Every choice with every other, the cheapest kept. */
function combined(choices: readonly (readonly Meant[])[]): Meant[] {
  let meant: Meant[] = [{ text: "", cost: 0, dropped: [] }];
  for (const some of choices) {
    meant = meant
      .flatMap((so) =>
        some.map(({ text, cost, dropped }) => ({
          text: `${so.text} ${text}`.trim(),
          cost: so.cost + cost,
          dropped: [...so.dropped, ...dropped],
        })),
      )
      .sort(byCost)
      .slice(0, 4 * meantAtMost);
  }
  return meant;
}

function joinedMeanings(tokens: readonly Token[], known: ReadonlySet<string>): Meant[] {
  return tokens.slice(1).flatMap((token, i) => {
    const both = `${tokens[i]?.text}${token.text}`;
    if (!known.has(both)) return [];
    const text = [...tokens.slice(0, i), { text: both }, ...tokens.slice(i + 2)]
      .map((one) => one.text)
      .join(" ");
    return [{ text, cost: 1, dropped: [] }];
  });
}
