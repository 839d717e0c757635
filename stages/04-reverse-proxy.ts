// Before: one process answers everybody; to replace it, or to lose it, is to close the shop.
// Now: Nginx before two applications that keep nothing of their own; files and cache on machines of their own.
// Costs: a process no longer knows what another one was told: sessions, limits and caches are agreed upon outside.
// Still: one database answers every read; stage 5 gives it replicas, and somebody to take over.
import {
  add,
  application,
  fileServer,
  host,
  move,
  nextStage,
  proxy,
  road,
  route,
  split,
} from "#topology/verbs";
import { caches } from "./03-caches.ts";

export const reverseProxy = nextStage(4, "reverse-proxy", caches, [
  add(host("web"), host("shop-2"), host("cache"), host("disk")),
  split("app", [
    application("app-1", { on: "shop", cacheMb: 64, connections: 80 }),
    application("app-2", { on: "shop-2", cacheMb: 64, connections: 80 }),
  ]),
  move("redis", "cache"),
  add(
    proxy("nginx", "proxy", { on: "web", cachesPages: true }),
    fileServer("files", { on: "disk" }),
    road("app-1", "files", "files"),
    road("app-2", "files", "files"),
    road("proxy", "files", "files"),
  ),
  route("outside", "entrance", ["proxy"]),
  route("proxy", "http", ["app-1", "app-2"]),
]);
