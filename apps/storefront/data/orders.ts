import type { FastifyRequest } from "fastify";
import { parseTime } from "#kernel/clock";
import { type Id, isId } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import type { Notice } from "../client/said.ts";
import { type Answer, notFound, signInFirst, type Work } from "../server/answer.ts";
import { newKey } from "../server/form.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";
import { orderCard } from "./order-card.ts";

const PAGE = 20;

/** One's orders, the newest first: order once. */
export const orders =
  (site: Site): Work =>
  async (request) => {
    const must = signInFirst(request);
    if (must) return must;
    const cursor = queryOf(request).get("cursor")?.slice(0, 200);
    // Order's cursors are ids; another would be a fault there, so it begins at the first page here.
    const from = cursor && isId(cursor) ? { cursor } : {};
    const { items, next } = expectDone(
      await site.doors.order.list(request.context, { limit: PAGE, ...from }),
    );
    return {
      page: {
        name: "orders",
        title: "Your orders",
        isPrivate: true,
        view: {
          orders: items.map(orderCard),
          nextHref: next ? `/orders?cursor=${encodeURIComponent(next)}` : null,
        },
      },
    };
  };

/** One order: order once. */
export const order =
  (site: Site): Work =>
  async (request) => {
    const must = signInFirst(request);
    if (must) return must;
    const { id } = request.params as { id: string };
    return orderPage(site, request, id, said[queryOf(request).get("done") ?? ""] ?? null);
  };

const said: Record<string, Notice | undefined> = {
  cancel: { tone: "calm", title: "The order is closed", text: "Nothing will be taken from you." },
  receipt: { tone: "good", title: "Glad that it arrived", text: "The shop is paid now." },
  refund: { tone: "good", title: "Your money is on its way back", text: "It goes back the way it came." },
};

/** The page of an order as it is now. */
export async function orderPage(
  site: Site,
  request: FastifyRequest,
  id: string,
  notice: Notice | null,
  status = 200,
): Promise<Answer> {
  if (!isId(id)) return notFound();
  const found = await site.doors.order.get(request.context, { id: id as Id<"order"> });
  const { caller } = request.context;
  // The shop's staff may read it too, but this is the buyer's page.
  if (isRefusal(found) || caller.kind !== "account" || found.buyer !== caller.account) return notFound();
  return {
    status,
    page: {
      name: "order",
      title: `Order from ${found.shopName}`,
      isPrivate: true,
      view: {
        order: found,
        shopHref: `/s/${found.shop}`,
        payWithinMs: found.state === "pending" ? parseTime(found.payBy) - site.clock.now() : null,
        keys: { pay: newKey(), act: newKey() },
        notice,
      },
    },
  };
}
