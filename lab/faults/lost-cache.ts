import { converse } from "#launcher/converse";
import { readEndpoints } from "#launcher/endpoints";
import { componentOf } from "#topology/model";
import { FaultRefused, type FaultSwitch } from "./fault.ts";
import { componentsOf, topologyOf } from "./victims.ts";

const answerWithinMs = 10_000;

/** The shop's user may not flush: this removes what may be removed key by key, as one command. */
const removeAll =
  "local at, gone = '0', 0; repeat local page = redis.call('SCAN', at, 'COUNT', 1000); at = page[1]; " +
  "for _, key in ipairs(page[2]) do gone = gone + redis.call('UNLINK', key) end until at == '0'; return gone";

/** A moment after which everything must be read from the database again. */
export const lostCache: FaultSwitch = {
  name: "lost-cache",
  about: "A shared cache forgets everything at once and goes on, empty.",
  lasts: false,
  targets: async (instance) => componentsOf(instance, "redis", "memcached"),
  begin: async (instance, { on }) => {
    const { kind } = componentOf(topologyOf(instance), on);
    const at = (await readEndpoints(instance.directory))[`${on} ${kind}`];
    if (!at) throw new FaultRefused("fault.not_up", `${on} does not listen now.`);
    const lines =
      kind === "redis"
        ? [`AUTH ${instance.secret("redis")}`, `EVAL "${removeAll}" 0`, "QUIT"]
        : ["flush_all", "quit"];
    const said = await converse(at, lines, answerWithinMs);
    const removed = /^:(\d+)/m.exec(said)?.[1];
    if (kind === "redis" ? removed === undefined : !said.startsWith("OK"))
      throw new Error(`${on} forgot nothing: ${said.trim()}`);
    return `${on}: ${removed === undefined ? "everything" : `all ${removed} keys`} forgotten`;
  },
};
