import { hash } from "node:crypto";
import type { Caller } from "#kernel/context";
import { type Id, isId } from "#kernel/id";

/** Which cart, and what proves that it is one's own: null for a buyer, whose session has proved it. */
export interface Key {
  readonly id: Id<"cart">;
  readonly digest: string | null;
}

// 256 random bits need no slow hash and no salt: there is nothing to guess.
const digestOf = (secret: string): string => hash("sha256", secret, "base64url");

/**
 * A token for a guest's cart: its id, a dot and 256 random bits. The text goes to the guest and is kept
 * nowhere.
 */
export function newToken(id: Id<"cart">): Key & { readonly text: string } {
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  return { id, digest: digestOf(secret), text: `${id}.${secret}` };
}

/** Reads a token from outside; undefined when it cannot be one. */
export function readToken(text: string): Key | undefined {
  const [id = "", secret = "", ...more] = text.split(".");
  if (more.length > 0 || secret.length !== 43 || !isId(id)) return undefined;
  return { id: id as Id<"cart">, digest: digestOf(secret) };
}

/** A buyer's cart is known by the account. */
export const keyOfBuyer = (account: Id<"account">): Key => ({
  id: account as Id<string> as Id<"cart">,
  digest: null,
});

/** The cart of whoever asks; undefined for who has none yet. */
export function keyOf(caller: Caller): Key | undefined {
  if (caller.kind === "account") return keyOfBuyer(caller.account);
  return caller.kind === "guest" ? readToken(caller.cartToken) : undefined;
}
