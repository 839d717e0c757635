import type { FastifyReply, FastifyRequest } from "fastify";
import type { Context } from "#kernel/context";
import { type Id, isId } from "#kernel/id";
import { expectDone, isRefusal, type Refusal } from "#kernel/refusal";
import { setCart } from "#platform/http/cookies";
import type { Notice } from "../client/said.ts";
import { cartPage } from "../data/cart.ts";
import { chosenOf, productPage } from "../data/product.ts";
import { type Answer, notFound, type Work } from "../server/answer.ts";
import { formOf } from "../server/form.ts";
import type { Site } from "../server/site.ts";

/** Puts what the form of a product's page chose into the cart, beside what is there of it already. */
export const addToCart =
  (site: Site): Work =>
  async (request, reply) => {
    const form = formOf(request);
    const product = form.get("product") ?? "";
    if (!isId(product)) return notFound();
    const found = await site.doors.catalog.get(request.context, { id: product as Id<"product"> });
    if (isRefusal(found)) return notFound();
    const sku = chosenOf(found, new Map(), form);
    const done = sku ? await add(site, request, reply, sku, quantityOf(form)) : notMade;
    if (request.headers.accept?.includes("application/json")) {
      return "notice" in done
        ? { json: { notice: done.notice }, status: 409 }
        : { json: { count: done.count, notice: added(found.title) } };
    }
    if (!("notice" in done)) return { to: `/cart?added=${sku}` };
    const shown = await productPage(site, request.context, found.id, found.slug, form, done.notice);
    return "page" in shown ? { ...shown, status: 409 } : shown;
  };

const notMade = {
  notice: { tone: "bad", title: "It is not made like this", text: "Choose another." } satisfies Notice,
};

const added = (title: string): Notice => ({
  tone: "good",
  title: "Added to your cart",
  text: title,
  link: { href: "/cart", label: "Go to the cart" },
});

async function add(
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  sku: Id<"sku">,
  quantity: number,
): Promise<{ count: number } | { notice: Notice }> {
  const { context } = request;
  const [before, stock] = await Promise.all([
    hasCart(context) ? site.doors.cart.get(context, {}) : undefined,
    site.doors.inventory.available(context, { skus: [sku] }),
  ]);
  const there = before ? (expectDone(before).lines.find((line) => line.sku === sku)?.quantity ?? 0) : 0;
  const available = expectDone(stock).items[0]?.available ?? 0;
  if (there + quantity > available) return { notice: tooMany(available, there) };
  const after = await site.doors.cart.put(context, { sku, quantity: Math.min(999, there + quantity) });
  if (isRefusal(after)) return { notice: refused(after) };
  if (after.token) setCart(reply, after.token);
  return { count: after.count };
}

const hasCart = (context: Context) => context.caller.kind === "guest" || context.caller.kind === "account";

function tooMany(available: number, there: number): Notice {
  if (available <= 0)
    return { tone: "bad", title: "It has just been sold out", text: "Look for something like it below." };
  const have = there > 0 ? ` and you have ${there} in your cart` : "";
  return {
    tone: "bad",
    title: `Only ${available} left${have}`,
    link: { href: "/cart", label: "Go to the cart" },
  };
}

const refused = ({ message }: Refusal): Notice => ({
  tone: "bad",
  title: "That did not work",
  text: message,
});

/** Changes how many are wanted. */
export const changeCart =
  (site: Site): Work =>
  async (request): Promise<Answer> => {
    const { sku } = request.params as { sku: string };
    if (!isId(sku)) return notFound();
    const line = { sku: sku as Id<"sku">, quantity: quantityOf(formOf(request)) };
    const outcome = await site.doors.cart.put(request.context, line);
    if (isRefusal(outcome)) return cartPage(site, request.context, () => refused(outcome), 409);
    return { to: "/cart" };
  };

/** Takes a line out. */
export const removeFromCart =
  (site: Site): Work =>
  async (request): Promise<Answer> => {
    const { sku } = request.params as { sku: string };
    if (!isId(sku)) return notFound();
    const outcome = await site.doors.cart.remove(request.context, { sku: sku as Id<"sku"> });
    if (isRefusal(outcome)) return cartPage(site, request.context, () => refused(outcome), 409);
    return { to: "/cart?removed" };
  };

/** What makes no sense as a quantity is one. */
function quantityOf(form: URLSearchParams): number {
  const asked = Number(form.get("quantity"));
  return Number.isInteger(asked) && asked >= 1 && asked <= 999 ? asked : 1;
}
