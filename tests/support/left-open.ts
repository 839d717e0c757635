import assert from "node:assert/strict";
import { until } from "./until.ts";

/** Looks at what keeps this process alive; `settled` ends when nothing does that did not then, and fails otherwise. */
export function openNow(): { settled(): Promise<void> } {
  const byKind = () => Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind);
  const before = byKind();
  const left = () =>
    [...byKind()].flatMap(([kind, now]) => (now.length > (before.get(kind)?.length ?? 0) ? kind : []));
  return {
    settled: async () => {
      // Between two attempts to connect nothing may be open for a moment: a second of looks.
      let looks = 0;
      await until(async () => {
        looks = left().length === 0 ? looks + 1 : 0;
        return looks > 40;
      }).catch(() => assert.deepEqual(left(), []));
    },
  };
}
