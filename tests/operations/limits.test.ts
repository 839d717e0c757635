import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { clientOf } from "#apps/server/client-address";
import { password } from "../support/people.ts";
import { problemIn } from "../support/problem.ts";
import { openShop, type TestShop } from "../support/shop.ts";

describe("what one client may do", () => {
  let shop: TestShop;
  before(async () => {
    shop = await openShop({ limits: { perClientPerMinute: 30, signInsPerClientPerMinute: 3 } });
  });
  after(() => shop.close());
  const signIn = (path: string, headers: Record<string, string> = {}) => {
    const fields = { email: "nobody@example.com", password };
    const isForm = !path.startsWith("/api");
    return fetch(shop.url + path, {
      method: "POST",
      headers: isForm ? headers : { "content-type": "application/json", ...headers },
      body: isForm ? new URLSearchParams(fields) : JSON.stringify(fields),
    });
  };

  it("is three sign-ins a minute, over whatever door, and believes no forged address", async () => {
    assert.equal((await signIn("/api/v1/sessions")).status, 401);
    assert.equal((await signIn("/sign-in", { "x-forwarded-for": "1.2.3.4" })).status, 401);
    assert.equal((await signIn("/api/v1/sessions", { "x-forwarded-for": "1.2.3.5" })).status, 401);
    for (const path of ["/api/v1/sessions", "/api/v1/sessions/", "/api/v1/accounts"]) {
      const answer = await signIn(path, { "x-forwarded-for": crypto.randomUUID(), forwarded: "for=1.2.3.6" });
      const seconds = Number(answer.headers.get("retry-after"));
      assert.ok(seconds > 0 && seconds <= 60, `retry after ${seconds}`);
      const problem = await problemIn(answer, 429, "request.too_many");
      assert.match(problem.detail, /3 requests in a minute\. Try again in \d+ s\./);
    }
  });

  it("says so in a page to whoever signs in on one", async () => {
    const answer = await signIn("/sign-in", { accept: "text/html" });
    assert.equal(answer.status, 429);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
  });

  it("is so many requests a minute, and then none, whatever address they claim to come from", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) {
      const headers = { "x-forwarded-for": `10.0.0.${i}`, "x-real-ip": `10.0.0.${i}` };
      const answer = await fetch(`${shop.url}/api/v1/categories`, { headers });
      await answer.body?.cancel();
      statuses.push(answer.status);
    }
    assert.ok(statuses.filter((status) => status === 200).length <= 30);
    const answer = await fetch(`${shop.url}/api/v1/categories`);
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
    await problemIn(answer, 429, "request.too_many");
  });

  it("does not keep those out who watch", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      assert.equal((await fetch(shop.url + path)).status, 200, path);
    }
  });
});

describe("a client's address", () => {
  const same: readonly [ip: string, client: string][] = [
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8:1:2::9", "2001:db8:1:2"],
    ["2001:db8::9", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::", "fe80:0:0:0"],
  ];
  for (const [ip, client] of same) it(`${ip} counts as ${client}`, () => assert.equal(clientOf(ip), client));
});

describe("clients that waste the server's time", () => {
  let shop: TestShop;
  const receiveMs = 1_000;
  before(async () => {
    shop = await openShop({ limits: { receiveMs } });
  });
  after(() => shop.close());

  const say = async (words: string): Promise<{ socket: Socket; end: Promise<string> }> => {
    const socket = connect(Number(new URL(shop.url).port), "127.0.0.1");
    await once(socket, "connect");
    let heard = "";
    socket.on("data", (chunk) => {
      heard += String(chunk);
    });
    socket.on("error", () => undefined);
    socket.write(words);
    return { socket, end: once(socket, "close").then(() => heard) };
  };
  const codeIn = (heard: string): unknown =>
    heard && (JSON.parse(heard.slice(heard.indexOf("\r\n\r\n"))) as { code: string }).code;

  it("are cut off with half a request line, half the headers, half a body", async () => {
    const halves = [
      "GET / HT",
      "GET / HTTP/1.1\r\nhost: x\r\n",
      "POST /api/v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    ];
    const started = Date.now();
    const ends = await Promise.all(halves.map(async (half) => (await say(half)).end));
    assert.ok(Date.now() - started >= receiveMs, "they had their time");
    assert.deepEqual(ends.map(codeIn), ["request.invalid", "request.invalid", "request.invalid"]);
  });

  it("are cut off although they send a byte now and then", async () => {
    const { socket, end } = await say("GET / HTTP/1.1\r\nhost: x\r\nx-slow: ");
    const drip = setInterval(() => socket.writable && socket.write("x"), 100);
    await end;
    clearInterval(drip);
  });

  it("are told when they speak something else, or far too much", async () => {
    assert.equal(codeIn(await (await say("hello\r\n\r\n")).end), "request.invalid");
    const long = `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${"x".repeat(20_000)}\r\n\r\n`;
    assert.equal(codeIn(await (await say(long)).end), "request.too_large");
  });

  it("cannot smuggle a second request behind two lengths", async () => {
    const two =
      "POST /api/v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    assert.equal(codeIn(await (await say(two)).end), "request.invalid");
  });

  it("leave the shop answering", async () => {
    assert.equal((await fetch(`${shop.url}/readyz`)).status, 200);
  });
});
