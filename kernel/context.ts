import type { Id } from "./id.ts";

/** Who is asking. `guest` holds the token of a cart and no more. `domain` is another domain of the shop. */
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "guest"; readonly cartToken: string }
  | {
      readonly kind: "account";
      readonly account: Id<"account">;
      readonly session: Id<"session">;
      readonly operator: boolean;
      /** The shops whose staff the account is. */
      readonly shops: readonly Id<"shop">[];
    }
  | { readonly kind: "domain"; readonly domain: string };

/** Travels with every operation, in process and over every wire. */
export interface Context {
  readonly caller: Caller;
  /** Milliseconds since 1970; work that cannot finish by then is not begun. */
  readonly deadline: number;
  readonly idempotencyKey: string | undefined;
  /** What the caller has seen and must see again; opaque here, kept by platform/database. */
  readonly readToken: ReadToken;
  /** Which client asks, as the edge tells clients apart (an address); undefined where none does. Forged by nobody. */
  readonly client?: string;
  /** The request's id in logs and traces, the same in every domain it touches. */
  readonly trace: string;
}

/** Per domain, the position up to which the caller's own writes reach. Grows while the request runs. */
export type ReadToken = Map<string, string>;

/**
 * Stands in a read token for a domain whose last word is needed, whatever was seen before: who takes its writes
 * answers. For whoever keeps what it reads, as an index does: what a replica says that is a moment behind would stay.
 */
export const lastWord = "-";

/** What a request or a job starts with. */
export function newContext(parts: {
  caller?: Caller;
  deadline: number;
  idempotencyKey?: string | undefined;
  readToken?: ReadToken;
  client?: string | undefined;
  trace: string;
}): Context {
  return {
    caller: parts.caller ?? { kind: "anonymous" },
    deadline: parts.deadline,
    idempotencyKey: parts.idempotencyKey,
    readToken: parts.readToken ?? new Map(),
    ...(parts.client === undefined ? {} : { client: parts.client }),
    trace: parts.trace,
  };
}

/** The same request, asked by a domain in its own name: how internal operations are called. */
export const onBehalfOf = (context: Context, domain: string): Context => ({
  ...context,
  caller: { kind: "domain", domain },
});

/** The account that asks, for operations whose door lets only accounts in. */
export function accountOf(context: Context): Id<"account"> {
  if (context.caller.kind !== "account") throw new Error("this operation's door admits accounts only");
  return context.caller.account;
}

/** Whether the caller works for the shop, is an operator, or is a domain of the shop itself. */
export function actsFor(caller: Caller, shop: Id<"shop">): boolean {
  if (caller.kind === "domain") return true;
  return caller.kind === "account" && (caller.operator || caller.shops.includes(shop));
}
