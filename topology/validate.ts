import type { Topology } from "./model.ts";
import { databaseRules } from "./rules/databases.ts";
import { domainRules } from "./rules/domains.ts";
import { redundancyRules } from "./rules/redundancy.ts";
import { roleRules, startsInOrder } from "./rules/roles.ts";
import type { Finding, Rule } from "./rules/rule.ts";
import { nameRules, roadsFit } from "./rules/shape.ts";

/** What is wrong with a topology, and with which of its things. */
export interface Problem extends Finding {
  readonly rule: string;
}

/** In parts: while one finds something the next is not asked, since it could only misread what is broken. */
const parts: readonly (readonly Rule[])[] = [
  nameRules,
  [roadsFit],
  [...roleRules, ...domainRules, ...databaseRules],
  [startsInOrder, ...redundancyRules],
];

/** The name of every rule. */
export const ruleNames: readonly string[] = parts.flat().map(({ name }) => name);

/** Everything that must be mended before a topology can run. None for a stage. */
export function problemsOf(topology: Topology): Problem[] {
  for (const rules of parts) {
    const problems = rules.flatMap(({ name, check }) =>
      check(topology).map((finding) => ({ rule: name, ...finding })),
    );
    if (problems.length > 0) return problems;
  }
  return [];
}
