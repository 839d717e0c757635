import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import type { Context } from "#kernel/context";
import { isRefusal } from "#kernel/refusal";
import type {} from "#platform/http/request";
import type { Frame, Page } from "../client/model.ts";
import { errorPage } from "./error-page.ts";
import type { Site } from "./site.ts";

/** How a request is answered: with a page, by sending the browser elsewhere, or with data for a script. */
export type Answer = Paged | { readonly to: string } | { readonly json: object; readonly status?: number };

interface Paged {
  readonly page: Page;
  readonly status?: number;
  /** Of a page that has asked for the cart itself. */
  readonly cartCount?: number;
}

export type Work = (request: FastifyRequest, reply: FastifyReply) => Promise<Answer>;

/** A handler that draws what `work` finds. Pages that ask for the cart themselves pass `ownCart`. */
export function handle(site: Site, work: Work, { ownCart = false } = {}): RouteHandlerMethod {
  return async (request, reply) => {
    // What a form changes must be done before the page around it is asked for; most forms need no page at all.
    const early = request.method === "POST" ? undefined : frameOf(site, request, ownCart);
    const [answer, frame] = await Promise.all([work(request, reply), early]);
    if (!("page" in answer)) return sendBare(reply, answer);
    return send(site, request, reply, answer, frame ?? (await frameOf(site, request, ownCart)));
  };
}

function sendBare(reply: FastifyReply, answer: Exclude<Answer, Paged>) {
  reply.header("vary", "Cookie").header("cache-control", "private, no-store");
  if ("to" in answer) return reply.redirect(answer.to, 303);
  return reply.code(answer.status ?? 200).send(answer.json);
}

/** Draws and sends. A page for nobody in particular may be kept by caches; anything else by nobody. */
export function send(site: Site, request: FastifyRequest, reply: FastifyReply, answer: Paged, frame: Frame) {
  reply.header("vary", "Cookie");
  const { page, status = 200, cartCount } = answer;
  const html = site.build.render(
    site.build.assets,
    cartCount === undefined ? frame : { ...frame, cartCount },
    page,
  );
  reply.code(status).type("text/html; charset=utf-8");
  const isForAll = request.context.caller.kind === "anonymous" && request.method !== "POST" && status === 200;
  if (!isForAll || page.isPrivate) return reply.header("cache-control", "private, no-store").send(html);
  const etag = `"${createHash("sha1").update(html).digest("base64url")}"`;
  reply
    .header("cache-control", "public, max-age=0, s-maxage=30, stale-while-revalidate=60")
    .header("etag", etag);
  if (request.headers["if-none-match"]?.includes(etag)) return reply.code(304).send();
  return reply.send(html);
}

/** What stands around the page: departments, who is signed in, how many are in the cart. */
export async function frameOf(site: Site, request: FastifyRequest, ownCart: boolean): Promise<Frame> {
  const [tree, cartCount] = await Promise.all([
    site.navigation.tree(request.context),
    ownCart ? 0 : countOf(site, request.context),
  ]);
  return {
    departments: (tree.below.get(null) ?? []).map(({ slug, name }) => ({ href: `/c/${slug}`, label: name })),
    signedInAs: request.context.caller.kind === "account" ? request.accountName : null,
    cartCount,
    here: request.method === "GET" ? request.url : "/",
  };
}

async function countOf(site: Site, context: Context): Promise<number> {
  if (context.caller.kind !== "account" && context.caller.kind !== "guest") return 0;
  const cart = await site.doors.cart.get(context, {});
  return isRefusal(cart) ? 0 : cart.count;
}

/** "There is no such page", said kindly. */
export const notFound = (): Answer => ({
  status: 404,
  page: errorPage({
    heading: "There is nothing on this floor",
    text: "The page may have moved, or what was here is no longer sold. Search for it above, or start from the ground floor.",
    links: [{ href: "/", label: "Go to the front page" }],
  }),
});

/** For signed-in people only: others sign in first and come back, from a form to the page it stood on. */
export const signedIn =
  (work: Work): Work =>
  async (request, reply) => {
    if (request.context.caller.kind === "account") return work(request, reply);
    const [, place = ""] = request.url.split(/[/?]/);
    const back = request.method === "GET" ? request.url : `/${place === "pay" ? "orders" : place}`;
    return { to: `/sign-in?next=${encodeURIComponent(back)}` };
  };
