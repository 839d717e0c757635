import type { SearchDoor } from "./api.ts";
import { namedWith } from "./category.ts";
import type { SearchDeps } from "./deps.ts";
import { pairsOf, phraseOf, type Token, tokensOf } from "./words.ts";

const suggestedAtMost = 8;
const categoriesAtMost = 3;
/** Several products may have one title; it is suggested once. */
const sameTitlesAtMost = 4;

/** Categories and titles that contain what is typed; the last word may be a beginning, or else a part. */
export async function suggest(d: SearchDeps, { q }: Parameters<SearchDoor["suggest"]>[1]) {
  const tokens = tokensOf(q);
  if (tokens.length === 0) return { items: [] };
  const phrase = phraseOf(q);
  const [categories, titles] = await Promise.all([d.categories(), titlesWith(d, tokens, phrase)]);
  const meant = namedWith(categories, phrase).slice(0, categoriesAtMost);
  const named = meant.map(({ name, nameZh, slug, phraseZh }) => ({
    text: phraseZh.includes(phrase) ? nameZh : name,
    slug,
  }));
  const seen = new Set(named.map(({ text }) => phraseOf(text)));
  // Whoever types "kett" means kettles rather than the coffee of Kettle Hill.
  const within = (one: { category: string }) => meant.some(({ slug }) => slug === one.category);
  const ranked = [...titles.filter(within), ...titles.filter((one) => !within(one))].map(
    ({ category: _, ...title }) => title,
  );
  const distinct = ranked.filter(({ text }) => !seen.has(phraseOf(text)) && seen.add(phraseOf(text)));
  return { items: [...named, ...distinct].slice(0, suggestedAtMost) };
}

async function titlesWith(d: SearchDeps, tokens: readonly Token[], phrase: string) {
  const last = tokens.at(-1);
  const isBegun = last !== undefined && !last.isRun;
  const whole = isBegun ? tokens.slice(0, -1) : tokens;
  const rest = {
    words: whole.filter(({ isRun }) => !isRun).map(({ text }) => text),
    pairs: whole.filter(({ isRun }) => isRun).flatMap(({ text }) => pairsOf(text)),
  };
  const begun = isBegun ? last.text : "";
  const hits = await d.store.titled(rest, begun, phrase, suggestedAtMost + sameTitlesAtMost);
  return hits.map(({ title, product, slug, category }) => ({ text: title, product, slug, category }));
}
