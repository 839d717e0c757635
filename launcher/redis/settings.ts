import { createHash } from "node:crypto";
import type { Endpoint } from "#topology/wiring";

/**
 * Every setting of Redis, on one page; understood by 6.2 and later. What it holds may be lost at any moment, so nothing
 * is written to disk, and whatever was not used for longest makes room. The password lies here as a hash; it is 256
 * random bits, which nobody finds by trying.
 */
export function redisSettings(options: {
  listen: Endpoint;
  directory: string;
  memoryMb: number;
  password: string;
}): string {
  const { listen, directory, memoryMb, password } = options;
  const hash = createHash("sha256").update(password).digest("hex");
  return `bind ${listen.host}
port ${listen.port}
protected-mode yes
daemonize no
dir "${directory}"
logfile ""
loglevel notice
databases 1

# The shop's one user: every command on keys and channels, none that reads or changes the server itself.
user default reset on #${hash} ~* &* +@all -@admin -@dangerous +info

maxmemory ${memoryMb}mb
maxmemory-policy allkeys-lru
lazyfree-lazy-eviction yes
lazyfree-lazy-expire yes
lazyfree-lazy-server-del yes

save ""
appendonly no
stop-writes-on-bgsave-error no

maxclients 2000
tcp-keepalive 60
timeout 0
# A listener that does not keep up is cut off before it holds more than this.
client-output-buffer-limit pubsub 16mb 4mb 30
`;
}
