import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "#kernel/clock";
import { isRefusal } from "#kernel/refusal";
import type { Flags } from "#platform/flags/api";
import { cartCookie, clearCart } from "#platform/http/cookies";
import type {} from "#platform/http/request";
import type { StorefrontBuild } from "./build.ts";
import type { SignInView } from "./client/model.ts";
import { frameOf, handle, notFound, send } from "./server/answer.ts";
import { bareFrame, errorPageOf, statusOf } from "./server/error-page.ts";
import { acceptForms } from "./server/form.ts";
import { navigation } from "./server/navigation.ts";
import { routes } from "./server/routes.ts";
import type { Doors, Site } from "./server/site.ts";

export interface StorefrontOptions {
  readonly doors: Doors;
  readonly build: StorefrontBuild;
  readonly clock: Clock;
  readonly flags: Flags;
  readonly paymentProvider: string;
  /** Accounts anybody may try, shown on the sign-in page; none outside demonstrations. */
  readonly demoAccounts?: SignInView["demoAccounts"];
}

/**
 * The storefront as a Fastify plugin. It expects of the edge: `request.context` and `accountName`,
 * @fastify/cookie, security headers, the refusal of what other sites' pages send, and routes of its own below
 * /api/ and /files/, which this never answers.
 */
export async function storefront(app: FastifyInstance, options: StorefrontOptions): Promise<void> {
  const { doors, build, clock, flags, paymentProvider, demoAccounts = [] } = options;
  const site: Site = {
    doors,
    build,
    clock,
    flags,
    paymentProvider,
    demoAccounts,
    navigation: navigation(doors.catalog, clock),
  };
  acceptForms(app);
  await app.register(fastifyStatic, {
    root: build.assetsDir,
    prefix: "/assets/",
    decorateReply: false,
    preCompressed: true,
    immutable: true,
    maxAge: "365d",
    index: false,
  });
  app.addHook("preHandler", async (request, reply) => mergeGuestCart(site, request, reply));
  app.setErrorHandler(async (error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) request.log.error({ err: error }, "a page could not be made");
    return sendError(site, request, reply, status);
  });
  routes(app, site);
  app.get("/*", async (request, reply) => {
    // What the edge serves is answered by the edge, also when it is not there.
    if (/^\/(?:api|files|assets)\//.test(request.url)) return reply.callNotFound();
    return handle(site, async () => notFound()).call(app, request, reply);
  });
}

/** An error's page asks for nothing that may just have failed: its frame is drawn for nobody if need be. */
async function sendError(site: Site, request: FastifyRequest, reply: FastifyReply, status: number) {
  const frame = await frameOf(site, request, false).catch(() => bareFrame);
  return send(site, request, reply, { status, page: errorPageOf(status, request.context.trace) }, frame);
}

/**
 * Whoever has just signed in finds in the cart what they had put in before. Harmless to repeat, so it needs
 * no memory.
 */
async function mergeGuestCart(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const token = request.cookies[cartCookie];
  if (!token || token.length > 100 || request.context.caller.kind !== "account") return;
  const cart = await site.doors.cart.merge(request.context, { token });
  if (!isRefusal(cart)) clearCart(reply);
}
