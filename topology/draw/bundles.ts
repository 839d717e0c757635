import type { Road, Role, Topology } from "../model.ts";

/** Roads of one role between the same ends, drawn as one line that forks: each of some leads to all of others. */
export interface Bundle {
  readonly role: Role;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly roads: readonly Road[];
}

/** All roads, bundled. */
export function bundlesOf({ roads }: Topology): Bundle[] {
  const byEnds = new Map<string, Road[]>();
  for (const { from, role, domains } of roads) {
    const same = roads.filter((each) => each.from === from && each.role === role && each.domains === domains);
    const ends = same.map(({ to }) => to).sort();
    const key = [role, domains?.join() ?? "", ...ends].join(" ");
    const known = byEnds.get(key) ?? [];
    byEnds.set(key, [...known, ...same.filter((each) => !known.includes(each))]);
  }
  return [...byEnds.values()].map((some) => ({
    role: some[0]?.role ?? "http",
    from: [...new Set(some.map(({ from }) => from))],
    to: [...new Set(some.map(({ to }) => to))],
    roads: some,
  }));
}
