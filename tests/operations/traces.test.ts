import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { expectDone } from "#kernel/refusal";
import { hasRedis, startRedis } from "../support/cache-servers.ts";
import { type Collected, type Collector, drawn, openCollector, wayTo } from "../support/collector.ts";
import { openTestDatabase } from "../support/database.ts";
import { buyer, categories, merchant, order, password, pay, sell } from "../support/people.ts";
import { serverForChildren } from "../support/server.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

const run = promisify(execFile);
const traceId = "0af7651916cd43dd8448eb211c80319c";
const parentId = "b7ad6b7169203331";

describe("traces", () => {
  let collector: Collector;
  before(async () => {
    collector = await openCollector();
  });
  after(() => collector?.close());

  it("are off unless asked for, and then nothing that makes them is loaded", async () => {
    const test = await openTestDatabase();
    const loads = async (trace: string) => {
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", oneRequest(trace)], {
        cwd: join(import.meta.dirname, "../.."),
        env: { ...process.env, ...serverForChildren(test.server) },
      });
      return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { loaded: number; status: number };
    };
    try {
      assert.deepEqual(await loads("undefined"), { loaded: 0, status: 200 });
      const on = await loads(`{ to: "${collector.url}", sample: 1 }`);
      assert.ok(on.loaded > 4, "the same look sees OpenTelemetry where traces are on");
    } finally {
      await test.close();
    }
  });

  describe("of everything", () => {
    let shop: TestShop;
    const secrets: string[] = [];
    before(async () => {
      collector.spans.length = 0;
      shop = await openShop({
        trace: { to: collector.url, sample: 1, proxy: "nginx" },
        trustedProxies: ["127.0.0.1"],
        cache: { inProcess: { bytes: 10_000_000 } },
      });
      await categories(shop);
      const seller = await merchant(shop);
      const product = await sell(shop, seller, { title: "Teacup of Zanzibar" });
      const who = await buyer(shop);
      const sku = product.skus[0]?.id;
      assert.ok(sku);
      const checkout = expectDone(await order(who, [{ sku, quantity: 1 }], "a-very-private-idempotency-key"));
      await pay(shop, who, checkout.id);
      expectDone(await shop.client.search.find({ q: "Zanzibar" }));
      await shop.client.account.signIn({ email: who.email, password: "not the password" });
      // What ends last is sent last, a second after the rest.
      await shop.quiet();
      const isRefused = ({ name, facts }: Collected) =>
        name === "POST /api/v1/sessions" && facts["http.response.status_code"] === 401;
      await until(async () => collector.spans.some(isRefused));
      await until(async () => allWays().every((way) => !way.startsWith("?")));
      secrets.push(password, "not the password", who.token, seller.token, who.email, seller.email, who.id);
      secrets.push(who.address, "Ada", "Lovelace", "Analytical", "N1 9GU", "Zanzibar", sku, checkout.id);
      secrets.push("a-very-private-idempotency-key", shop.db.server.password, "test-only-", "127.0.0.1");
    });
    after(() => shop?.close());

    const allWays = () => collector.spans.map((span) => wayTo(collector.spans, span).join(" > "));
    const named = (name: string): Collected => {
      const found = collector.spans.find((span) => span.name === name);
      assert.ok(
        found,
        `no ${name} among ${[...new Set(collector.spans.map((span) => span.name))].join(", ")}`,
      );
      return found;
    };

    it("each statement is within the operation that sent it, and each operation within who asked", () => {
      const ways = allWays();
      for (const way of [
        "POST /api/v1/checkouts > order.place > sql order.begin",
        "POST /api/v1/checkouts > order.place > inventory.reserve > sql inventory.reserve",
        "POST /api/v1/checkouts > account.resolve",
        "order hears payment > sql order.paid",
        "search hears catalog > sql search transaction > sql search.commit",
      ]) {
        assert.ok(ways.includes(way), `${way} is not among\n${[...new Set(ways)].sort().join("\n")}`);
      }
      const { facts } = named("POST /api/v1/checkouts");
      assert.deepEqual(
        [facts["http.route"], facts["http.response.status_code"], facts["storey.caller"]],
        ["/api/v1/checkouts", 201, "account"],
      );
    });

    it("a refusal is told by its code, where it was made and where it was answered", () => {
      const refused = collector.spans.filter(({ facts }) => facts["storey.refusal"] !== undefined);
      const names = refused.map(({ name, facts }) => `${name} ${facts["storey.refusal"]}`);
      assert.ok(names.includes("account.signIn account.bad_credentials"), names.join("\n"));
      assert.ok(names.includes("POST /api/v1/sessions account.bad_credentials"), names.join("\n"));
    });

    it("nothing in them tells who somebody is, what they know, or what they wrote", async () => {
      const said = collector.said();
      for (const secret of secrets) assert.ok(!said.includes(secret), `${secret} was sent to the collector`);
      const keys = new Set(collector.spans.flatMap(({ facts }) => Object.keys(facts)));
      const allowed =
        /^(?:http[.](?:route|request[.]method|response[.]status_code)|db[.](?:system[.]name|namespace|response[.]returned_rows)|server[.](?:address|port)|error[.]type|cache[.]\w+|storey[.](?:request|caller|refusal|events|keys|hits))$/;
      assert.deepEqual(
        [...keys].filter((key) => !allowed.test(key)),
        [],
      );
    });

    const asking = async (headers: Record<string, string>) => {
      const { "x-request-id": request } = Object.fromEntries(
        (await fetch(`${shop.url}/api/v1/categories`, { headers })).headers,
      );
      return until2(() => collector.spans.find(({ facts }) => facts["storey.request"] === request));
    };

    it("go on from a proxy that is trusted, and from nobody else", async () => {
      const traceparent = `00-${traceId}-${parentId}-01`;
      const proxied = { traceparent, "x-forwarded-for": "192.0.2.1" };
      const own = await asking(proxied);
      assert.deepEqual([own?.traceId, own?.parentSpanId], [traceId, parentId]);
      // Without the proxy's word about the client this is a client.
      const foreign = await asking({ traceparent });
      assert.ok(foreign && foreign.traceId !== traceId);
      const start = String(Date.now() - 40);
      await asking({ ...proxied, "x-request-start": `t=${start}` });
      const proxy = collector.spans.find(({ service }) => service === "storey-nginx");
      assert.deepEqual([proxy?.spanId, proxy?.startMs], [parentId, Number(start)]);
    });

    it("are left alone by those who watch", () => {
      assert.deepEqual(
        collector.spans.filter(({ name }) => /healthz|readyz|metrics/.test(name)),
        [],
      );
    });
  });

  it("hold what a shared cache was asked, and whether it knew", { skip: !hasRedis }, async () => {
    const redis = await startRedis();
    const shop = await openShop({
      trace: { to: collector.url, sample: 1 },
      cache: { redis: { host: redis.host, port: redis.port } },
    });
    try {
      await categories(shop);
      const product = await sell(shop, await merchant(shop));
      await shop.quiet();
      const before = collector.spans.length;
      expectDone(await shop.client.catalog.get({ id: product.id }));
      const asked = () => collector.spans.slice(before).filter(({ name }) => name.startsWith("GET "));
      await until(async () => asked().length > 0);
      const ways = collector.spans.map((span) => wayTo(collector.spans, span).join(" > "));
      const route = "GET /api/v1/products/:id > cache product";
      for (const way of [`${route} > redis get`, `${route} > catalog.getMany > sql catalog.many`]) {
        assert.ok(ways.includes(way), drawn(collector.spans, asked()[0]?.traceId ?? ""));
      }
      const get = collector.spans[ways.indexOf(`${route} > redis get`)];
      assert.deepEqual([get?.facts["db.system.name"], get?.facts["storey.hits"]], ["redis", 0]);
      assert.equal(collector.spans[ways.indexOf(route)]?.facts["cache.miss"], 1);
    } finally {
      await shop.close();
      await redis.stop();
    }
  });

  it("cost nobody an answer when the collector hangs, and then when it is gone", async () => {
    const own = await openCollector();
    own.hang(true);
    const shop = await openShop({ trace: { to: own.url, sample: 1 } });
    let slowestMs = 0;
    const ask = async () => {
      const before = performance.now();
      const { status } = await fetch(`${shop.url}/api/v1/categories`);
      slowestMs = Math.max(slowestMs, performance.now() - before);
      assert.equal(status, 200);
    };
    const asking = async (times: number) => {
      for (let i = 0; i < times; i++) await Promise.all(Array.from({ length: 8 }, ask));
    };
    try {
      await asking(10);
      slowestMs = 0;
      await asking(150);
      await own.close();
      await asking(150);
      // It hangs for five seconds at a time: who waited for it once would be seen.
      assert.ok(slowestMs < 2_000, `the slowest answer took ${slowestMs} ms`);
    } finally {
      const before = performance.now();
      await shop.close();
      assert.ok(performance.now() - before < 10_000, "nor an end");
    }
  });
});

/** `until`, for what is found at last. */
async function until2<T>(find: () => T | undefined): Promise<T | undefined> {
  await until(async () => find() !== undefined);
  return find();
}

/**
 * A program that serves one request and says how many files of OpenTelemetry it has loaded. Its interface does not
 * count: prom-client looks there for a trace to name beside a figure, and finds none.
 */
const oneRequest = (trace: string) => `
import { registerHooks } from "node:module";
const loaded = new Set();
registerHooks({
  resolve: (name, from, next) => {
    const found = next(name, from);
    if (found.url.includes("@opentelemetry/") && !found.url.includes("@opentelemetry/api/")) loaded.add(found.url);
    return found;
  },
});
const { openShop } = await import("#tests/support/shop");
const shop = await openShop({ trace: ${trace}, cache: { inProcess: { bytes: 1e6 } } });
const { status } = await fetch(shop.url + "/api/v1/categories");
await shop.close();
console.log(JSON.stringify({ loaded: loaded.size, status }));
process.exit(0);
`;
