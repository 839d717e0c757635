import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { expectDone } from "#kernel/refusal";
import { buyer } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { fill } from "./fill.ts";

describe("what pages answer, without a browser", () => {
  let shop: TestShop;
  before(async () => {
    shop = await openShop();
    await fill(shop, { products: 60, shops: 6 });
  });
  after(() => shop?.close());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(shop.url + path, { headers, redirect: "manual" });

  test("pages for anybody may be kept by caches, and are not sent twice", async () => {
    for (const path of ["/", "/c/lamps", "/search?q=lamp"]) {
      const answer = await get(path);
      assert.equal(answer.status, 200);
      assert.equal(
        answer.headers.get("cache-control"),
        "public, max-age=0, s-maxage=30, stale-while-revalidate=60",
      );
      assert.equal(answer.headers.get("vary"), "Cookie");
      assert.equal(answer.headers.get("set-cookie"), null);
      const again = await get(path, { "if-none-match": answer.headers.get("etag") ?? "" });
      assert.equal(again.status, 304);
    }
  });

  test("pages for somebody are kept by nobody", async () => {
    const { token } = await buyer(shop);
    for (const path of ["/", "/cart", "/orders"]) {
      const answer = await get(path, { cookie: `session=${token}` });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("cache-control"), "private, no-store");
    }
  });

  test("what robots and browsers ask for by themselves is there", async () => {
    const robots = await get("/robots.txt");
    assert.match(robots.headers.get("content-type") ?? "", /text\/plain/);
    assert.match(await robots.text(), /Disallow: \/checkout/);
    const icon = await get((await get("/favicon.ico")).headers.get("location") ?? "");
    assert.equal(icon.headers.get("content-type"), "image/svg+xml");
  });

  test("files never change under their name, and come compressed", async () => {
    const [script = ""] = /\/assets\/[\w.-]+\.js/.exec(await (await get("/")).text()) ?? [];
    const answer = await get(script, { "accept-encoding": "br" });
    assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(answer.headers.get("content-encoding"), "br");
  });

  test("nothing is inline that the policy would forbid", async () => {
    for (const path of ["/", "/c/lamps", "/cart", "/sign-in"]) {
      const html = await (await get(path)).text();
      assert.doesNotMatch(html, /\sstyle="|<style|\son\w+="/);
      assert.doesNotMatch(html, /<script(?![^>]*(?:src=|application\/json))/);
    }
  });

  test("a form of another site is refused, and whoever is nobody signs in first", async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${shop.url}/sign-out`, { method: "POST", headers, redirect: "manual" });
    assert.equal((await post({ origin: "https://evil.example" })).status, 403);
    assert.equal((await post({ origin: shop.url })).status, 303);
    const answer = await get("/orders?cursor=x");
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("location"), "/sign-in?next=%2Forders%3Fcursor%3Dx");
  });

  test("a page asks each door as often for many products as for few", async () => {
    const counted = countCalls(shop);
    const ask = async (path: string) => {
      counted.clear();
      assert.equal((await get(path)).status, 200);
      return Object.fromEntries([...counted].sort());
    };
    await get("/");
    assert.deepEqual(await ask("/"), {
      "inventory.available": 1,
      "search.list": 1,
      "shop.getMany": 1,
      "shop.list": 1,
    });
    const listing = { "inventory.available": 1, "search.list": 1, "shop.getMany": 1 };
    assert.deepEqual(await ask("/c/lamps"), listing);
    assert.deepEqual(await ask("/c/home"), listing);
    assert.deepEqual(await ask("/search"), listing);
    const { items } = expectDone(await shop.client.search.list({ limit: 1 }));
    assert.deepEqual(await ask(`/p/${items[0]?.product}/${items[0]?.slug}`), {
      "catalog.get": 1,
      "inventory.available": 1,
      "search.list": 1,
      "shop.get": 1,
    });
  });
});

/** Counts what is asked of the doors from now on; the doors answer as before. */
function countCalls(shop: TestShop): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [name, door] of Object.entries(shop.doors)) {
    const operations = door as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const [operation, call] of Object.entries(operations)) {
      operations[operation] = (...args) => {
        counts.set(`${name}.${operation}`, (counts.get(`${name}.${operation}`) ?? 0) + 1);
        return call(...args);
      };
    }
  }
  return counts;
}
