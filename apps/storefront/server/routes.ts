import type { FastifyInstance } from "fastify";
import { removeAddress, rename, saveAddress } from "../actions/account.ts";
import { addToCart, changeCart, removeFromCart } from "../actions/cart.ts";
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
import { handle, signedIn, type Work } from "./answer.ts";
import type { Site } from "./site.ts";

type Routes = Readonly<Record<string, (site: Site) => Work>>;

const pages: Routes = {
  "/": home,
  "/c/:slug": category,
  "/search": search,
  "/search/suggestions": suggestions,
  "/p/:id": product,
  "/p/:id/:slug": product,
  "/s/:id": shop,
  "/s/:id/:slug": shop,
  "/cart": cart,
  "/sign-in": signInForm,
  "/register": registerForm,
};

const forms: Routes = {
  "/cart/items": addToCart,
  "/cart/items/:sku": changeCart,
  "/cart/items/:sku/removal": removeFromCart,
  "/sign-in": signIn,
  "/register": register,
  "/sign-out": signOut,
};

const ownPages: Routes = {
  "/checkout": checkout,
  "/pay/return": payReturn,
  "/orders": orders,
  "/orders/:id": order,
  "/account": account,
};

const ownForms: Routes = {
  "/checkout": placeOrder,
  "/checkout/addresses": addAddressAtCheckout,
  "/pay": payAgain,
  "/orders/:id/cancel": actOnOrder("cancel"),
  "/orders/:id/receipt": actOnOrder("receipt"),
  "/orders/:id/refund": actOnOrder("refund"),
  "/account/name": rename,
  "/account/addresses": saveAddress,
  "/account/addresses/:id": saveAddress,
  "/account/addresses/:id/removal": removeAddress,
};

/** What asks for the cart itself, or answers without a page. */
const ownCart = new Set(["/cart", "/cart/items/:sku", "/cart/items/:sku/removal", "/search/suggestions"]);

/** What search engines need not read: it is somebody's own, or a way of sorting what they have read. */
const robots = `User-agent: *
${["cart", "checkout", "orders", "account", "sign-in", "register", "pay", "search", "sandbox"]
  .map((place) => `Disallow: /${place}`)
  .join("\n")}
`;

/** Every address of the storefront and what answers it. */
export function routes(app: FastifyInstance, site: Site): void {
  const add = (method: "GET" | "POST", table: Routes, dressed = (work: Work) => work) => {
    for (const [url, workOf] of Object.entries(table)) {
      app.route({ method, url, handler: handle(site, dressed(workOf(site)), { ownCart: ownCart.has(url) }) });
    }
  };
  add("GET", pages);
  add("POST", forms);
  add("GET", ownPages, signedIn);
  add("POST", ownForms, signedIn);
  app.get("/robots.txt", (_request, reply) => reply.type("text/plain; charset=utf-8").send(robots));
  // Asked for by browsers that show something else than a page of ours, such as a picture.
  app.get("/favicon.ico", (_request, reply) => reply.redirect(site.build.assets.icon, 302));
}
