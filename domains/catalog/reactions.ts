import type { EventOf } from "#kernel/event";
import { bucketOf } from "#kernel/id";
import type { Reaction } from "#platform/bus/api";
import type { catalogDoor } from "./api.ts";
import { setListed } from "./store.ts";

type Changed = EventOf<typeof catalogDoor>;

/** Catalog hears itself: a product lies in its own bucket, its shop's public list in the shop's. */
export const reactions: readonly Reaction[] = [
  {
    source: "catalog",
    hears: ["catalog.changed"] satisfies Changed["type"][],
    ordered: true,
    buckets: (event) => [bucketOf((event as Changed).body.shop)],
    apply: (transaction, events) =>
      setListed(
        transaction,
        events.map(({ event }) => {
          const { product, shop, status } = (event as Changed).body;
          return { product, shop, listed: status === "published" };
        }),
      ),
  },
];
