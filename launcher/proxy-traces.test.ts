import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { need as haproxy } from "./haproxy/haproxy.ts";
import { need as nginx } from "./nginx/binary.ts";
import { findNeed } from "./packages.ts";
import { ask, openProxyStage, type ProxyStage } from "./proxy-stage.ts";

const forged = {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  tracestate: "vendor=1",
  "x-request-start": "t=1000000000000",
};

/** What an application was told of so many requests. */
async function told(stage: ProxyStage, requests: number) {
  const all: Record<string, string>[] = [];
  for (let i = 0; i < requests; i++) {
    const answer = await ask(stage.client, "/who", { headers: forged });
    const { headers } = JSON.parse(answer.text) as { headers: Record<string, string> };
    all.push({ ...headers, answered: String(answer.headers["x-request-id"]) });
  }
  return all;
}

const collector = "http://127.0.0.1:4318";

for (const [kind, need] of [["nginx", nginx] as const, ["haproxy", haproxy] as const]) {
  describe(`traces through ${kind}`, { skip: findNeed(need) === undefined && `${kind} is missing` }, () => {
    it("are named by it like the request, with since when it had that, whatever a client says", async () => {
      await using stage = await openProxyStage(kind, ["app-1"], { trace: { to: collector, sample: 1 } });
      const before = Date.now();
      for (const headers of await told(stage, 3)) {
        const [, traceId, spanId, flags] = headers["traceparent"]?.split("-") ?? [];
        assert.equal(traceId, headers["answered"]?.replaceAll("-", ""));
        assert.deepEqual([spanId, flags], [traceId?.slice(0, 16), "01"]);
        assert.equal(headers["tracestate"], undefined);
        const since = headers["x-request-start"] ?? "";
        assert.match(since, /^t=(?:\d{13}|\d{10}[.]\d{3})$/);
        const sinceMs = Number(since.slice(2)) * (since.includes(".") ? 1_000 : 1);
        assert.ok(sinceMs >= before - 50 && sinceMs <= Date.now(), since);
      }
    });

    it("are kept in the share that was asked for, and decided about in the others", async () => {
      await using stage = await openProxyStage(kind, ["app-1"], { trace: { to: collector, sample: 0.2 } });
      const flags = (await told(stage, 300)).map(({ traceparent = "" }) => traceparent.slice(-2));
      const kept = flags.filter((each) => each === "01").length;
      // 60 expected, with a standard deviation of 7.
      assert.ok(kept > 20 && kept < 105, `${kept} of 300`);
      assert.equal(flags.filter((each) => each === "00").length, 300 - kept);
    });
  });
}
