import type { ComponentHealth, Health } from "../api.ts";
import { figure, megabytes, share } from "./format.ts";

/** How the map shows a component. */
export interface Condition {
  readonly health: ComponentHealth["health"];
  /** The line under its name; `brief` where the map is narrow. */
  readonly detail: string;
  readonly brief: string;
  /** 0 to 4: how busy the roads are that lead to it. */
  readonly load: number;
}

/** Everybody outside is well; all others as they were last seen. */
export function conditionsOf({ components, figures }: Health): ReadonlyMap<string, Condition> {
  return new Map(
    components.map((each) => [
      each.name,
      {
        health: each.health,
        detail: detailsOf(each).join(" · "),
        brief: shortened(detailsOf(each).slice(0, 2).join(" · "), 15),
        load: loadOf(each, figures.requestsPerSecond),
      },
    ]),
  );
}

/** The most telling first. */
function detailsOf(of: ComponentHealth): string[] {
  const { health, ailment, kind, memoryBytes, processors, requestsPerSecond } = of;
  if (health === "unwell") return [shortened(ailment ?? "unwell", 18)];
  if (memoryBytes === null && processors === null)
    return [health === "well" ? "answers" : "not seen from here"];
  const busy = kind === "application" && requestsPerSecond !== null ? [`${figure(requestsPerSecond)}/s`] : [];
  return [...busy, share(processors), megabytes(memoryBytes)];
}

/** A card has room for so many letters. */
const shortened = (words: string, most: number): string =>
  words.length > most ? `${words.slice(0, most - 1)}…` : words;

/** By its processors; where nobody sees those, by what all of the shop is asked. */
function loadOf({ health, processors }: ComponentHealth, requestsPerSecond: number | null): number {
  if (health === "unwell") return 0;
  if (processors === null) return levelOf(requestsPerSecond ?? 0, [0.05, 5, 50, 300]);
  return levelOf(processors, [0.01, 0.1, 0.35, 0.75]);
}

const levelOf = (value: number, bounds: readonly number[]): number =>
  bounds.filter((bound) => value >= bound).length;
