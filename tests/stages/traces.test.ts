import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { expectDone } from "#kernel/refusal";
import { freePort } from "#lab/shop/free-port";
import { type StagedShop, startStage } from "#lab/shop/staged";
import { reverseProxy } from "#stages/04-reverse-proxy";
import { type Collected, type Collector, drawn, openCollector, wayTo } from "../support/collector.ts";
import { buyer, merchant, order, sell } from "../support/people.ts";
import { until } from "../support/until.ts";
import { enter, type StagePlace } from "./journey.ts";
import { whyNot } from "./why-not.ts";

const forged = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };

describe("a trace through a proxy, two applications, Redis and the database", {
  skip: whyNot(reverseProxy),
}, () => {
  let collector: Collector;
  let dataRoot: string;
  let shop: StagedShop;
  let place: StagePlace;
  before(async () => {
    collector = await openCollector();
    dataRoot = await mkdtemp(join(tmpdir(), "storey-traces-"));
    await chmod(dataRoot, 0o711);
    const options = ["--trace-to", collector.url, "--trace-sample", "1"];
    shop = await startStage({ stage: 4, name: "traced", dataRoot, port: await freePort(), options });
    place = await enter(shop.url);
  });
  after(async () => {
    await place?.close();
    await shop?.stop();
    await collector?.close();
    await rm(dataRoot, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });

  /** The whole of a trace, once the proxy's stretch of it has come. */
  const traceOf = async (traceId: string): Promise<Collected[]> => {
    const all = () => collector.spans.filter((span) => span.traceId === traceId);
    await until(async () => {
      const spans = all();
      return spans.length > 1 && spans.every((span) => wayTo(spans, span)[0] === "nginx");
    });
    return all();
  };

  it("is one trace, each stretch within the one that asked", async (t) => {
    const product = await sell(place, await merchant(place));
    const sku = product.skus[0]?.id;
    assert.ok(sku);
    const before = collector.spans.length;
    expectDone(await order(await buyer(place), [{ sku, quantity: 1 }]));
    // Both applications are asked in turn; each of them has to look into the cache that they share at first.
    for (let i = 0; i < 12; i++) expectDone(await place.client.catalog.get({ id: product.id }));
    const since = () => collector.spans.slice(before);
    const route = "GET /api/v1/products/:id";
    await until(async () => {
      const asked = since().filter(({ name }) => name === route || name === "POST /api/v1/checkouts");
      return asked.some(({ name }) => name !== route) && asked.length > 2;
    });
    const checkout = since().find(({ name }) => name === "POST /api/v1/checkouts");
    assert.ok(checkout);
    const spans = await traceOf(checkout.traceId);
    t.diagnostic(`\n${drawn(spans, checkout.traceId)}`);
    const ways = spans.map((span) => wayTo(spans, span).join(" > "));
    for (const way of [
      "nginx > POST /api/v1/checkouts",
      "nginx > POST /api/v1/checkouts > order.place > sql order.begin",
      "nginx > POST /api/v1/checkouts > order.place > inventory.reserve > sql inventory.reserve",
    ]) {
      assert.ok(ways.includes(way), `${way} is not among\n${ways.join("\n")}`);
    }
    const [proxy] = spans.filter(({ parentSpanId }) => parentSpanId === "");
    assert.ok(proxy && proxy.service === "storey-nginx");
    assert.ok(proxy.startMs <= checkout.startMs + 1 && proxy.endMs >= checkout.endMs);
    const allWays = since().map((span) => wayTo(collector.spans, span).join(" > "));
    const cached = `nginx > ${route} > cache product > redis get`;
    assert.ok(allWays.includes(cached), allWays.filter((way) => way.includes(route)).join("\n"));
  });

  it("is told by both applications", async () => {
    const told = () => {
      const own = collector.spans.filter(({ service }) => service === "storey");
      return [...new Set(own.map((span) => span.process))].sort();
    };
    // Whom it asks is the proxy's own choice.
    let turn = 0;
    await until(async () => {
      const answer = await fetch(`${shop.url}/api/v1/categories?turn=${turn++}`);
      await answer.body?.cancel();
      return told().length >= 2;
    });
    assert.deepEqual(told(), ["app-1", "app-2"]);
  });

  it("is named by the proxy, whatever a client says, as the answer's X-Request-Id is", async () => {
    const traceparent = `00-${forged.traceId}-${forged.spanId}-01`;
    const headers = { traceparent, "x-request-start": "t=1000000000.000", cookie: "storey_cart=none" };
    const answer = await fetch(`${shop.url}/api/v1/categories?nobody=kept`, { headers });
    await answer.body?.cancel();
    const [proxy] = (await traceOf(answer.headers.get("x-request-id") ?? "")).filter(
      ({ parentSpanId }) => parentSpanId === "",
    );
    assert.ok(proxy && proxy.endMs - proxy.startMs < 10_000);
    assert.ok(collector.spans.every(({ traceId }) => traceId !== forged.traceId));
  });
});
