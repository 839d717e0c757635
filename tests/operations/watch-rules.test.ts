import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Agent, request } from "undici";
import { freePort } from "#lab/shop/free-port";
import { connectAdministrator } from "#platform/database/drivers/pg-administrator";
import { singleMachine } from "#stages/01-single-machine";
import { caches } from "#stages/03-caches";
import type { Alert } from "#topology/alerts/rule";
import { alertRules } from "#topology/alerts/rules";
import { alertThresholds } from "#topology/alerts/thresholds";
import { categories, merchant, sell } from "../support/people.ts";
import { problemIn } from "../support/problem.ts";
import { startTestServer } from "../support/server.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";

/** The rules of stage 1 and the caches' of stage 3, with thresholds that a test can wait for. */
function watching(thresholds: Partial<typeof alertThresholds> = {}, memoryBudgetBytes = 8e9) {
  const quick = Object.entries(alertThresholds).map(([name, value]) => [
    name,
    name.endsWith("ForSeconds") ? 0.4 : value,
  ]);
  const chosen = { ...Object.fromEntries(quick), rateSeconds: 3, ...thresholds } as typeof alertThresholds;
  const cached = alertRules(caches, chosen).filter(({ name }) => name.startsWith("cache_"));
  return {
    watch: {
      rules: [...alertRules(singleMachine, chosen), ...cached],
      labels: { component: "app", host: "shop" },
      database: { component: "database", host: "shop" },
      memoryBudgetBytes,
      everyMs: 200,
    },
    audits: { everyMs: 300, restsTimes: 1 },
  };
}

async function alertsOf(shop: { url: string }): Promise<Alert[]> {
  const answer = await fetch(`${shop.url}/alerts`);
  return ((await answer.json()) as { alerts: Alert[] }).alerts;
}

const fires = (shop: TestShop, rule: string, withinMs?: number) =>
  until(async () => (await alertsOf(shop)).some((alert) => alert.rule === rule), withinMs);
const isOver = (shop: TestShop, rule: string) =>
  until(async () => (await alertsOf(shop)).every((alert) => alert.rule !== rule));

describe("a shop that watches itself", () => {
  let server: Awaited<ReturnType<typeof startTestServer>>;
  let shop: TestShop;
  let sku: string;
  let logged = "";
  before(async () => {
    server = await startTestServer();
    const logTo = {
      write: (line: string) => {
        logged += line;
      },
    };
    shop = await openShop({ server, logTo, watching: watching() });
    await categories(shop);
    sku = (await sell(shop, await merchant(shop))).skus[0]!.id;
  });
  after(async () => {
    await shop?.close();
    await server?.stop();
  });

  it("finds nothing wrong while nothing is", async () => {
    await shop.quiet();
    await until(async () =>
      /storey_audit_age_seconds 0/.test(await (await fetch(`${shop.url}/metrics`)).text()),
    );
    // How late a busy machine's event loop is says nothing about the shop.
    assert.deepEqual(
      (await alertsOf(shop)).filter(({ rule }) => !["event_loop_late", "answers_slow"].includes(rule)),
      [],
    );
  });

  it("tells of an event that nobody can apply", async () => {
    await shop.db.admin(
      `insert into search.inbox values (1, 'catalog', 1, 7, 1, 'catalog.changed', now() - interval '1 minute', '{}')`,
    );
    await fires(shop, "events_late");
    const alert = (await alertsOf(shop)).find(({ rule }) => rule === "events_late");
    assert.deepEqual(alert?.labels, { domain: "search", box: "inbox" });
    assert.match(alert?.summary ?? "", /^An event in the inbox of search has waited for 6\d(\.\d)? s\.$/);
    await shop.db.admin("delete from search.inbox");
    await isOver(shop, "events_late");
  });

  it("tells of statements that wait, and then of answers that came late", async () => {
    // A series counts from the second time that it is seen.
    await (await fetch(`${shop.url}/api/v1/search?q=word`)).body?.cancel();
    const holder = await connectAdministrator({ ...shop.db.server, database: shop.db.name });
    await holder.run("begin; lock table search.product, search.word, search.card in access exclusive mode");
    const asking = Array.from({ length: 150 }, (_, n) =>
      fetch(`${shop.url}/api/v1/search?q=word${n}`).then((answer) => answer.text()),
    );
    await fires(shop, "connections_awaited").finally(() => holder.run("rollback"));
    await Promise.all(asking);
    await holder.close();
    await fires(shop, "answers_slow");
    await isOver(shop, "connections_awaited");
    await isOver(shop, "answers_slow");
  });

  it("tells of an event loop that something holds up", async () => {
    let done = false;
    const busy = async () => {
      while (!done) {
        for (const end = performance.now() + 350; performance.now() < end; );
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const working = busy();
    // Whoever asks waits for the same loop: each answer takes several of its turns.
    await fires(shop, "event_loop_late", 60_000).finally(() => {
      done = true;
    });
    await working;
    await isOver(shop, "event_loop_late");
  });

  it("tells of an invariant that an audit finds broken, and names it", async () => {
    await shop.db.admin(
      `alter table inventory.stock drop constraint adds_up; update inventory.stock set on_hand = on_hand + 1`,
    );
    await fires(shop, "audit_violated");
    const found = (await alertsOf(shop)).find(({ rule }) => rule === "audit_violated");
    assert.deepEqual(found?.labels, { invariant: "inventory.adds_up" });
    assert.match(logged, /inventory\.adds_up does not hold/);
    await shop.db.admin("update inventory.stock set on_hand = on_hand - 1");
    await isOver(shop, "audit_violated");
  });

  it("tells of a database that is gone and of answers that fail, and when that is over", async () => {
    server.kill9();
    const asking = setInterval(
      () => void fetch(`${shop.url}/api/v1/products/${sku}`).catch(() => undefined),
      20,
    );
    try {
      await fires(shop, "postgres_down");
      await fires(shop, "answers_failing");
      const [first] = await alertsOf(shop);
      assert.equal(first?.severity, "critical");
      await server.again();
      await isOver(shop, "postgres_down");
      await isOver(shop, "answers_failing");
    } finally {
      clearInterval(asking);
    }
    assert.match(logged, /"alert":"postgres_down".*database on shop does not answer/);
    assert.match(logged, /over: database on shop does not answer/);
  });

  it("tells it to those on its machine, and to those who know the secret", async () => {
    const elsewhere = { "x-forwarded-for": "192.0.2.1" };
    for (const path of ["/alerts", "/metrics"]) {
      await problemIn(await fetch(shop.url + path, { headers: elsewhere }), 404, "request.not_found");
      const wrong = { ...elsewhere, authorization: "Bearer guessed" };
      await problemIn(await fetch(shop.url + path, { headers: wrong }), 404, "request.not_found");
      const right = { ...elsewhere, authorization: "Bearer test-only-supervisor" };
      const answer = await fetch(shop.url + path, { headers: right });
      await answer.body?.cancel();
      assert.equal(answer.status, 200);
    }
  });
});

describe("a shop whose machine is too small, whose certificate ends and whose cache is away", () => {
  it("tells of all of it", async () => {
    const certificate = shortCertificate();
    // Of disk and audit no test can make too little: the threshold comes to meet them.
    const thresholds = { diskFreeWarning: 1.1, diskFreeCritical: 1.1, auditAgeSeconds: 0.5 };
    const { watch } = watching(thresholds, 10e6);
    const shop = await openShop({
      watching: { watch, audits: { everyMs: 3_600_000 } },
      tls: certificate,
      cache: { redis: { host: "127.0.0.1", port: await freePort() } },
    });
    const dispatcher = new Agent({ connect: { ca: certificate.cert } });
    try {
      const wanted = [
        "audit_overdue",
        "cache_away",
        "certificate_expiring",
        "disk_filling",
        "disk_nearly_full",
        "memory_over_budget",
      ];
      let found: string[] = [];
      let asked = 0;
      await until(async () => {
        // What nobody keeps yet: three that it does not answer, and the cache is passed by.
        asked += 1;
        await (
          await request(`${shop.url}/api/v1/products/${String(asked).padStart(13, "0")}`, { dispatcher })
        ).body.dump();
        const { body } = await request(`${shop.url}/alerts`, { dispatcher });
        found = ((await body.json()) as { alerts: Alert[] }).alerts.map(({ rule }) => rule).sort();
        return wanted.every((rule) => found.includes(rule));
      }, 30_000).catch(() => assert.deepEqual(found, wanted));
    } finally {
      await dispatcher.close();
      await shop.close();
    }
  });
});

/** For this machine, and for two days. */
function shortCertificate(): { cert: string; key: string } {
  const directory = mkdtempSync(join(tmpdir(), "storey-certificate-"));
  const [cert, key] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  const names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const made = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "2",
    ...names,
  ];
  execFileSync("openssl", ["req", "-x509", ...made, "-keyout", key, "-out", cert], { stdio: "ignore" });
  const both = { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
  rmSync(directory, { recursive: true });
  return both;
}
