import assert from "node:assert/strict";
import { after, before, describe, it, test } from "node:test";
import { Client, request } from "undici";
import { openClient } from "#apps/client/client";
import { limitWindowMs } from "#apps/server/limits";
import { expectDone } from "#kernel/refusal";
import { driverOf } from "#launcher/drivers";
import { need as nginxNeed } from "#launcher/nginx/binary";
import { whyMissing } from "#launcher/program";
import { proxyTopology } from "#launcher/proxy-stage";
import { makeScratchSites } from "#launcher/scratch-site";
import { windowEnd } from "#platform/http/limiter";
import { reverseProxy } from "#stages/04-reverse-proxy";
import { type CacheServer, hasRedis, startRedis } from "../support/cache-servers.ts";
import { openTestDatabase } from "../support/database.ts";
import { categories, merchant, password, sell } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

const skip = hasRedis ? whyMissing(nginxNeed) : "Redis is not installed";
const most = 40;
const names = ["app-1", "app-2"] as const;

interface Together extends AsyncDisposable {
  readonly shops: readonly TestShop[];
  readonly redis: CacheServer;
  readonly proxyUrl: string;
  /** What the applications wrote into their logs. */
  readonly lines: readonly string[];
  /** Starts an application anew in its place. */
  reopen(at: 0 | 1): Promise<void>;
}

/** Two applications with one database and one Redis behind Nginx. */
async function openTogether(perClientPerMinute: number): Promise<Together> {
  const sites = await makeScratchSites(proxyTopology("nginx", [...names]));
  const [db, redis] = await Promise.all([openTestDatabase(), startRedis()]);
  const shops: TestShop[] = [];
  const lines: string[] = [];
  const reopen = async (at: 0 | 1) => {
    const { port } = sites.endpointOf(names[at], "http");
    shops[at] = await openShop({
      ...{ db, cache: { redis, inProcess: { bytes: 8_000_000 } } },
      ...{ port, trustedProxies: ["127.0.0.1"] },
      place: { instance: "test", topology: reverseProxy, process: names[at], version: "0" },
      limits: { perClientPerMinute },
      logTo: { write: (line) => void lines.push(line) },
    });
  };
  const close = async () => {
    await Promise.all(shops.map((shop) => shop.close()));
    await redis.stop();
    await db.close();
    await sites[Symbol.asyncDispose]();
  };
  try {
    for (const at of [0, 1] as const) await reopen(at);
    const proxy = sites.topology.components.find(({ name }) => name === "proxy") ?? assert.fail();
    await driverOf(proxy).start(proxy, sites.siteOf(proxy));
    const { host, port } = sites.endpointOf("proxy", "http");
    return { shops, redis, proxyUrl: `http://${host}:${port}`, lines, reopen, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A client whose minute has just begun; `net`: the first three numbers of its address. */
function client(net: string): string {
  for (;;) {
    // 127.0.0.1 is everybody else here.
    const address = `${net}.${++used}`;
    if (windowEnd(address, Date.now(), limitWindowMs) - Date.now() > limitWindowMs / 2) return address;
  }
}
let used = 1;

describe("two applications behind one proxy", { skip }, () => {
  let together: Together;
  let shops: readonly TestShop[];
  before(async () => {
    together = await openTogether(most);
    shops = together.shops;
  });
  after(() => together?.[Symbol.asyncDispose]());

  /** Through the proxy, from an address of this machine; with a cookie, so that no kept page answers. */
  async function throughProxy(from: string, times: number) {
    const connection = new Client(together.proxyUrl, { localAddress: from });
    try {
      const answers = [];
      for (let i = 0; i < times; i++) {
        const headers = {
          cookie: "a=b",
          "x-forwarded-for": `203.0.113.${i}`,
          "x-request-id": "forged-by-a-client",
        };
        const {
          statusCode,
          headers: told,
          body,
        } = await connection.request({
          ...{ path: "/api/v1/categories", method: "GET" as const, headers },
        });
        await body.dump();
        answers.push({
          status: statusCode,
          retryAfter: Number(told["retry-after"]),
          id: told["x-request-id"],
        });
      }
      return answers;
    } finally {
      await connection.close();
    }
  }

  /** At one application, as its proxy passes it on for a client. */
  async function statuses(at: 0 | 1, from: string, times: number, headers: Record<string, string> = {}) {
    const asked = Array.from({ length: times }, async () => {
      const url = `${shops[at]?.url}/api/v1/categories`;
      const { statusCode, body } = await request(url, { headers: { "x-forwarded-for": from, ...headers } });
      await body.dump();
      return statusCode;
    });
    const all = await Promise.all(asked);
    assert.ok(
      all.every((status) => status === 200 || status === 429),
      `${all}`,
    );
    return all.filter((status) => status === 200).length;
  }

  it("refuse a client that asked both together too often, whichever is asked, and say until when", async () => {
    const from = client("127.0.0");
    const answers = await throughProxy(from, 60);
    assert.equal(answers.filter(({ status }) => status === 200).length, most);
    for (const { status, retryAfter } of answers.slice(most)) {
      assert.equal(status, 429);
      assert.ok(retryAfter > 0 && retryAfter <= 60, `${retryAfter}`);
    }
    assert.deepEqual([await statuses(0, from, 1), await statuses(1, from, 1)], [0, 0]);
    assert.equal(await statuses(0, client("192.0.2"), 1), 1, "another client");
  });

  it("count what an account asks, from wherever it comes", async () => {
    const here = openClient(shops[0]?.url ?? "");
    const email = "everywhere@example.com";
    expectDone(await here.account.register({ email, name: "E", password }));
    const { token, account } = expectDone(await here.account.signIn({ email, password }));
    await here.close();
    const left = windowEnd(`account ${account.id}`, Date.now(), limitWindowMs) - Date.now();
    if (left < 5_000) await new Promise((resolve) => setTimeout(resolve, left));
    const headers = { authorization: `Bearer ${token}` };
    let done = 0;
    for (let i = 0; i < 60; i++) done += await statuses(i % 2 ? 1 : 0, `198.51.100.${i}`, 1, headers);
    assert.equal(done, most);
  });

  it("name a request as the proxy did, never as a client would like", async () => {
    const [{ id } = { id: undefined }] = await throughProxy(client("127.0.0"), 1);
    assert.match(String(id), /^[0-9a-f]{32}$/);
    await until(async () => together.lines.some((line) => line.includes(`"reqId":"${id}"`)));
    assert.ok(!together.lines.some((line) => line.includes("forged-by-a-client")));
  });

  it("know each other's sessions, and within a second which have ended", async () => {
    const [one, two] = [openClient(shops[0]?.url ?? ""), openClient(shops[1]?.url ?? "")];
    try {
      const email = "session@example.com";
      expectDone(await one.account.register({ email, name: "S", password }));
      const { token } = expectDone(await one.account.signIn({ email, password }));
      assert.equal(expectDone(await two.as({ token }).account.me({})).email, email);
      expectDone(await one.as({ token }).account.signOut({}));
      const ended = performance.now();
      await until(async () => "refusal" in ((await two.as({ token }).account.me({})) as object));
      assert.ok(performance.now() - ended < 2_000, "it was honoured for too long");
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  });

  it("count wrong passwords together, also over a restart, against whoever sends them alone", async () => {
    const email = "locked@example.com";
    const signIn = async (at: 0 | 1, from: string, secret: string) => {
      const { statusCode, body } = await request(`${shops[at]?.url}/api/v1/sessions`, {
        method: "POST",
        headers: { "x-forwarded-for": from, "content-type": "application/json" },
        body: JSON.stringify({ email, password: secret }),
      });
      const { code } = (await body.json()) as { code?: string };
      return code ?? statusCode;
    };
    const here = openClient(shops[0]?.url ?? "");
    expectDone(await here.account.register({ email, name: "L", password }));
    await here.close();
    for (let i = 0; i < 10; i++)
      assert.equal(await signIn(i % 2 ? 1 : 0, "192.0.2.250", "wrong"), "account.bad_credentials");
    for (const at of [0, 1] as const)
      assert.equal(await signIn(at, "192.0.2.250", password), "account.locked");
    await shops[1]?.close();
    await together.reopen(1);
    assert.equal(await signIn(1, "192.0.2.250", password), "account.locked");
    for (const at of [0, 1] as const) assert.equal(await signIn(at, "192.0.2.251", password), 201);
  });

  it("go on with a share each when Redis dies, and fail no request for it", async () => {
    const begun = client("192.0.2");
    assert.equal((await statuses(0, begun, 15)) + (await statuses(1, begun, 15)), 30);
    await together.redis.kill();
    const from = client("192.0.2");
    assert.deepEqual([await statuses(0, from, most), await statuses(1, from, most)], [most / 2, most / 2]);
    const rest = (await statuses(0, begun, most)) + (await statuses(1, begun, most));
    assert.ok(rest <= 10, `${rest} of the 10 that were left`);
    const answers = await throughProxy(client("127.0.0"), 60);
    assert.ok(answers.every(({ status }) => status === 200 || status === 429));
    assert.ok(answers.filter(({ status }) => status === 200).length <= most);
  });
});

test("two applications behind one proxy show no old price for longer than a second, also on a page that the proxy keeps", {
  skip,
}, async (t) => {
  await using together = await openTogether(10_000);
  const { proxyUrl, shops } = together;
  const [one] = shops;
  assert.ok(one);
  await categories(one);
  const seller = await merchant(one);
  const product = await sell(one, seller, { amount: 1_000 });
  const path = `/p/${product.id}/${product.slug}`;
  let amount = 1_000;
  const replacedAt = new Map<number, number>();
  let [staleMs, looks, goesOn] = [0, 0, true];
  // What the proxy keeps it shows to everybody: these ask it less often than an application lets one client ask.
  const reader = async () => {
    const connection = new Client(proxyUrl, { localAddress: client("127.0.0") });
    while (goesOn) {
      const asked = performance.now();
      const { statusCode, body } = await connection.request({ path, method: "GET" });
      const html = await body.text();
      const [, whole, cents] = /\$(\d+)\.(\d\d)/.exec(html) ?? [];
      const since = statusCode === 200 ? replacedAt.get(Number(`${whole}${cents}`)) : undefined;
      if (statusCode === 200) looks += 1;
      if (since !== undefined) staleMs = Math.max(staleMs, asked - since);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await connection.close();
  };
  const readers = Promise.all(Array.from({ length: 4 }, reader));
  try {
    for (let change = 0; change < 4; change += 1) {
      const skus = [
        { code: "CUP-0", options: { Size: "0" }, price: { amount: amount + 1, currency: "USD" } },
      ];
      expectDone(await seller.api.catalog.change({ id: product.id, skus }));
      replacedAt.set(amount, performance.now());
      amount += 1;
      await new Promise((resolve) => setTimeout(resolve, 1_100));
    }
  } finally {
    goesOn = false;
    await readers;
  }
  t.diagnostic(`${looks} looks; an old price was shown for ${Math.round(staleMs)} ms`);
  assert.ok(looks > 100, `${looks} looks`);
  assert.ok(staleMs < 1_000, `${staleMs} ms`);
});
