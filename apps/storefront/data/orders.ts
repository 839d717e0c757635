import type { FastifyRequest } from "fastify";
import type { Context } from "#kernel/context";
import { type Id, isId } from "#kernel/id";
import { sum } from "#kernel/money";
import { expectDone, isRefusal } from "#kernel/refusal";
import type { Order, OrderGroup } from "../client/buying.ts";
import type { Notice } from "../client/said.ts";
import { type Answer, notFound, type Work } from "../server/answer.ts";
import { newKey } from "../server/form.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";
import { orderCard } from "./order-card.ts";
import { byShopName, checkoutsOf, unpaidOf, wholeCheckouts } from "./unpaid.ts";

/** So many are read; the checkouts among them are shown whole. */
const PAGE = 30;

/** One's orders, the newest first, those of one checkout together: order once. */
export const orders =
  (site: Site): Work =>
  async (request) => {
    const cursor = queryOf(request).get("cursor")?.slice(0, 200);
    // Order's cursors are ids; another would be a fault there, so it begins at the first page here.
    const from = cursor && isId(cursor) ? { cursor } : {};
    const page = expectDone(await site.doors.order.list(request.context, { limit: PAGE, ...from }));
    const { items, next, isWhole } = wholeCheckouts(page);
    return {
      page: {
        name: "orders",
        title: "Your orders",
        isPrivate: true,
        view: {
          groups: checkoutsOf(items).map((group) => groupOf(group, isWhole ? site.clock.now() : Infinity)),
          nextHref: next ? `/orders?cursor=${encodeURIComponent(next)}` : null,
        },
      },
    };
  };

function groupOf(found: readonly Order[], nowMs: number): OrderGroup {
  const cards = byShopName(found.map(orderCard));
  const first = cards[0];
  if (!first) throw new Error("a checkout has at least one order");
  return {
    checkout: found[0]?.checkout ?? "",
    at: first.at,
    total: sum(
      cards.map(({ total }) => total),
      first.total.currency,
    ),
    orders: cards,
    unpaid: unpaidOf(found, nowMs),
  };
}

/** One order: order once; while it waits to be paid a second time, for what is paid with it. */
export const order =
  (site: Site): Work =>
  async (request) => {
    const { id } = request.params as { id: string };
    return orderPage(site, request, id, said[queryOf(request).get("done") ?? ""] ?? null);
  };

const said: Record<string, Notice | undefined> = {
  cancel: { tone: "calm", title: "The order is closed", text: "Nothing will be taken from you." },
  receipt: { tone: "good", title: "Glad that it arrived", text: "The shop is paid now." },
  refund: {
    tone: "good",
    title: "The order is refunded",
    text: "All you paid for it, shipping too, goes back the way it came. Your bank may take some days to show it.",
  },
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
        unpaid: found.state === "pending" ? await unpaidWith(site, request.context, found) : null,
        key: newKey(),
        notice,
      },
    },
  };
}

async function unpaidWith(site: Site, context: Context, order: Order) {
  const checkout = await site.doors.order.checkout(context, { id: order.checkout });
  return isRefusal(checkout) ? null : unpaidOf(checkout.orders, site.clock.now());
}
