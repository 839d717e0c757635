import cookie from "@fastify/cookie";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Clock } from "#kernel/clock";
import { type Caller, newContext, onBehalfOf, type ReadToken } from "#kernel/context";
import { isRefusal, refuse } from "#kernel/refusal";
import { cartCookie, sessionCookie } from "#platform/http/cookies";
import { cartTokenHeader } from "#platform/http/request";
import { clientOf } from "./client-address.ts";
import type { Doors } from "./compose.ts";
import { sendProblem } from "./problem.ts";
import { carryReadTokens } from "./read-token.ts";

/** What a request has for everything it does. A caller who has waited longer has gone. */
const requestMs = 10_000;

const anonymous: Caller = { kind: "anonymous" };

/** Before everything else, so that whoever is turned away is told under which trace too. */
export function greet(app: FastifyInstance, clock: Clock): void {
  app.decorateRequest("context", null as never);
  app.decorateRequest("accountName", "");
  app.addHook("onRequest", (request, reply, done) => {
    request.context = contextOf(request, anonymous, clock);
    reply.header("x-request-id", request.id);
    done();
  });
}

/**
 * Before every handler: who asks, until when, under which trace. A token that is nobody's makes a caller anonymous,
 * so that an old cookie never stands between a reader and a page. `hasReplicas`: what callers have seen matters.
 */
export async function edge(
  app: FastifyInstance,
  doors: Pick<Doors, "account">,
  clock: Clock,
  hasReplicas: boolean,
): Promise<void> {
  await app.register(cookie);
  if (hasReplicas) carryReadTokens(app);
  app.addHook("onRequest", (request, reply, done) => {
    if (isForeign(request)) {
      sendProblem(reply, refuse("request.forbidden", "A page of another site may not do this in your name."));
      return;
    }
    if (forAll.test(request.url)) return done();
    const token = tokenOf(request);
    const asks = (caller: Caller) => {
      const { readToken } = request.context;
      if (caller.kind !== "anonymous") request.context = contextOf(request, caller, clock, readToken);
      done();
    };
    if (!token) return asks(guestOf(request));
    accountOf(request, doors, token).then((account) => asks(account ?? guestOf(request)), done);
  });
}

/** What is the same for whoever asks, and asked for most: nobody looks whose session it is. */
const forAll = /^\/(?:(?:assets|files)\/|(?:healthz|readyz|metrics)$)/;

function contextOf(request: FastifyRequest, caller: Caller, clock: Clock, readToken?: ReadToken) {
  const key = request.headers["idempotency-key"];
  return newContext({
    caller,
    deadline: clock.now() + requestMs,
    idempotencyKey: typeof key === "string" ? key : undefined,
    ...(readToken ? { readToken } : {}),
    client: clientOf(request.ip),
    trace: request.id,
  });
}

function tokenOf(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  return authorization?.startsWith("Bearer ") ? authorization.slice(7) : request.cookies[sessionCookie];
}

async function accountOf(
  request: FastifyRequest,
  doors: Pick<Doors, "account">,
  token: string,
): Promise<Caller | undefined> {
  // To look a session up writes nothing that its owner would have to see.
  const readToken = new Map(request.context.readToken);
  const found = await doors.account.resolve({ ...onBehalfOf(request.context, "edge"), readToken }, { token });
  if (!found || isRefusal(found)) return undefined;
  request.accountName = found.name;
  const { account, session, operator, shops } = found;
  return { kind: "account", account, session, operator, shops };
}

function guestOf(request: FastifyRequest): Caller {
  const header = request.headers[cartTokenHeader];
  const cartToken = typeof header === "string" ? header : request.cookies[cartCookie];
  return cartToken ? { kind: "guest", cartToken } : anonymous;
}

/**
 * Whether a browser sends this from another site's page. SameSite=Lax keeps the cookies back already; this also stops
 * browsers that do not know it, and forms of a sibling domain.
 */
function isForeign(request: FastifyRequest): boolean {
  if (request.method === "GET" || request.method === "HEAD") return false;
  const { origin, "sec-fetch-site": site } = request.headers;
  if (origin === undefined) return site !== undefined && site !== "same-origin" && site !== "none";
  try {
    return new URL(origin).host !== request.host;
  } catch {
    return true;
  }
}
