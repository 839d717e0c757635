import type { FastifyInstance } from "fastify";
import { removeAddress, rename, saveAddress } from "../actions/account.ts";
import { addToCart, changeCart } from "../actions/cart.ts";
import { addAddressAtCheckout, payAgain, placeOrder } from "../actions/checkout.ts";
import { actOnOrder } from "../actions/order.ts";
import { register, signIn, signOut } from "../actions/sign-in.ts";
import { account } from "../data/account.ts";
import { cart } from "../data/cart.ts";
import { category } from "../data/category.ts";
import { checkout } from "../data/checkout.ts";
import { registerForm, signInForm } from "../data/doorstep.ts";
import { home } from "../data/home.ts";
import { order, orders } from "../data/orders.ts";
import { payReturn } from "../data/pay-return.ts";
import { product } from "../data/product.ts";
import { search, suggestions } from "../data/search.ts";
import { shop } from "../data/shop.ts";
import { handle } from "./answer.ts";
import type { Site } from "./site.ts";

/** Every address of the storefront and what answers it. */
export function routes(app: FastifyInstance, site: Site): void {
  app.get("/", handle(site, home(site)));
  app.get("/c/:slug", handle(site, category(site)));
  app.get("/search", handle(site, search(site)));
  app.get("/search/suggestions", handle(site, suggestions(site), { ownCart: true }));
  app.get("/p/:id", handle(site, product(site)));
  app.get("/p/:id/:slug", handle(site, product(site)));
  app.get("/s/:id", handle(site, shop(site)));
  app.get("/s/:id/:slug", handle(site, shop(site)));

  app.get("/cart", handle(site, cart(site), { ownCart: true }));
  app.post("/cart/items", handle(site, addToCart(site)));
  app.post("/cart/items/:sku", handle(site, changeCart(site, false), { ownCart: true }));
  app.post("/cart/items/:sku/removal", handle(site, changeCart(site, true), { ownCart: true }));

  app.get("/checkout", handle(site, checkout(site)));
  app.post("/checkout", handle(site, placeOrder(site)));
  app.post("/checkout/addresses", handle(site, addAddressAtCheckout(site)));
  app.post("/pay", handle(site, payAgain(site)));
  app.get("/pay/return", handle(site, payReturn(site)));

  app.get("/orders", handle(site, orders(site)));
  app.get("/orders/:id", handle(site, order(site)));
  app.post("/orders/:id/cancel", handle(site, actOnOrder(site, "cancel")));
  app.post("/orders/:id/receipt", handle(site, actOnOrder(site, "receipt")));
  app.post("/orders/:id/refund", handle(site, actOnOrder(site, "refund")));

  app.get("/sign-in", handle(site, signInForm(site)));
  app.post("/sign-in", handle(site, signIn(site)));
  app.get("/register", handle(site, registerForm()));
  app.post("/register", handle(site, register(site)));
  app.post("/sign-out", handle(site, signOut(site)));

  app.get("/account", handle(site, account(site)));
  app.post("/account/name", handle(site, rename(site)));
  app.post("/account/addresses", handle(site, saveAddress(site)));
  app.post("/account/addresses/:id", handle(site, saveAddress(site)));
  app.post("/account/addresses/:id/removal", handle(site, removeAddress(site)));
}
