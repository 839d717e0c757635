import type { Topology } from "#topology/model";
import { stages } from "./all.ts";

/** One of the fifteen steps, written down or still to come. */
export interface Stage {
  /** 1 to 15. */
  readonly number: number;
  readonly name: string;
  /** What the stage adds to the one before, in a few words. */
  readonly adds: string;
  /** Absent: nobody has written this stage yet. */
  readonly topology?: Topology;
}

const steps: readonly (readonly [name: string, adds: string])[] = [
  ["single-machine", "application and database on one machine"],
  ["separate-database", "the database on a machine of its own; Prometheus watches"],
  ["caches", "a cache in the application, and Redis beside it"],
  ["reverse-proxy", "several stateless applications behind a proxy; files for all"],
  ["read-replicas", "writes to a primary, reads from replicas, somebody to take over"],
  ["business-databases", "each business domain its own database"],
  ["partitioned-tables", "big tables split by hash of an owner, and by time"],
  ["layer-4", "several proxies behind a layer-4 balancer with a virtual address"],
  ["data-centres", "DNS answers several addresses, one per data centre"],
  ["search-and-analytics", "engines for text, blobs, wide rows and analysis"],
  ["split-applications", "storefront, merchant and operator applications apart; shared settings"],
  ["microservices", "each domain a service, with governance"],
  ["service-bus", "one bus that converts protocols"],
  ["containers", "images and orchestration"],
  ["cloud", "rented infrastructure, platform and software"],
];

/** All fifteen, in their order. A stage that is written has the name it has here: a test says so. */
export const fifteen: readonly Stage[] = steps.map(([name, adds], index) => {
  const topology = stages.find(({ stage }) => stage === index + 1);
  return { number: index + 1, name, adds, ...(topology ? { topology } : {}) };
});
