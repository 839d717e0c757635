import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ReadToken } from "#kernel/context";
import { readCookie, setReadToken } from "#platform/http/cookies";
import type {} from "#platform/http/request";

declare module "fastify" {
  interface FastifyRequest {
    /** The read token as it came, in the form in which it travels. */
    readTokenBefore: string;
  }
}

/** The header in which a client without cookies is given its read token, and sends it back. */
export const readTokenHeader = "storey-read";

/** A position is at most 36 characters long, and there are thirteen domains. */
const longest = 1_000;
const mostDomains = 16;
const entryPattern = /^([a-z]{1,20})_(-|[0-9a-f]{8}[.][1-9][0-9]{0,9}[.][0-9A-F]{16})$/;

/** Reads what `formatReadToken` wrote; what anybody else wrote is no token. */
export function parseReadToken(text: string | undefined): ReadToken {
  const token: ReadToken = new Map();
  if (!text || text.length > longest) return token;
  const entries = text.split("~");
  if (entries.length > mostDomains) return token;
  for (const entry of entries) {
    const [, domain, position] = entryPattern.exec(entry) ?? [];
    if (!domain || !position) return new Map();
    token.set(domain, position);
  }
  return token;
}

/** `order_9f3a01bc.2.00000000016B3748~…`: nothing in it is escaped in a header or a cookie. */
export const formatReadToken = (token: ReadToken): string =>
  [...token].map(([domain, position]) => `${domain}_${position}`).join("~");

/**
 * Takes in with every request what its sender has seen, and hands out what it wrote: to browsers in a cookie, to
 * clients without one in a header. Nobody has to be kept from forging it: whoever names a position that does not exist
 * is answered by the primary.
 */
export function carryReadTokens(app: FastifyInstance): void {
  app.decorateRequest("readTokenBefore", "");
  app.addHook("onRequest", (request, _reply, done) => {
    const { readToken } = request.context;
    for (const [domain, position] of parseReadToken(sentIn(request))) readToken.set(domain, position);
    request.readTokenBefore = formatReadToken(readToken);
    done();
  });
  app.addHook("onSend", (request, reply, _payload, done) => {
    const now = formatReadToken(request.context.readToken);
    if (now !== request.readTokenBefore) {
      reply.header(readTokenHeader, now);
      setReadToken(reply, now);
    }
    done();
  });
}

function sentIn(request: FastifyRequest): string | undefined {
  const header = request.headers[readTokenHeader];
  return typeof header === "string" ? header : request.cookies[readCookie];
}
