import type { SearchDeps } from "./deps.ts";
import { distanceOf } from "./distance.ts";
import { longestWord } from "./entry.ts";
import { pairsOf, type Token, tokensOf } from "./words.ts";

/** A text that may have been meant, and how far it is from what was typed. */
export interface Meant {
  readonly text: string;
  readonly cost: number;
}

/** A text with more unknown words than this is of another language, or no text. */
const unknownAtMost = 3;
const meantAtMost = 6;
const nearAtMost = 3;
/** What leaving out a word costs: more than any correction. */
const leftOut = 4;

/**
 * What somebody may have meant whose text finds nothing, the likeliest first: unknown words replaced by
 * near ones, divided ("teakettle") or joined ("head phones"); of Chinese, the stretches of which all
 * neighbours are known.
 */
export async function meantBy(d: SearchDeps, text: string): Promise<Meant[]> {
  const tokens = tokensOf(text);
  const known = await d.store.known([...new Set(tokens.flatMap(partsOf)), ...joined(tokens)]);
  const unknown = tokens.filter((token) => !token.isRun && !known.has(token.text));
  if (unknown.length > unknownAtMost) return [];
  const choices = await Promise.all(tokens.map((token) => choicesFor(d, token, known)));
  const typed = tokens.map((token) => token.text).join(" ");
  return [...combined(choices), ...joinedMeanings(tokens, known)]
    .filter((meant) => meant.text !== "" && meant.text !== typed)
    .sort((a, b) => a.cost - b.cost)
    .slice(0, meantAtMost);
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
): Promise<Meant[]> {
  if (isRun) return [knownStretches(text, known)];
  if (known.has(text)) return [{ text, cost: 0 }];
  const halves = halvesOf(text)
    .filter(([a, b]) => known.has(a) && known.has(b))
    .map(([a, b]) => ({ text: `${a} ${b}`, cost: 1 }));
  return [...(await near(d, text)), ...halves.slice(0, 1), { text: "", cost: leftOut }];
}

/** As many slips as a word of that length is likely to have. */
const slipsIn = (word: string): number => (word.length < 5 ? 1 : word.length < 9 ? 2 : 3);

async function near(d: SearchDeps, word: string): Promise<Meant[]> {
  if (word.length < 3 || word.length > longestWord) return [];
  const candidates = await d.store.nearWords(word);
  return candidates
    .map((text) => ({ text, cost: distanceOf(word, text) }))
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
  };
}

/** Every choice with every other, the cheapest kept. */
function combined(choices: readonly (readonly Meant[])[]): Meant[] {
  let meant: Meant[] = [{ text: "", cost: 0 }];
  for (const some of choices) {
    meant = meant
      .flatMap((so) =>
        some.map(({ text, cost }) => ({ text: `${so.text} ${text}`.trim(), cost: so.cost + cost })),
      )
      .sort((a, b) => a.cost - b.cost)
      .slice(0, meantAtMost);
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
    return [{ text, cost: 1 }];
  });
}
