import type { Component, Topology } from "#topology/model";
import { leader } from "../shop/staged.ts";

/** What is killed, and how often. */
export interface Victim {
  readonly name: string;
  readonly kills: number;
}

/** The host of the database that takes writes: ten times, as each takes another server's promotion. */
const leaderKills = 10;
/** Of all applications together, and of a database that is alone. */
const mostKills = 20;
/** What the shop does without, or what others of its kind carry on for. */
const otherKills = 4;

/** The full counts for a topology: some ten minutes on two quiet cores. */
export function fullCounts(topology: Topology): Victim[] {
  const { components } = topology;
  const isGuarded = components.some((each) => each.kind === "postgres" && each.guardian === "patroni");
  const first = isGuarded ? [{ name: leader, kills: leaderKills }] : [];
  return [...first, ...components.map((each) => ({ name: each.name, kills: killsOf(each, components) }))];
}

function killsOf({ kind }: Component, all: readonly Component[]): number {
  const howMany = all.filter((each) => each.kind === kind).length;
  if (kind === "application") return Math.ceil(mostKills / howMany);
  return kind === "postgres" && howMany === 1 ? mostKills : otherKills;
}
