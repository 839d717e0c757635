import type { CookieSerializeOptions } from "@fastify/cookie";
import type { FastifyReply } from "fastify";

/** The session's token: not for scripts, not sent by other sites' forms. */
export const sessionCookie = "session";
/** The token of a guest's cart. */
export const cartCookie = "cart";

/** How far its owner's own writes reach: not for scripts, and of no use to anybody else. */
export const readCookie = "storey-read";

const day = 86_400;
/** No replica that is read from, and no cache, is behind for so long. */
const readTokenSeconds = 300;

function attributes(reply: FastifyReply, maxAgeSeconds: number): CookieSerializeOptions {
  const secure = reply.request.protocol === "https";
  return { path: "/", httpOnly: true, sameSite: "lax", secure, maxAge: maxAgeSeconds };
}

/** Remembers a session for 30 days, or until its token is revoked. */
export function setSession(reply: FastifyReply, token: string): void {
  reply.setCookie(sessionCookie, token, attributes(reply, 30 * day));
}

/** Remembers a guest's cart for 30 days. */
export function setCart(reply: FastifyReply, token: string): void {
  reply.setCookie(cartCookie, token, attributes(reply, 30 * day));
}

/** Remembers what its owner has written and must see. */
export function setReadToken(reply: FastifyReply, token: string): void {
  reply.setCookie(readCookie, token, attributes(reply, readTokenSeconds));
}

/** Forgets the session. */
export function clearSession(reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, attributes(reply, 0));
}

/** Forgets the guest's cart, once it has been merged. */
export function clearCart(reply: FastifyReply): void {
  reply.clearCookie(cartCookie, attributes(reply, 0));
}
