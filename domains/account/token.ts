import { hash } from "node:crypto";
import { type Id, isId } from "#kernel/id";

/** What a session's token stands for: the session, and the digest that its row must hold. */
export interface Token {
  readonly session: Id<"session">;
  readonly digest: string;
}

// 256 random bits need no slow hash and no salt: there is nothing to guess.
const digestOf = (secret: string): string => hash("sha256", secret, "base64url");

/**
 * A token for a session: its id, a dot and 256 random bits. The text goes to its owner and is kept nowhere.
 */
export function newToken(session: Id<"session">): Token & { readonly text: string } {
  const secret = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  return { session, digest: digestOf(secret), text: `${session}.${secret}` };
}

/** Reads a token from outside; undefined when it cannot be one. */
export function readToken(text: string): Token | undefined {
  const [session = "", secret = "", ...more] = text.split(".");
  if (more.length > 0 || secret.length !== 43 || !isId(session)) return undefined;
  return { session: session as Id<"session">, digest: digestOf(secret) };
}
