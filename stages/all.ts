import type { Topology } from "#topology/model";
import { singleMachine } from "./01-single-machine.ts";
import { separateDatabase } from "./02-separate-database.ts";
import { caches } from "./03-caches.ts";
import { reverseProxy } from "./04-reverse-proxy.ts";
import { readReplicas } from "./05-read-replicas.ts";

/** Every stage that can be run, in order: the first is stage 1. */
export const stages: readonly Topology[] = [
  singleMachine,
  separateDatabase,
  caches,
  reverseProxy,
  readReplicas,
];
