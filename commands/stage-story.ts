import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "./instance.ts";

/** The four lines that every stage's file opens with. */
export const chapters = ["Before", "Now", "Costs", "Still"] as const;
export type Story = Readonly<Record<(typeof chapters)[number], string>>;

/** The file of a stage, from the checkout. */
export const stageFile = (number: number, name: string): string =>
  `stages/${String(number).padStart(2, "0")}-${name}.ts`;

/**
 * What a stage's file says of it. Read from the comments themselves, so that they stand where the stage is read and
 * nowhere else. Throws when the file does not open with the four lines.
 */
export function storyOf(number: number, name: string): Story {
  const path = stageFile(number, name);
  const lines = readFileSync(join(checkout, path), "utf8").split("\n");
  const told = chapters.map((chapter, index) => {
    const [, words] = new RegExp(`^// ${chapter}: (.+)$`).exec(lines[index] ?? "") ?? [];
    if (!words) throw new Error(`line ${index + 1} of ${path} does not say "// ${chapter}: …"`);
    return [chapter, words];
  });
  return Object.fromEntries(told) as Story;
}
