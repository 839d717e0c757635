import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Product } from "#domains/catalog/api";
import { expectDone } from "#kernel/refusal";
import { categories, type Merchant, merchant, person, sell } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("answers that somebody was just given", () => {
  let shop: TestShop;
  let seller: Merchant;
  let product: Product;
  before(async () => {
    shop = await openShop({ cache: { inProcess: { bytes: 32_000_000 } } });
    await categories(shop);
    seller = await merchant(shop);
    product = await sell(shop, seller, { title: "A cup that many look at" });
  });
  after(() => shop?.close());

  const page = () => `${shop.url}/p/${product.id}/${product.slug}`;
  const api = () => `${shop.url}/api/v1/products/${product.id}`;
  /** How many answers were worked out, and how many were given again, while `work` ran. */
  async function counted(work: () => Promise<unknown>): Promise<{ load: number; hit_near: number }> {
    const look = async () => {
      const text = await (await fetch(`${shop.url}/metrics`)).text();
      const figure = (what: string) =>
        Number(
          new RegExp(`^storey_cache_events_total\\{of="answer",what="${what}"\\} (\\d+)`, "m").exec(
            text,
          )?.[1] ?? 0,
        );
      return { load: figure("load"), hit_near: figure("hit_near") };
    };
    const from = await look();
    await work();
    const to = await look();
    return { load: to.load - from.load, hit_near: to.hit_near - from.hit_near };
  }

  it("are the same to the byte, and made once for a crowd", async () => {
    for (const address of [page(), api()]) {
      // The first of a route tells that it is for everybody.
      const first = await fetch(address);
      const body = await first.text();
      assert.equal(first.status, 200, body);
      await pause(350);
      const seen = await counted(async () => {
        const answers = await Promise.all(Array.from({ length: 200 }, () => fetch(address)));
        const traces = new Set<string | null>();
        for (const answer of answers) {
          assert.equal(await answer.text(), body);
          for (const name of ["content-type", "cache-control", "vary", "etag", "content-security-policy"]) {
            assert.equal(answer.headers.get(name), first.headers.get(name), name);
          }
          traces.add(answer.headers.get("x-request-id"));
        }
        assert.equal(traces.size, 200, "each has a trace of its own");
      });
      // A crowd that takes longer than an answer lives makes it again.
      assert.ok(seen.load <= 20 && seen.load + seen.hit_near === 200, `${address} ${JSON.stringify(seen)}`);
    }
  });

  it("are not made again for a browser that has them", async () => {
    const etag = (await fetch(page())).headers.get("etag") ?? "";
    const again = await fetch(page(), { headers: { "if-none-match": etag } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), "");
  });

  it("are for nobody who is somebody", async () => {
    const someone = await person(shop);
    const seen = await counted(async () => {
      for (const headers of [
        { authorization: `Bearer ${someone.token}` },
        { authorization: `Bearer ${seller.token}` },
        { "cart-token": "anything at all" },
      ]) {
        const mine = await fetch(api(), { headers });
        assert.equal(mine.status, 200);
        await mine.text();
      }
    });
    assert.equal(seen.hit_near, 0);
    const html = await (
      await fetch(page(), { headers: { authorization: `Bearer ${someone.token}` } })
    ).text();
    assert.match(html, /Person \d+/);
    assert.doesNotMatch(await (await fetch(page())).text(), /Person \d+/);
  });

  it("are forgotten when what they show has changed", async () => {
    await (await fetch(page())).text();
    const title = "A cup by another name";
    expectDone(await seller.api.catalog.change({ id: product.id, title }));
    assert.match(await (await fetch(api())).text(), /A cup by another name/);
    product = expectDone(await shop.client.catalog.get({ id: product.id }));
    assert.match(await (await fetch(page())).text(), /A cup by another name/);
  });

  it("are not kept where they are private, refused, or not there", async () => {
    const seen = await counted(async () => {
      for (const path of ["/cart", "/sign-in", "/api/v1/products/0000000000000", "/nowhere", "/healthz"]) {
        for (let i = 0; i < 2; i++) await (await fetch(shop.url + path)).text();
      }
    });
    assert.deepEqual(seen, { load: 0, hit_near: 0 });
  });
});
