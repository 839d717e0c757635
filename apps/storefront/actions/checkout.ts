import type { FastifyRequest } from "fastify";
import { orderDoor } from "#domains/order/api";
import { type Id, isId } from "#kernel/id";
import { isRefusal, type Refusal } from "#kernel/refusal";
import type { Notice } from "../client/said.ts";
import { checkoutPage } from "../data/checkout.ts";
import type { Answer, Work } from "../server/answer.ts";
import { refusalPage } from "../server/error-page.ts";
import { formOf, underKey } from "../server/form.ts";
import type { Site } from "../server/site.ts";
import { addAddress } from "./address.ts";

/** Places the orders and goes on to the payment. Sent twice, it places them once. */
export const placeOrder =
  (site: Site): Work =>
  async (request): Promise<Answer> => {
    const form = formOf(request);
    const address = form.get("address") ?? "";
    if (!isId(address))
      return checkoutPage(site, request, { address: null, notice: chooseAddress, status: 422 });
    const placed = await site.doors.order.place(underKey(request.context, form.get("key"), "place"), {
      address: address as Id<"address">,
      quote: (form.get("quote") ?? "").slice(0, 64),
    });
    if (isRefusal(placed)) return checkoutPage(site, request, { address, notice: said(placed), status: 409 });
    return toPayment(site, request, placed.id);
  };

const chooseAddress: Notice = {
  tone: "bad",
  title: "Where should it go?",
  text: "Choose an address, or add one.",
};

/** Refusals of a checkout in the words of somebody who stands at the till. */
function said(refusal: Refusal): Notice {
  switch (refusal.refusal) {
    case "order.price_changed":
      return {
        tone: "bad",
        title: "Prices have changed since you looked",
        text: "Nothing was ordered. Below is what it costs now; place the order again if that is all right.",
      };
    case "order.out_of_stock":
      return {
        tone: "bad",
        title: "Somebody was quicker",
        text: "Nothing was ordered. What cannot be had any more is marked below.",
        link: { href: "/cart", label: "Change your cart" },
      };
    case "order.in_progress":
      return {
        tone: "calm",
        title: "Your order is still being placed",
        text: "Look at your orders in a moment before you order again.",
        link: { href: "/orders", label: "Your orders" },
      };
    default:
      return { tone: "bad", title: "Nothing was ordered", text: refusal.message };
  }
}

/** Pays a checkout that was placed before: from its order's page, or after a payment that failed. */
export const payAgain =
  (site: Site): Work =>
  async (request): Promise<Answer> => {
    const checkout = formOf(request).get("checkout") ?? "";
    return isId(checkout) ? toPayment(site, request, checkout as Id<"checkout">) : { to: "/orders" };
  };

async function toPayment(site: Site, request: FastifyRequest, checkout: Id<"checkout">): Promise<Answer> {
  const context = underKey(request.context, formOf(request).get("key"), "pay");
  const payment = await site.doors.order.pay(context, { checkout, provider: site.paymentProvider });
  if (!isRefusal(payment)) return { to: payment.redirectUrl };
  const [, title] = orderDoor.refusals[payment.refusal as keyof typeof orderDoor.refusals] ?? [
    409,
    "Not possible now",
  ];
  return refusalPage(title, payment.message, [{ href: "/orders", label: "Look at your orders" }]);
}

/** Adds an address from the checkout's own form and comes back with it chosen. */
export const addAddressAtCheckout =
  (site: Site): Work =>
  async (request): Promise<Answer> => {
    const outcome = await addAddress(site, request);
    if ("id" in outcome) return { to: `/checkout?address=${outcome.id}` };
    return checkoutPage(site, request, { address: null, addressForm: outcome, status: 422 });
  };
