import { type Static, Type } from "typebox";

/** What a domain found when it checked its own invariants in one snapshot: every offender by name. */
export const findingsSchema = Type.Object({
  checked: Type.Integer({ description: "How many things were looked at" }),
  broken: Type.Array(
    Type.Object({
      rule: Type.String({ description: "The invariant, such as inventory.never_negative" }),
      offender: Type.String({ description: "The id of what breaks it" }),
      detail: Type.String(),
    }),
    { description: "At most 1,000" },
  ),
});
export type Findings = Static<typeof findingsSchema>;
