import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { problemIn } from "../support/problem.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
/** What is in use and not merely waiting to be collected. */
const heldMb = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1_048_576;
};

const atOnce = 8;
const bodyBytes = 100_000;
const bodyBytesAtOnce = 250_000;

describe("more than the shop can do at once", () => {
  let shop: TestShop;
  const open: Socket[] = [];
  before(async () => {
    shop = await openShop({ limits: { atOnce, bodyBytes, bodyBytesAtOnce } });
  });
  after(() => shop.close());

  /** A request in work for as long as the rest of its body does not come. */
  const begin = async (size: number): Promise<Socket> => {
    const socket = connect(Number(new URL(shop.url).port), "127.0.0.1");
    open.push(socket.on("error", () => undefined));
    await once(socket, "connect");
    const head = `POST /api/v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${size}`;
    socket.write(`${head}\r\n\r\n{`);
    return socket;
  };
  const letGo = async () => {
    for (const socket of open.splice(0)) socket.destroy();
    await until(async () => (await fetch(`${shop.url}/api/v1/categories`)).status === 200);
  };
  /** One more at a time, since those that hung up may still be counted and the last ones be refused. */
  const fill = () =>
    until(async () => {
      if ((await fetch(`${shop.url}/api/v1/categories`)).status === 503) return true;
      await begin(1_000);
      return false;
    });

  it("is refused with the time to come back, while those who watch still see", async () => {
    await fill();
    for (const path of ["/", "/api/v1/products", "/files/x"]) {
      const answer = await fetch(shop.url + path);
      assert.equal(answer.headers.get("retry-after"), "1", path);
      await problemIn(answer, 503, "request.overloaded");
    }
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      assert.equal((await fetch(shop.url + path)).status, 200, path);
    }
    await letGo();
    assert.equal((await fetch(shop.url)).status, 200);
  });

  it("is more bytes than memory is meant for, whatever they say of their size", async () => {
    await begin(bodyBytes);
    await begin(bodyBytes);
    await until(async () => {
      const answer = await fetch(`${shop.url}/api/v1/accounts`, {
        method: "POST",
        body: "x".repeat(bodyBytes),
      });
      await answer.body?.cancel();
      return answer.status === 503;
    });
    const chunked = new Blob(["{}"]).stream();
    const init = {
      method: "POST",
      body: chunked,
      duplex: "half",
      headers: { "content-type": "application/json" },
    };
    await problemIn(
      await fetch(`${shop.url}/api/v1/accounts`, init as RequestInit),
      503,
      "request.overloaded",
    );
    await until(async () => (await fetch(shop.url)).status === 200);
    await letGo();
    const small = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
    await problemIn(await fetch(`${shop.url}/api/v1/accounts`, small), 400, "request.invalid");
  });

  it("leaves memory as it was, however many are turned away", async () => {
    await fill();
    const crowd = async (rounds: number) => {
      const statuses = new Set<number>();
      for (let round = 0; round < rounds; round++) {
        const answers = await Promise.all(
          Array.from({ length: 100 }, () => fetch(`${shop.url}/api/v1/products`)),
        );
        for (const answer of answers) {
          statuses.add(answer.status);
          await answer.body?.cancel();
        }
      }
      return statuses;
    };
    await crowd(5);
    const before = heldMb();
    assert.deepEqual(await crowd(20), new Set([503]));
    const grownMb = heldMb() - before;
    assert.ok(grownMb < 16, `2,000 refusals kept ${grownMb.toFixed(0)} MB`);
    await letGo();
  });

  it("counts nobody for ever: clients that hang up make room", async () => {
    for (let i = 0; i < 5; i++) {
      await fill();
      await letGo();
    }
    const answers = await Promise.all(Array.from({ length: atOnce - 1 }, () => fetch(shop.url)));
    assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([200]));
  });
});
