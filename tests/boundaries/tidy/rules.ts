import { migrationRules } from "./migration-rules.ts";
import { placeRules } from "./places.ts";
import { repositoryRules } from "./repository-rules.ts";
import type { Rule } from "./rule.ts";
import { sizeRules } from "./size.ts";
import { storeRules } from "./store-rules.ts";
import { syntaxRules } from "./syntax.ts";

export const rules: readonly Rule[] = [
  ...sizeRules,
  ...syntaxRules,
  ...placeRules,
  ...migrationRules,
  ...storeRules,
  ...repositoryRules,
];
