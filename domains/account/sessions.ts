import { LRUCache } from "lru-cache";
import type { Id } from "#kernel/id";
import type { Token } from "./token.ts";

/** Whose a session is, with what its account may do. */
export interface Resolved {
  readonly account: Id<"account">;
  readonly session: Id<"session">;
  readonly name: string;
  readonly operator: boolean;
  readonly shops: Id<"shop">[];
}

interface Kept {
  readonly digest: string;
  readonly whose: Resolved;
  readonly readAtMs: number;
}

/** What another process has revoked may be honoured here for so long, and no longer. */
const keptMs = 1_000;
/** About 5 MB; whoever comes beside them costs a read, as everybody did before. */
const mostSessions = 10_000;

/** Sessions that this process has just resolved. Account's table stays the truth (DATA 19). */
export interface Sessions {
  /** Whose token it is, asked with `read` if that is not known from less than a second ago. */
  resolve(token: Token, read: () => Promise<Resolved | undefined>): Promise<Resolved | undefined>;
  /** Does what ends a session, and forgets it: whoever asks afterwards asks the table. */
  ending<T>(session: Id<"session">, work: () => Promise<T>): Promise<T>;
  /** Does what changes an account's name or rights, and forgets its sessions. */
  changing<T>(account: Id<"account">, work: () => Promise<T>): Promise<T>;
  readonly size: number;
}

/**
 * Nothing is kept of tokens that are nobody's: whoever sends thousands of them would push out the sessions of others.
 */
export function openSessions(limits: { keptMs?: number; most?: number } = {}): Sessions {
  const kept = new LRUCache<Id<"session">, Kept>({ max: limits.most ?? mostSessions });
  // What was read before a revocation and arrives after it must not be kept.
  let revocations = 0;
  // Also after a failure: it may have happened.
  const afterwards = async <T>(work: () => Promise<T>, forget: () => void): Promise<T> => {
    try {
      return await work();
    } finally {
      revocations++;
      forget();
    }
  };
  const forgetAll = (account: Id<"account">) => {
    for (const [session, { whose }] of kept.entries()) if (whose.account === account) kept.delete(session);
  };
  return {
    resolve: async (token, read) => {
      const readAtMs = performance.now();
      const known = kept.get(token.session);
      if (known && readAtMs - known.readAtMs < (limits.keptMs ?? keptMs)) {
        return known.digest === token.digest ? known.whose : undefined;
      }
      const before = revocations;
      const whose = await read();
      if (whose && before === revocations) kept.set(token.session, { digest: token.digest, whose, readAtMs });
      return whose;
    },
    ending: (session, work) => afterwards(work, () => kept.delete(session)),
    changing: (account, work) => afterwards(work, () => forgetAll(account)),
    get size() {
      return kept.size;
    },
  };
}
