import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Id } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { buyer, categories, merchant, order, pay, sell } from "../support/people.ts";
import { problemIn } from "../support/problem.ts";
import { startTestServer } from "../support/server.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

/** What others' dashboards and alerts are built on. */
const promised: readonly [metric: string, type: string, labels: readonly string[]][] = [
  ["storey_http_request_seconds", "histogram", ["method", "route", "status", "le"]],
  ["storey_business_total", "counter", ["what"]],
  ["storey_database_connections", "gauge", ["domain", "state"]],
  ["storey_events_waiting", "gauge", ["domain", "box"]],
  ["storey_events_oldest_seconds", "gauge", ["domain", "box"]],
  ["storey_nodejs_eventloop_lag_p99_seconds", "gauge", []],
  ["storey_process_resident_memory_bytes", "gauge", []],
];

/** The samples of a text in Prometheus' form, by name and labels as they are written. */
function samplesOf(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line): [string, number] => {
      const cut = line.lastIndexOf(" ");
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

describe("those who watch", () => {
  let shop: TestShop;
  let sku: Id<"sku">;
  before(async () => {
    shop = await openShop();
    await categories(shop);
    sku = (await sell(shop, await merchant(shop))).skus[0]!.id;
  });
  after(() => shop.close());
  const metrics = async () => (await fetch(`${shop.url}/metrics`)).text();
  const read = async (sample: string) => samplesOf(await metrics()).get(sample) ?? 0;

  it("see that the process lives and can work", async () => {
    assert.deepEqual(await (await fetch(`${shop.url}/healthz`)).json(), { alive: true });
    assert.deepEqual(await (await fetch(`${shop.url}/readyz`)).json(), { ready: true });
  });

  it("find the metrics they were promised, with their labels", async () => {
    const who = await buyer(shop);
    expectDone(await order(who, [{ sku, quantity: 1 }]));
    const text = await metrics();
    const samples = [...samplesOf(text).keys()];
    for (const [metric, type, labels] of promised) {
      assert.ok(text.includes(`# TYPE ${metric} ${type}\n`), `${metric} is no ${type}`);
      const found = samples.find((sample) => new RegExp(`^${metric}(_bucket)?(\\{|$)`).test(sample));
      assert.ok(found, `${metric} has no sample`);
      const named = [...found.matchAll(/(\w+)="/g)].map(([, label]) => label);
      assert.deepEqual(named.sort(), [...labels].sort(), found);
    }
  });

  it("see no label that grows with the catalogue or with what strangers ask for", async () => {
    for (const path of [
      `/p/${sku}`,
      "/api/v1/products/0000000000000",
      `/nothing/${crypto.randomUUID()}`,
      "/search?q=abc",
    ]) {
      await (await fetch(shop.url + path)).body?.cancel();
    }
    const strange = await fetch(`${shop.url}/x`, { method: "PROPFIND" });
    await strange.body?.cancel();
    const routes = [...(await metrics()).matchAll(/route="([^"]*)"/g)].map(([, route = ""]) => route);
    assert.ok(routes.includes("/api/v1/products/:id"));
    for (const route of routes) assert.doesNotMatch(route, /[0-9a-f]{12}|abc/);
  });

  it("see an order move the counters", async () => {
    const placed = await read('storey_business_total{what="order_placed"}');
    const requests =
      'storey_http_request_seconds_count{method="POST",route="/api/v1/checkouts",status="201"}';
    const asked = await read(requests);
    const who = await buyer(shop);
    const checkout = expectDone(await order(who, [{ sku, quantity: 1 }]));
    await pay(shop, who, checkout.id);
    assert.equal(await read('storey_business_total{what="order_placed"}'), placed + 1);
    assert.ok((await read('storey_business_total{what="order_paid"}')) >= 1);
    await until(async () => (await read(requests)) === asked + 1);
  });

  it("see what waits in outboxes and inboxes, and for how long", async () => {
    const waiting = 'storey_events_waiting{domain="search",box="inbox"}';
    assert.equal(await read(waiting), 0);
    // Version 7 of an aggregate of which nothing was heard: a gap, which waits.
    await shop.db.admin(
      `insert into search.inbox values (1, 'catalog', 1, 7, 1, 'catalog.changed', now() - interval '1 minute', '{}')`,
    );
    assert.equal(await read(waiting), 1);
    assert.ok((await read('storey_events_oldest_seconds{domain="search",box="inbox"}')) >= 59);
    await shop.db.admin("delete from search.inbox");
    assert.equal(await read(waiting), 0);
  });

  it("must stand on the machine itself to see figures of the business", async () => {
    const answer = await fetch(`${shop.url}/metrics`, { headers: { "x-forwarded-for": "127.0.0.1" } });
    await problemIn(answer, 404, "request.not_found");
    const forwarded = await fetch(`${shop.url}/metrics`, { headers: { forwarded: "for=127.0.0.1" } });
    await problemIn(forwarded, 404, "request.not_found");
  });
});

describe("a database that goes away", () => {
  it("makes the shop unready, not dead, and ready again when it is back", async () => {
    const server = await startTestServer();
    const shop = await openShop({ server });
    try {
      const status = async (path: string) => {
        const answer = await fetch(shop.url + path);
        await answer.body?.cancel();
        return answer.status;
      };
      assert.equal(await status("/readyz"), 200);
      server.kill9();
      await until(async () => (await status("/readyz")) === 503);
      const unready = await fetch(`${shop.url}/readyz`);
      assert.ok(Number(unready.headers.get("retry-after")) > 0);
      assert.deepEqual(await unready.json(), { ready: false, waitsFor: "the database" });
      assert.equal(await status("/healthz"), 200);
      assert.equal(await status("/metrics"), 200, "what can be measured without it is");
      const asked = await fetch(`${shop.url}/api/v1/products`);
      assert.equal(asked.headers.get("retry-after"), "1");
      await problemIn(asked, 503, "request.overloaded");
      await server.again();
      await until(async () => (await status("/readyz")) === 200);
      await until(async () => (await status("/api/v1/products")) === 200);
    } finally {
      await shop.close().finally(() => server.stop());
    }
  });
});
