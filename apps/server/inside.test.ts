import assert from "node:assert/strict";
import { test } from "node:test";
import { request } from "undici";
import { openInside } from "./inside.ts";

test("the way inside leads to the sandbox, its callback and what a watcher asks, and nowhere else", async () => {
  const inside = await openInside();
  try {
    assert.equal(new URL(inside.url).hostname, "127.0.0.1");
    const statusOf = async (path: string) => {
      const answer = await request(inside.url + path);
      await answer.body.dump();
      return answer.statusCode;
    };
    const sandbox = ["/sandbox/charges/abc", "/sandbox/refunds", "/api/v1/payments/callbacks/sandbox"];
    const leads = [...sandbox, "/healthz", "/readyz", "/metrics", "/alerts"];
    for (const path of leads) assert.equal(await statusOf(path), 503, `${path}: nobody answers yet`);
    inside.answer((_request, response) => response.writeHead(204).end());
    for (const path of leads) assert.equal(await statusOf(path), 204, path);
    const others = [
      "/",
      "/sandbox/pay",
      "/api/v1/products",
      "/metrics/all",
      "/api/v1/payments/callbacks/stripe",
    ];
    for (const path of others) assert.equal(await statusOf(path), 404, path);
  } finally {
    await inside.close();
  }
});
