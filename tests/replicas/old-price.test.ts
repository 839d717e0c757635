import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { driverOf } from "#launcher/drivers";
import { need as nginxNeed } from "#launcher/nginx/binary";
import { whyMissing } from "#launcher/program";
import { proxyTopology } from "#launcher/proxy-stage";
import { makeScratchSites, type ScratchSites } from "#launcher/scratch-site";
import { componentOf } from "#topology/model";
import { type Pair, pairOf, watch, within } from "../caches/old-price.ts";
import { type CacheServer, hasRedis, startRedis } from "../support/cache-servers.ts";
import { fit, type Node, openReplicas, type Replicas, skip } from "./cluster.ts";

const why = skip || (hasRedis ? whyMissing(nginxNeed) : "Redis is not installed");

/** Two processes with caches behind Nginx, on a primary and two replicas that lists and pages are read from. */
describe("an old price behind replicas", { skip: why }, () => {
  let replicas: Replicas;
  let pair: Pair;
  let standbys: readonly Node[];
  let redis: CacheServer;
  let sites: ScratchSites;
  before(async () => {
    replicas = await openReplicas();
    const [primary, ...others] = replicas.nodes;
    standbys = others;
    redis = await startRedis();
    sites = await makeScratchSites(proxyTopology("nginx", ["app-1", "app-2"]));
    const open = (name: string) => {
      const { port } = sites.endpointOf(name, "http");
      const cache = { inProcess: { bytes: 8_000_000 }, redis };
      return replicas.openShop({ cache, port, trustedProxies: ["127.0.0.1"] });
    };
    const both = await pairOf(await open("app-1"), await open("app-2"));
    const proxy = componentOf(sites.topology, "proxy");
    await driverOf(proxy).start(proxy, sites.siteOf(proxy));
    const { host, port } = sites.endpointOf("proxy", "http");
    // Who changes servers carries what they have seen (shop.test.ts); a client of one server's address does not.
    pair = { ...both, sellerAtTwo: both.seller, proxyUrl: `http://${host}:${port}` };
    if (primary) await replicas.caughtUp(primary, standbys);
    await fit(pair.two.database, ...standbys);
  });
  after(async () => {
    await sites?.[Symbol.asyncDispose]();
    await replicas?.[Symbol.asyncDispose]();
    await redis?.stop();
  });

  const holdBack = () => Promise.all(standbys.map((node) => node.holdBack()));
  const letGo = async () => {
    await Promise.all(standbys.map((node) => node.letGo()));
    await fit(pair.two.database, ...standbys);
    await fit(pair.one.database, ...standbys);
  };

  it("is gone within a second while they follow", async (t) => {
    within(await watch(pair, 6, 300), 1_000, t);
  });

  it("is gone within a second where they cease to follow just before", async (t) => {
    const replicasOf = () => (pair.two.database.servers?.() ?? []).filter(({ role }) => role === "replica");
    const reads = () => replicasOf().reduce((sum, server) => sum + server.reads, 0);
    const before = reads();
    try {
      within(await watch(pair, 5, 1_500, { before: holdBack, after: letGo }), 1_000, t);
    } finally {
      await letGo();
    }
    assert.ok(reads() > before, "nobody asked a replica");
  });
});
