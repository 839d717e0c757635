import { type Id, isId } from "#kernel/id";
import { isRefusal } from "#kernel/refusal";
import type { PayReturnView } from "../client/buying.ts";
import { notFound, type Work } from "../server/answer.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";
import { orderCard } from "./order-card.ts";
import { byShopName, unpaidOf } from "./unpaid.ts";

/** The page looks again by itself so often: a minute and a half in all, at first quickly. */
const MOST_LOOKS = 25;
const QUICK_LOOKS = 10;
/** After so many it is likely that nothing was paid. */
const CALM_LOOKS = 4;

/** Where the provider sends the browser back to: payment asks the provider, then order tells of the checkout. */
export const payReturn =
  (site: Site): Work =>
  async (request) => {
    const query = queryOf(request);
    const id = query.get("payment") ?? "";
    if (!isId(id)) return { to: "/orders" };
    const { payment, order } = site.doors;
    const paid = await payment.refresh(request.context, { id: id as Id<"payment"> });
    if (isRefusal(paid)) return notFound();
    const placed = await order.checkout(request.context, { id: paid.checkout });
    const orders = isRefusal(placed) ? [] : placed.orders;
    const looks = Math.max(0, Number.parseInt(query.get("looks") ?? "0", 10) || 0);
    const asksAgain = paid.state === "pending" && looks < MOST_LOOKS;
    const againHref = `/pay/return?payment=${id}&looks=${looks + 1}`;
    return {
      page: {
        name: "pay-return",
        title: titles[paid.state],
        isPrivate: true,
        refresh: asksAgain ? { seconds: looks < QUICK_LOOKS ? 2 : 5, to: againHref } : undefined,
        view: {
          state: paid.state,
          amount: paid.amount,
          orders: byShopName(orders).map((one) => ({
            ...orderCard(one),
            state: paidState(one.state, paid.state),
          })),
          // Who has just paid must not be asked to pay again while the news is on its way.
          unpaid: paid.state === "pending" && looks < CALM_LOOKS ? null : unpaidOf(orders, site.clock.now()),
          asksAgain,
          againHref,
        },
      },
    };
  };

const titles = { captured: "Paid", pending: "Waiting for your payment", failed: "Not paid" } as const;

/** The order hears of its payment a moment later than this page; nobody should read "waiting" beside "thank you". */
const paidState = (order: PayReturnView["orders"][number]["state"], payment: PayReturnView["state"]) =>
  payment === "captured" && order === "pending" ? "paid" : order;
