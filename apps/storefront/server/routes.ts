import type { FastifyInstance } from "fastify";
import { category } from "../data/category.ts";
import { home } from "../data/home.ts";
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
}
