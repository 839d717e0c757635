import type { Random } from "#demo/random";
import type { Acknowledged } from "../shop/acknowledged.ts";
import type { Api } from "../shop/api.ts";
import type { Buyers } from "../shop/buyers.ts";
import type { Catalogue } from "../shop/catalogue.ts";
import type { Provider } from "../shop/provider.ts";

/** One visitor's session with the shop, and what the session may use. */
export interface Visit {
  readonly api: Api;
  readonly catalogue: Catalogue;
  readonly buyers: Buyers;
  readonly provider: Provider;
  readonly acknowledged: Acknowledged;
  /** The same for this arrival in every run with the seed. */
  readonly random: Random;
  /** Unlike any other: for idempotency keys. */
  readonly key: string;
  /** An interaction: timed by its name from when it was to begin, which is the arrival or the end of the one before. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** What one kind of visitor does: interactions one after the other, without thinking time. */
export interface Session {
  readonly name: string;
  /** How often it comes, in proportion to the others of its workload. */
  readonly weight: number;
  /** Throws Unanswered where the shop does not do what was asked. */
  run(visit: Visit): Promise<void>;
}

/** Who comes. */
export interface Workload {
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  readonly buys: boolean;
  readonly sessions: readonly Session[];
}

/** The session an arrival brings. */
export function sessionFor(workload: Workload, random: Random): Session {
  const sum = workload.sessions.reduce((total, { weight }) => total + weight, 0);
  let left = random.next() * sum;
  for (const session of workload.sessions) {
    left -= session.weight;
    if (left < 0) return session;
  }
  throw new Error(`the workload ${workload.name} has no sessions`);
}
