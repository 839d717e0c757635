import { cutOff, oneWay, slowLink } from "./cable.ts";
import { clockJump } from "./clock-jump.ts";
import { errors } from "./errors.ts";
import { exhaustedConnections } from "./exhausted-connections.ts";
import type { FaultSwitch } from "./fault.ts";
import { fullDisk } from "./full-disk.ts";
import { freeze, kill } from "./kill.ts";
import { laggingReplica } from "./lagging-replica.ts";
import { lostCache } from "./lost-cache.ts";
import { slowDisk } from "./slow-disk.ts";

/** One of each name. */
export const switches: readonly FaultSwitch[] = [
  kill,
  freeze,
  cutOff,
  oneWay,
  slowLink,
  fullDisk,
  clockJump,
  laggingReplica,
  slowDisk,
  exhaustedConnections,
  lostCache,
  errors,
];
