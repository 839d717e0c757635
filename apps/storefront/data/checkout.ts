import type { FastifyRequest } from "fastify";
import { expectDone, isRefusal } from "#kernel/refusal";
import type { FormState, Notice } from "../client/said.ts";
import type { Answer, Work } from "../server/answer.ts";
import { emptyForm, newKey } from "../server/form.ts";
import { queryOf } from "../server/query.ts";
import type { Site } from "../server/site.ts";
import { cartPage } from "./cart.ts";
import { byShopName } from "./unpaid.ts";

/** Checkout: account for the addresses, then order for the quote to one of them. */
export const checkout =
  (site: Site): Work =>
  async (request) =>
    checkoutPage(site, request, { address: queryOf(request).get("address") });

/** The page of the checkout as things are now; what was refused is said in `notice`. */
export async function checkoutPage(
  site: Site,
  request: FastifyRequest,
  said: { address: string | null; notice?: Notice; addressForm?: FormState; status?: number },
): Promise<Answer> {
  const { context } = request;
  const { account, order } = site.doors;
  const addresses = expectDone(await account.addresses(context, {})).items;
  const address = addresses.find(({ id }) => id === said.address) ?? addresses[0];
  const quote = await order.quote(context, address ? { address: address.id } : {});
  if (isRefusal(quote)) {
    const text = quote.message;
    return cartPage(site, context, (cart) =>
      cart.count === 0 && !said.notice
        ? null
        : { tone: "bad", title: "This cannot be ordered as it stands", text },
    );
  }
  return {
    status: said.status ?? 200,
    page: {
      name: "checkout",
      title: "Check out",
      isPrivate: true,
      view: {
        quote: { ...quote, shops: byShopName(quote.shops) },
        addresses,
        address: address?.id ?? null,
        addressForm: said.addressForm ?? {
          ...emptyForm,
          values: { recipient: request.accountName },
        },
        addressFormOpen: addresses.length === 0 || said.addressForm !== undefined,
        key: newKey(),
        notice: said.notice ?? null,
      },
    },
  };
}
