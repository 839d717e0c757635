import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Registry } from "prom-client";
import { Type } from "typebox";
import { newContext } from "#kernel/context";
import { door } from "#kernel/door";
import { Fault } from "#kernel/refusal";
import { doorOver } from "#platform/rpc/call";
import { listenForCalls } from "#platform/rpc/drivers/http-listen";
import { openHttpWire } from "#platform/rpc/drivers/http-wire";
import { openHost } from "#platform/rpc/serve";
import { type Collector, openCollector, wayTo } from "#tests/support/collector";
import { current, during, under } from "../traces.ts";
import { openOtlp } from "./otlp.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

async function withTraces(
  sample: number,
  work: (traces: ReturnType<typeof openOtlp>, said: Registry) => Promise<void> | void,
): Promise<Collector> {
  const collector = await openCollector();
  const registry = new Registry();
  const place = { instance: "shop", process: "app-1", version: "1" };
  const traces = openOtlp({ to: collector.url, sample, place, registry, log: () => undefined });
  try {
    await work(traces, registry);
  } finally {
    await traces.close();
    await collector.close();
  }
  return collector;
}

describe("traces over OTLP", () => {
  it("of what nobody has decided about, keeps the share that was asked for", () =>
    withTraces(0.01, (traces) => {
      let kept = 0;
      for (let i = 0; i < 20_000; i++) if (traces.begin("x")) kept++;
      // 200 expected, with a standard deviation of 14: outside of this once in 10 million runs.
      assert.ok(kept > 125 && kept < 275, `${kept} of 20,000`);
    }).then(() => undefined));

  it("keeps what somebody trusted keeps and nothing that they do not, whatever the share", async () => {
    const { spans } = await withTraces(0.0001, (traces) => {
      traces.begin("kept", { traceparent: `00-${traceId}-${spanId}-01` })?.end();
      assert.equal(traces.begin("dropped", { traceparent: `00-${traceId}-${spanId}-00` }), undefined);
    });
    assert.deepEqual(
      spans.map((span) => [span.name, span.traceId, span.parentSpanId]),
      [["kept", traceId, spanId]],
    );
  });

  it("takes nothing for a trace that is none", async () => {
    const bad = [
      "",
      "1",
      `00-${"0".repeat(32)}-${spanId}-01`,
      `ff-${traceId}-${spanId}-01`,
      `00-${traceId}-01`,
    ];
    const { spans } = await withTraces(1, (traces) => {
      for (const traceparent of bad) traces.begin("own", { traceparent })?.end();
    });
    assert.equal(spans.length, bad.length);
    assert.ok(spans.every((span) => span.traceId !== traceId && span.parentSpanId === ""));
  });

  it("tells of a proxy's stretch under the id that the proxy gave it, above our own", async () => {
    const sinceMs = Date.now() - 250;
    const traceparent = `00-${traceId}-${spanId}-01`;
    const { spans } = await withTraces(1, (traces) => {
      traces.begin("GET /x", { traceparent, proxy: { kind: "nginx", sinceMs } })?.end("500");
    });
    const proxy = spans.find(({ name }) => name === "nginx");
    const own = spans.find(({ name }) => name === "GET /x");
    assert.ok(proxy && own);
    assert.deepEqual([proxy.traceId, proxy.spanId, proxy.parentSpanId], [traceId, spanId, ""]);
    assert.deepEqual([own.traceId, own.parentSpanId], [traceId, spanId]);
    assert.deepEqual([proxy.service, own.service], ["storey-nginx", "storey"]);
    assert.equal(Math.round(proxy.startMs), sinceMs);
    assert.ok(own.startMs - proxy.startMs >= 249 && proxy.endMs >= own.endMs);
  });

  it("says that work failed by a code, never by words", async () => {
    const fault = new Fault("probe.broke", "the address ada@example.com is taken");
    const { spans, said } = await withTraces(1, async (traces) => {
      const span = traces.begin("request");
      assert.ok(span);
      const fail = () => during({ name: "work", side: "here" }, () => Promise.reject(fault));
      await assert.rejects(under(span, fail), fault);
      span.end();
    });
    assert.equal(spans.find(({ name }) => name === "work")?.facts["error.type"], "probe.broke");
    assert.doesNotMatch(said(), /ada|taken/);
  });

  it("goes on at the other end of a wire", async () => {
    const common = { who: ["anyone"], kind: "query", retriable: true, summary: "", refusals: [] } as const;
    const empty = { input: Type.Object({}), output: Type.Integer() };
    const spec = door({
      name: "probe",
      refusals: {},
      events: {},
      operations: { look: { ...common, ...empty } },
    });
    const { spans } = await withTraces(1, async (traces) => {
      const host = openHost(() => undefined, traces);
      host.serve(spec, { look: () => during({ name: "found", side: "here" }, async () => 7) });
      const secret = crypto.randomUUID();
      const listening = await listenForCalls({ host: "127.0.0.1", port: 0, secret, answer: host.answer });
      const wire = openHttpWire({ url: listening.url, secret, connections: 1 });
      const far = doorOver(spec, { wire, later: (_, told) => told });
      const context = newContext({ deadline: Date.now() + 5_000, trace: "t" });
      const request = traces.begin("request");
      assert.equal(await under(request, () => far.look(context, {})), 7);
      request?.end();
      // Who is in no trace begins none there either.
      assert.equal(current(), undefined);
      assert.equal(await far.look(context, {}), 7);
      await wire.close();
      await listening.close();
    });
    assert.equal(spans.length, 4);
    const found = spans.find(({ name }) => name === "found");
    assert.ok(found);
    assert.deepEqual(wayTo(spans, found), ["request", "rpc probe.look", "serve probe.look", "found"]);
  });

  it("drops what is too much, and counts what could not be given to anybody", async () => {
    const lost = async (registry: Registry) => {
      const { values } = (await registry.getSingleMetric("storey_trace_spans_total")?.get()) ?? {
        values: [],
      };
      return values.find(({ labels }) => labels["outcome"] === "lost")?.value ?? 0;
    };
    const collector = await openCollector();
    await collector.close();
    const registry = new Registry();
    const said: string[] = [];
    const traces = openOtlp({
      to: collector.url,
      sample: 1,
      place: { instance: "shop", process: "app", version: "1" },
      registry,
      log: (message) => said.push(message),
    });
    for (let i = 0; i < 50_000; i++) traces.begin("x")?.end();
    const before = performance.now();
    await traces.close();
    assert.ok(performance.now() - before < 3_000);
    // Of 50,000 all but those that were in the queue and under way were dropped without being kept anywhere.
    assert.ok((await lost(registry)) <= 2_048 + 512);
    assert.ok(said.length <= 1);
  });
});
