import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { problemIn } from "../support/problem.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

/** What Chromium sends when somebody follows a link or sends a form. */
const person = { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8" };

/** The refusal a person is shown: readable, in the shop's look, with nothing the policy would stop. */
async function pageIn(answer: Response, status: number, says: RegExp): Promise<void> {
  const page = await answer.text();
  assert.equal(answer.status, status, page);
  assert.equal(answer.headers.get("content-type"), "text/html; charset=utf-8");
  assert.equal(answer.headers.get("cache-control"), "private, no-store");
  assert.match(answer.headers.get("content-security-policy") ?? "", /script-src 'self'/);
  assert.match(page, says);
  assert.match(page, /<link rel="stylesheet" href="\/assets\/[^"]+\.css"/);
  assert.doesNotMatch(page, /<style| style=|-of-it/);
  assert.doesNotMatch(
    page,
    /Sign in|All departments|, empty/,
    "it knows neither who reads it nor their cart",
  );
  assert.ok(page.includes(answer.headers.get("x-request-id") ?? "none"), "the page names its trace");
}

describe("a person whom the edge refuses is told in a page", () => {
  let shop: TestShop;
  before(async () => {
    shop = await openShop({ limits: { atOnce: 4, perClientPerMinute: 200 } });
  });
  after(() => shop.close());
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(shop.url + path, { ...init, headers: { ...person, ...init.headers } });

  it("that another site's form was not taken: 403", async () => {
    const init = { method: "POST", headers: { origin: "https://evil.example" }, body: new URLSearchParams() };
    await pageIn(await ask("/account/name", init), 403, /A page of another site may not do this/);
    await problemIn(await ask("/api/v1/sessions", init), 403, "request.forbidden");
  });

  it("that an address cannot be read: 400, and that a file is not there: 404", async () => {
    await pageIn(await ask("/p/%ff"), 400, /The address cannot be read/);
    await pageIn(await ask("/files/nothing.png"), 404, /There is no such file/);
    await problemIn(await fetch(`${shop.url}/files/nothing.png`), 404, "request.not_found");
  });

  it("that there is too much to do: 503, and when to come back", async () => {
    const open: Socket[] = [];
    const begin = async () => {
      const socket = connect(Number(new URL(shop.url).port), "127.0.0.1").on("error", () => undefined);
      open.push(socket);
      await once(socket, "connect");
      socket.write("POST /api/v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n");
      socket.write("content-length: 100\r\n\r\n{");
    };
    try {
      await until(async () => {
        if ((await fetch(`${shop.url}/api/v1/categories`)).status === 503) return true;
        await begin();
        return false;
      });
      const answer = await ask("/cart");
      assert.equal(answer.headers.get("retry-after"), "1");
      await pageIn(answer, 503, /Too much at once/);
    } finally {
      for (const socket of open) socket.destroy();
    }
    await until(async () => (await fetch(`${shop.url}/healthz`)).ok);
  });

  it("that requests came too fast: 429, and when to come back", async () => {
    const refused = async (path: string) => {
      for (;;) {
        const answer = await ask(path);
        if (answer.status === 429) return answer;
        await answer.body?.cancel();
      }
    };
    for (const path of ["/cart", "/sandbox/pay"]) {
      const answer = await refused(path);
      assert.ok(Number(answer.headers.get("retry-after")) > 0);
      assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
      assert.match(await answer.text(), /Too many requests|requests in a minute/);
    }
    await problemIn(await ask("/api/v1/categories"), 429, "request.too_many");
  });
});
