import type { Random } from "#demo/random";
import type { Arrival } from "../generate/arrivals.ts";
import type { Acknowledged } from "../shop/acknowledged.ts";
import type { Api } from "../shop/api.ts";
import type { Buyers } from "../shop/buyers.ts";
import type { Catalogue } from "../shop/catalogue.ts";
import type { Provider } from "../shop/provider.ts";

/** What everybody who comes shares. */
export interface Means {
  readonly api: Api;
  readonly catalogue: Catalogue;
  readonly buyers: Buyers;
  readonly provider: Provider;
  readonly acknowledged: Acknowledged;
  /** Unlike any other run's: for e-mail addresses and idempotency keys. */
  readonly run: string;
  /** Of somebody who may give SKUs stock; absent where nobody is known who may. */
  readonly operator?: string;
}

/** One visitor's session with the shop, and what the session may use. */
export interface Visit extends Means {
  /** The same for this arrival in every run with the seed. */
  readonly random: Random;
  /** Unlike any other: for idempotency keys. */
  readonly key: string;
  /** How much of the measured time was over when the visitor came, 0 to 1; below 0 in the warm-up. */
  readonly share: number;
  /**
   * An interaction: timed by its name from when it was to begin, which is the arrival, or the end of the one before and
   * the time the visitor thought about it.
   */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Counts an answer that was right and no success, such as "sold out". */
  tell(answer: string): void;
}

/** What one kind of visitor does: interactions one after the other. */
export interface Session {
  readonly name: string;
  /** How often it comes, in proportion to the others of its workload. */
  readonly weight: number;
  /** It takes a buyer of the pool for as long as it lasts. */
  readonly buys?: true;
  /** Throws Unanswered where the shop does not do what was asked. */
  run(visit: Visit): Promise<void>;
}

/** Who comes in one run, and what they hold the shop to at its end. */
export interface Company {
  readonly sessions: readonly Session[];
  /** Names every promise that was not kept, once all is quiet. */
  check?(): Promise<readonly string[]>;
  close?(): Promise<void>;
}

/** When visitors are to come. */
export interface Plan {
  /** Arrivals a second. */
  readonly rate: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  readonly seed: number;
  readonly buyers: number;
}

/** Who comes, and when. */
export interface Workload {
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  readonly buys: boolean;
  /** Makes ready what its visitors need. */
  open(means: Means): Promise<Company>;
  /** Absent: a Poisson process at the plan's rate. */
  arrivals?(plan: Plan): Iterable<Arrival>;
  /** A part of the run whose times are shown apart, by the share of the measured time at which one came. */
  partOf?(share: number): string | undefined;
  /** How many times the plan's rate come at the end. Absent: once. */
  readonly surge?: number;
}

/** The session an arrival brings. */
export function sessionFor(sessions: readonly Session[], random: Random): Session {
  const sum = sessions.reduce((total, { weight }) => total + weight, 0);
  let left = random.next() * sum;
  for (const session of sessions) {
    left -= session.weight;
    if (left < 0) return session;
  }
  throw new Error("a workload has no sessions");
}
