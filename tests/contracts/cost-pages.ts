import type { FastifyReply, FastifyRequest } from "fastify";
import { account } from "#apps/storefront/data/account";
import { cart } from "#apps/storefront/data/cart";
import { category } from "#apps/storefront/data/category";
import { checkout } from "#apps/storefront/data/checkout";
import { home } from "#apps/storefront/data/home";
import { order, orders } from "#apps/storefront/data/orders";
import { product } from "#apps/storefront/data/product";
import { search } from "#apps/storefront/data/search";
import { shop } from "#apps/storefront/data/shop";
import type { Work } from "#apps/storefront/server/answer";
import { navigation } from "#apps/storefront/server/navigation";
import type { Site } from "#apps/storefront/server/site";
import { systemClock } from "#kernel/clock";
import type { Context } from "#kernel/context";
import type { Flags } from "#platform/flags/api";
import type { Market } from "./cost-market.ts";
import { anyone, type Size } from "./cost-party.ts";

type PageCost = (market: Market, size: Size) => Promise<readonly string[]>;

/** Asks for a page's data as a request would, a second time, so that what a running shop remembers is remembered. */
export async function costOf(
  market: Market,
  work: (site: Site) => Work,
  at: { context?: Context; url?: string; params?: Record<string, string> },
  flags: Flags = { isOn: () => true },
): Promise<readonly string[]> {
  const { doors } = market;
  const context = at.context ?? anyone;
  const tree = navigation(doors.catalog, systemClock);
  await tree.tree(context);
  const site: Site = {
    doors,
    clock: systemClock,
    paymentProvider: "sandbox",
    demoAccounts: [],
    navigation: tree,
    flags,
    build: undefined as never,
  };
  const request = { context, url: at.url ?? "/", params: at.params ?? {}, method: "GET", headers: {} };
  const ask = () => work(site)(request as unknown as FastifyRequest, {} as FastifyReply);
  await ask();
  return market.sentBy(ask);
}

/** Pages by name; for a buyer with one of everything, or many. */
export const pages: Record<string, PageCost> = {
  home: (market) => costOf(market, home, {}),
  category: (market) => costOf(market, category, { url: "/c/cups-1", params: { slug: "cups-1" } }),
  search: (market, size) => costOf(market, search, { url: `/search?q=${size === "few" ? "few" : "cup"}` }),
  product: (market, size) => {
    const { id, slug } = market.parties[size].product;
    return costOf(market, product, { params: { id, slug } });
  },
  shop: async (market) => {
    const { items } = (await market.doors.shop.list(anyone, {})) as { items: { id: string; slug: string }[] };
    const found = items.find(({ id }) => id === market.shop);
    return costOf(market, shop, { params: { id: market.shop, slug: found?.slug ?? "" } });
  },
  cart: (market, size) => costOf(market, cart, { context: market.parties[size].context }),
  checkout: (market, size) => costOf(market, checkout, { context: market.parties[size].context }),
  orders: (market, size) => costOf(market, orders, { context: market.parties[size].context }),
  order: (market, size) => {
    const { context, orders: known } = market.parties[size];
    return costOf(market, order, { context, params: { id: known.paid } });
  },
  account: (market, size) => costOf(market, account, { context: market.parties[size].context }),
};
