import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { checkout } from "#commands/instance";
import { demoOperator } from "#demo/accounts";
import { runLoad, workloads } from "#lab/load";
import { loadMarkdown } from "#lab/report/load-report";
import { freePort } from "#lab/shop/free-port";
import { type StartedShop, startShop } from "#lab/shop/running";
import { makeScratch } from "#launcher/scratch";

describe("driving a shop", () => {
  let started: StartedShop;
  const scratch = makeScratch();
  before(async () => {
    const dataRoot = scratch.path;
    started = await startShop({ checkout, name: "load", dataRoot, port: await freePort(), products: 60 });
  });
  after(async () => {
    await started?.stop();
    scratch[Symbol.dispose]();
  });

  const drive = (name: string, seconds: number, rate = 4, rawSeconds = 0) => {
    const workload = workloads.find((each) => each.name === name);
    assert.ok(workload, `no workload ${name}`);
    return runLoad({
      workload,
      rate,
      seconds,
      warmUpSeconds: 0.5,
      seed: 7,
      buyers: 20,
      thinkSeconds: 0.05,
      rawSeconds,
      url: started.shop.url,
      running: started.shop,
      operator: demoOperator,
      say: () => undefined,
    });
  };

  for (const [name, steps] of [
    ["browse", ["home", "list", "product", "search"]],
    ["shop", ["search"]],
    ["order", ["whole purchase"]],
  ] as const)
    it(`${name}: says how many, how long, what went wrong, what it cost, and what the machine can do`, async () => {
      // The machine's limits are the same for all.
      const report = await drive(name, 3, 10, name === "order" ? 2 : 0);
      assert.deepEqual(wrong(report.errors), {});
      for (const step of ["every interaction", ...steps]) {
        const { p50 = 0, p99 = 0, count = 0 } = report.latencies[step] ?? {};
        assert.ok(count > 0 && p50 > 0 && p99 >= p50, `${step} in ${JSON.stringify(report.latencies)}`);
      }
      assert.ok(report.interactionsPerSecond > 1);
      const { application = 0, database = 0 } = report.cpuMsPerInteraction ?? {};
      assert.ok(application > 0 && database > 0, "its CPU");
      assert.deepEqual(
        report.limits.map((limit) => limit.perSecond > 0 && limit.name),
        name === "order" ? ["bare node:http", "point reads", "one-statement orders"] : [],
      );
      const { paid, mismatches } = report.acknowledged;
      assert.ok(name !== "order" || paid > 0);
      assert.deepEqual(mismatches, []);
      const text = loadMarkdown(report);
      for (const said of [/interactions a second\./, /p50.*p99/, /Errors: /, /CPU per interaction: /])
        assert.match(text, said);
      assert.equal(text.includes("raw limit"), name === "order");
    });

  it("a flash sale sells as many pieces as there are, and tells everybody else", async () => {
    const { told, errors, acknowledged } = await drive("flash-sale", 3);
    assert.deepEqual(errors, {});
    assert.deepEqual(told, { "sold out": 18, sold: 2 });
    assert.deepEqual(
      { ...acknowledged, mismatches: [...acknowledged.mismatches] },
      {
        checkouts: 2,
        orders: 2,
        paid: 2,
        mismatches: [],
      },
    );
  });

  it("who means harm is refused, and customers are served meanwhile", async () => {
    const { told, errors, latencies, acknowledged } = await drive("hostile", 8);
    assert.deepEqual(wrong(errors), {});
    for (const what of ["oversized: request.too_large", "malformed: request.invalid"])
      assert.ok((told[what] ?? 0) > 0, `${what} in ${JSON.stringify(told)}`);
    assert.ok((latencies["every interaction"]?.count ?? 0) > 10);
    assert.deepEqual(acknowledged.mismatches, []);
  });

  it("merchants import, change prices and count while customers buy", async () => {
    const { errors, latencies, acknowledged } = await drive("merchant", 6);
    // Whoever was quoted a price that a merchant has changed since is told.
    const { "order.price_changed": _, ...others } = wrong(errors);
    assert.deepEqual(others, {});
    assert.ok((latencies["every interaction"]?.count ?? 0) > 20);
    assert.deepEqual(acknowledged.mismatches, []);
  });

  it("at midnight so many times as many come, whose times are told apart", async () => {
    const { errors, latencies } = await drive("double-eleven", 6, 1);
    assert.deepEqual(wrong(errors), {});
    const count = (part: string) => latencies[`every interaction ${part}`]?.count ?? 0;
    assert.ok(count("from midnight") > 4 * count("before midnight"), JSON.stringify(latencies));
  });
});

/** Without what a shop says, and has to, on a machine that is busy with other things: too much to do, or too late. */
const wrong = (errors: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(errors).filter(([code]) => !busy.includes(code)));
const busy = ["request.overloaded", "request.failed", "network.UND_ERR_HEADERS_TIMEOUT"];
