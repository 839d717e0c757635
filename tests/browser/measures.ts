import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Serious and critical findings of axe-core, each with where it was found. */
export async function findingsOf(page: Page): Promise<string[]> {
  // Handed over by the debugger, because the page's policy runs no script of ours.
  await page.evaluate(await readFile(axeFile, "utf8"));
  const results = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** By how many pixels the page is wider than its window. */
export const sidewaysOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Words in letters smaller than 16 px. What only screen readers get counts as unseen. */
export const smallWordsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const small: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const words = node.textContent?.trim() ?? "";
      const parent = node.parentElement;
      if (
        words === "" ||
        !parent?.checkVisibility() ||
        parent.closest(".unseen, .tool-word, script, noscript")
      )
        continue;
      const size = Number.parseFloat(getComputedStyle(parent).fontSize);
      if (size < 16) small.push(`${size}px: ${words.slice(0, 60)}`);
    }
    return small;
  });

/** What can be pressed but is smaller than 44 by 44 px. Links within a merchant's own text are the merchant's. */
export const smallTargetsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const small: string[] = [];
    // A card's title stretches over the card, a label over its field.
    const pressedOf = (target: Element) =>
      target.closest("label") ?? target.closest(".card, .department, .shop-card, .order-card") ?? target;
    for (const target of document.querySelectorAll("a, button, input, select, summary, textarea")) {
      if (!target.checkVisibility() || target.matches("[type=hidden], .skip") || target.closest(".prose"))
        continue;
      const { width, height } = pressedOf(target).getBoundingClientRect();
      if (width < 43.5 || height < 43.5)
        small.push(`${Math.round(width)}x${Math.round(height)}: ${target.outerHTML.slice(0, 120)}`);
    }
    return small;
  });
