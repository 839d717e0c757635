import { type Id, isId } from "#kernel/id";
import { isRefusal } from "#kernel/refusal";
import { orderPage } from "../data/orders.ts";
import { type Answer, notFound, type Work } from "../server/answer.ts";
import { formOf, underKey } from "../server/form.ts";
import type { Site } from "../server/site.ts";

/** Cancels, refunds or confirms an order, and shows it as it is then. */
export const actOnOrder =
  (verb: "cancel" | "refund" | "receipt") =>
  (site: Site): Work =>
  async (request): Promise<Answer> => {
    const { id } = request.params as { id: string };
    if (!isId(id)) return notFound();
    const form = formOf(request);
    const context = underKey(request.context, form.get("key"), verb);
    const order = { id: id as Id<"order"> };
    const reason = form.get("reason")?.trim().slice(0, 200);
    const { cancel, receive, refund } = site.doors.order;
    const outcome =
      verb === "cancel"
        ? await cancel(context, order)
        : verb === "receipt"
          ? await receive(context, order)
          : await refund(context, reason ? { ...order, reason } : order);
    if (!isRefusal(outcome)) return { to: `/orders/${id}?done=${verb}` };
    if (outcome.refusal === "order.not_found") return notFound();
    const notice = {
      tone: "bad",
      title: "That is no longer possible",
      text: "The order has moved on; below is how it is now.",
    } as const;
    return orderPage(site, request, id, notice, 409);
  };
