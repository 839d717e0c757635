import type { Choice, ProductChoiceView } from "../model.ts";

/**
 * The choice that has `value` for `name` and keeps as much as can be kept of what was chosen before; among equals
 * one that can be bought, then the first.
 */
export function nearest(
  choices: readonly Choice[],
  before: Choice | undefined,
  name: string,
  value: string,
): Choice | undefined {
  let best: Choice | undefined;
  let bestScore = -1;
  for (const choice of choices) {
    if (choice.options[name] !== value) continue;
    const kept = Object.entries(choice.options).filter(([key, own]) => before?.options[key] === own).length;
    const score = kept * 2 + (choice.available > 0 ? 1 : 0);
    if (score > bestScore) [best, bestScore] = [choice, score];
  }
  return best;
}

/** The picture of a choice; one without a picture of its own leaves the shown one. */
export function pictureOf(view: ProductChoiceView, choice: Choice | undefined, shown = 0): number {
  const own = choice?.image;
  return own !== null && own !== undefined && own < view.images.length ? own : shown;
}

/** Whether anything with this value, and the other options as chosen, can be bought now. */
export function canBuy(
  view: ProductChoiceView,
  choice: Choice | undefined,
  name: string,
  value: string,
): boolean {
  return view.choices.some(
    (one) =>
      one.available > 0 &&
      one.options[name] === value &&
      view.options.every(
        (option) => option.name === name || one.options[option.name] === choice?.options[option.name],
      ),
  );
}
