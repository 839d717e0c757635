// Before: most statements read rows that did not change since the last reader asked.
// Now: each application keeps some in its memory, and Redis beside it keeps more for all of them.
// Costs: a reader may see what was true up to a second ago; whoever changes something never does.
// Still: there is one application, and to replace it is to close the shop; stage 4 runs several.
import { add, application, cacheServer, nextStage, replace, road } from "#topology/verbs";
import { separateDatabase } from "./02-separate-database.ts";

export const caches = nextStage(3, "caches", separateDatabase, [
  replace("app", application("app", { on: "shop", cacheMb: 64 })),
  add(cacheServer("redis", "redis", { on: "shop", memoryMb: 128 }), road("app", "cache", "redis")),
]);
