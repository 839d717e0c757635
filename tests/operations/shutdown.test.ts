import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { expectDone } from "#kernel/refusal";
import { freePort } from "#lab/shop/free-port";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { openNow } from "../support/left-open.ts";
import { buyer, categories, merchant, order, password, pay } from "../support/people.ts";
import { openShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

/** A connection of one's own, with all that was heard on it. */
async function talk(url: string): Promise<{ socket: Socket; heard(): string; closed: Promise<unknown> }> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  let heard = "";
  socket.on("data", (chunk) => {
    heard += String(chunk);
  });
  socket.on("error", () => undefined);
  return { socket, heard: () => heard, closed: once(socket, "close") };
}

describe("an orderly end", () => {
  let db: TestDatabase;
  before(async () => {
    db = await openTestDatabase();
  });
  after(() => db.close());

  it("answers what was begun, refuses what comes, and closes what rests", async () => {
    const shop = await openShop({ db });
    const body = JSON.stringify({ email: "last@example.com", name: "The last", password });
    const begun = await talk(shop.url);
    const head = `POST /api/v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    begun.socket.write(`${head}\r\n\r\n${body.slice(0, 10)}`);
    const resting = await talk(shop.url);
    resting.socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    await until(async () => resting.heard().includes('"alive":true'));

    let ended = false;
    const end = shop.close().finally(() => {
      ended = true;
    });
    await resting.closed;
    await assert.rejects(fetch(`${shop.url}/healthz`), "nobody listens any more");
    assert.equal(ended, false, "it waits for what was begun");
    begun.socket.write(body.slice(10));
    await end;
    await begun.closed;
    assert.match(begun.heard(), /^HTTP\/1\.1 201 /);
    const kept = await db.admin("select 1 from account.account where name = 'The last'");
    assert.equal(kept.length, 1);
  });

  it("refuses, with a code, what comes over a connection that is still at work", async () => {
    const shop = await openShop({ db });
    const both = await talk(shop.url);
    const body = JSON.stringify({ email: "pipelined@example.com", name: "First", password });
    const head = `POST /api/v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    both.socket.write(`${head}\r\n\r\n${body.slice(0, 10)}`);
    const probe = await talk(shop.url);
    const end = shop.close();
    await probe.closed;
    both.socket.write(`${body.slice(10)}GET /api/v1/products HTTP/1.1\r\nhost: x\r\n\r\n`);
    await end;
    await both.closed;
    assert.match(both.heard(), /^HTTP\/1\.1 201 /);
    const second = both.heard().slice(both.heard().indexOf("HTTP/1.1", 1));
    if (both.heard().indexOf("HTTP/1.1", 1) > 0) {
      assert.match(second, /^HTTP\/1\.1 503 /);
      assert.match(second, /"code":"request\.overloaded"/);
      assert.match(second, /retry-after: 1/i);
    }
  });

  it("waits for nobody who has not asked for anything yet", async () => {
    const shop = await openShop({ db });
    const silent = await talk(shop.url);
    const half = await talk(shop.url);
    half.socket.write("GET /healthz HTTP/1.1\r\nhost:");
    assert.equal((await fetch(`${shop.url}/healthz`)).status, 200);
    const started = Date.now();
    await shop.close();
    assert.ok(Date.now() - started < 9_000, `${Date.now() - started} ms`);
    await Promise.all([silent.closed, half.closed]);
  });

  it("leaves no event behind: what was on its way is carried on by the next start", async () => {
    const first = await openShop({ db });
    await categories(first);
    const seller = await merchant(first);
    const who = await buyer(first);
    const draft = {
      shop: seller.shop,
      title: "The last cup",
      category: "cups",
      status: "published" as const,
      skus: [{ code: "C", price: { amount: 900, currency: "USD" }, stock: 7 }],
    };
    // The bus rests, so that the event is certainly on its way when the end comes.
    await first.bus.stop();
    const product = expectDone(await seller.api.catalog.create(draft));
    const sku = product.skus[0]!.id;
    await first.close();
    const [waiting] = await db.admin("select count(*)::int as n from catalog.outbox");
    assert.ok(Number(waiting?.["n"]) > 0, "something was on its way");

    const second = await openShop({ db });
    try {
      const api = second.client.as({ token: who.token });
      await until(async () => {
        const { items } = expectDone(await api.inventory.available({ skus: [sku] }));
        return items[0]?.available === 7;
      });
      const again = { ...who, api };
      const checkout = expectDone(await order(again, [{ sku, quantity: 2 }]));
      await pay(second, again, checkout.id);
      assert.equal(expectDone(await api.order.checkout({ id: checkout.id })).orders[0]?.state, "paid");
      assert.deepEqual((await second.audit(1_000)).broken, []);
    } finally {
      await second.close();
    }
  });

  it("leaves nothing open when it comes at the start", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    // Where nobody listens a client of Redis tries again for as long as it is let.
    const cache = { inProcess: { bytes: 1_000_000 }, redis: { host: "127.0.0.1", port: await freePort() } };
    const open = openNow();
    try {
      await assert.rejects(openShop({ db, port, cache }), { code: "EADDRINUSE" });
      await open.settled();
    } finally {
      taken.close();
    }
  });
});
