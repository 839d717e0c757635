import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { BrowserContext, Page } from "playwright-core";
import { expectDone } from "#kernel/refusal";
import { reverseProxy } from "#stages/04-reverse-proxy";
import {
  buyer,
  categories,
  merchant,
  order,
  type Person,
  password,
  person,
  sell,
} from "../support/people.ts";
import { problemIn } from "../support/problem.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";
import {
  complaintsOf,
  noBrowser,
  remember,
  sharedBrowser,
  visit,
  type Width,
  widths,
  wordsOf,
} from "./browser.ts";
import { findingsOf, sidewaysOf, smallTargetsOf } from "./measures.ts";

/** Somebody who may see everything. */
async function operatorOf(shop: TestShop): Promise<Person> {
  const someone = await person(shop);
  await shop.db.admin(`update account.account set operator = true where email = '${someone.email}'`);
  const { token } = expectDone(await shop.client.account.signIn({ email: someone.email, password }));
  return { ...someone, token, api: shop.client.as({ token }) };
}

const consoleOf = (shop: TestShop, token?: string, more: RequestInit = {}) =>
  fetch(`${shop.url}/console`, {
    redirect: "manual",
    ...more,
    headers: { accept: "text/html", ...(token ? { cookie: `session=${token}` } : {}), ...more.headers },
  });

describe("who sees the console", () => {
  let shop: TestShop;
  let operator: Person;
  before(async () => {
    shop = await openShop();
    await categories(shop);
    operator = await operatorOf(shop);
  });
  after(() => shop?.close());
  const paths = ["/console/flags/facets", "/console/audit"];
  const post = (path: string, token?: string, headers: Record<string, string> = {}) =>
    fetch(shop.url + path, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ on: "false" }),
      headers: { ...(token ? { cookie: `session=${token}` } : {}), ...headers },
    });
  const isOn = async () =>
    expectDone(await operator.api.operations.flags({})).items.find(({ name }) => name === "facets")?.on;

  test("whoever is nobody signs in first, and comes back", async () => {
    const answer = await consoleOf(shop);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("location"), "/sign-in?next=%2Fconsole");
    assert.equal(answer.headers.get("cache-control"), "private, no-store");
    for (const path of paths) assert.equal((await post(path)).status, 303);
    for (const operation of ["topology", "health", "audit", "flags"]) {
      const asked = await fetch(`${shop.url}/api/v1/operations/${operation}`);
      await problemIn(asked, 401, "request.unauthenticated");
    }
    assert.equal(await isOn(), true);
  });

  test("a buyer and a merchant are told that it is not for them", async () => {
    for (const { token } of [await buyer(shop), await merchant(shop)]) {
      const answer = await consoleOf(shop, token);
      assert.equal(answer.status, 403);
      const page = await answer.text();
      assert.match(page, /for operators/);
      assert.doesNotMatch(page, /data-panel|storey-map/);
      for (const path of paths) assert.equal((await post(path, token)).status, 403);
      for (const operation of ["topology", "health", "audit", "flags"]) {
        const headers = { authorization: `Bearer ${token}` };
        const asked = await fetch(`${shop.url}/api/v1/operations/${operation}`, { headers });
        await problemIn(asked, 403, "request.forbidden");
      }
    }
    assert.equal(await isOn(), true);
  });

  test("an operator sees it, whole, and nobody keeps a copy", async () => {
    const answer = await consoleOf(shop, operator.token);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("cache-control"), "private, no-store");
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.match(policy, /script-src 'self'/);
    assert.doesNotMatch(policy, /unsafe/);
    const page = await answer.text();
    assert.doesNotMatch(page, / style="|<style| on\w+="|undefined|NaN|\[object/);
    assert.doesNotMatch(page, /<script(?![^>]*(?:src=|application\/json))/);
    assert.ok(!page.includes(operator.token), "the session's token stands in the page");
    assert.match(page, /data-component="database"[^>]* data-health="well"/);
  });

  test("another site's page turns nothing in an operator's name", async () => {
    const answer = await post(paths[0]!, operator.token, { origin: "https://elsewhere.example" });
    assert.equal(answer.status, 403);
    assert.equal(await isOn(), true);
  });

  test("a flag that does not exist, and a value that is none, are refused", async () => {
    const own = { origin: shop.url };
    assert.equal((await post("/console/flags/teleport", operator.token, own)).status, 404);
    const answer = await fetch(shop.url + paths[0], {
      method: "POST",
      body: new URLSearchParams({ on: "maybe" }),
      headers: { cookie: `session=${operator.token}`, ...own },
    });
    assert.equal(answer.status, 400);
  });
});

/** A supervisor of stage 4 that says what a test has it say. */
interface FakeSupervisor {
  readonly server: Server;
  readonly control: { host: string; port: number };
  ailing: string | undefined;
  asked: number;
}

async function openSupervisor(token: string): Promise<FakeSupervisor> {
  const startedMs = performance.now();
  const said: FakeSupervisor = {
    ailing: undefined,
    asked: 0,
    control: { host: "127.0.0.1", port: 0 },
    server: createServer((request, response) => {
      assert.equal(request.headers.authorization, `Bearer ${token}`);
      said.asked += 1;
      const seconds = (performance.now() - startedMs) / 1_000;
      const components = reverseProxy.components.map(({ name, kind, host }) => ({
        name,
        kind,
        host,
        version: "1.0",
        memoryBytes: 100_000_000,
        cpuMs: seconds * 250,
        ailment: name === said.ailing ? "does not answer" : null,
        metrics:
          kind === "application"
            ? { requests: seconds * 50, ordersPlaced: seconds * 2, eventsWaiting: 3 }
            : {},
      }));
      response.end(JSON.stringify({ components, alerts: said.ailing ? [alertOf(said.ailing)] : [] }));
    }),
  };
  await new Promise<void>((resolve) => said.server.listen(0, "127.0.0.1", resolve));
  said.control.port = (said.server.address() as AddressInfo).port;
  return said;
}

const alertOf = (component: string) => ({
  rule: "redis_down",
  severity: "warning",
  labels: { component },
  since: "2026-01-01T00:00:00.000Z",
  summary: `${component} does not answer.`,
  next: "Read what it said last.",
});

describe("the console in a browser", { skip: noBrowser }, () => {
  let shop: TestShop;
  let operator: Person;
  let supervisor: FakeSupervisor;
  before(async () => {
    supervisor = await openSupervisor("test-only-supervisor");
    const place = { instance: "shop", topology: reverseProxy, process: "app-1", version: "1.0" };
    shop = await openShop({
      place: { ...place, control: supervisor.control },
      logTo: { write: () => undefined },
    });
    await categories(shop);
    operator = await operatorOf(shop);
  });
  after(async () => {
    await shop?.close();
    supervisor?.server.closeAllConnections();
    supervisor?.server.close();
  });

  const openAs = async (width: Width, scripts = true) => {
    const context = await visit(await sharedBrowser(), width, scripts);
    await remember(context, shop.url, { session: operator.token });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const complaints = complaintsOf(page);
    await page.goto(`${shop.url}/console`);
    return { context, page, complaints };
  };
  const closing = async (context: BrowserContext, work: () => Promise<void>) => {
    try {
      await work();
    } finally {
      await context.close();
    }
  };
  const health = (page: Page, component: string) =>
    page.locator(`.storey-map .card[data-component="${component}"]:visible`).getAttribute("data-health");

  for (const width of widths)
    for (const colorScheme of ["light", "dark"] as const)
      test(`stands whole at ${width} px, ${colorScheme}: nothing complains, nothing sticks out`, async () => {
        const { context, page, complaints } = await openAs(width);
        await closing(context, async () => {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          await page.locator('[data-contact="live"]').waitFor();
          assert.deepEqual(complaints, []);
          assert.equal(await sidewaysOf(page), 0);
          assert.deepEqual(await findingsOf(page), []);
          if (width === 390) assert.deepEqual(await smallTargetsOf(page), []);
          assert.equal(await page.locator(".storey-map:visible").count(), 1);
          assert.equal(
            await page.locator(".storey-map:visible .card").count(),
            reverseProxy.components.length,
          );
          assert.ok((await besideTower(page)) >= 8, "a stage's name runs into the tower");
        });
      });

  /** Pixels between the tower and the longest name that one of the fifteen stages has. */
  const besideTower = async (page: Page): Promise<number> => {
    const map = page.locator(".storey-map:visible");
    await map.locator(".title").evaluate((title) => {
      title.textContent = "Search and analytics";
    });
    const [title, tower] = [
      await map.locator(".title").boundingBox(),
      await map.locator(".tower").boundingBox(),
    ];
    return (tower?.x ?? 0) - (title?.x ?? 0) - (title?.width ?? 0);
  };

  test("shows the sum of all applications, and says within seconds when something is unwell", async () => {
    const { context, page, complaints } = await openAs(1440);
    await closing(context, async () => {
      const requests = page.locator(".tile .big").first();
      // Two applications of 50 a second.
      await until(async () => Math.abs(Number(await wordsOf(requests)) - 100) < 15);
      assert.equal(await health(page, "redis"), "well");
      supervisor.ailing = "redis";
      await until(async () => (await health(page, "redis")) === "unwell", 6_000);
      assert.match(await wordsOf(page.locator(".state")), /Redis is unwell/);
      assert.match(await wordsOf(page.locator('[data-panel="alerts"]')), /redis does not answer/);
      supervisor.ailing = undefined;
      await until(async () => (await health(page, "redis")) === "well", 6_000);
      assert.deepEqual(complaints, []);
    });
  });

  test("turns a flag without leaving the page, by the keyboard too", async () => {
    const { context, page, complaints } = await openAs(390);
    await closing(context, async () => {
      const flag = page.getByRole("switch", { name: "Suggestions" });
      assert.equal(await flag.getAttribute("aria-checked"), "true");
      await flag.focus();
      await page.keyboard.press("Space");
      await page.locator('#flag-suggestions[aria-checked="false"]').waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.id), "flag-suggestions");
      const states = expectDone(await operator.api.operations.flags({})).items;
      assert.equal(states.find(({ name }) => name === "suggestions")?.on, false);
      // Another hand turns it back: the page follows.
      expectDone(await operator.api.operations.setFlag({ name: "suggestions", on: true }));
      await page.locator('#flag-suggestions[aria-checked="true"]').waitFor();
      assert.deepEqual(complaints, []);
    });
  });

  test("audits at the press of a button, and shows what was logged with its request", async () => {
    const seller = await merchant(shop);
    const sku = (await sell(shop, seller)).skus[0]!.id;
    expectDone(await order(await buyer(shop), [{ sku, quantity: 1 }]));
    const { context, page } = await openAs(1440);
    await closing(context, async () => {
      assert.match(await wordsOf(page.locator('[data-panel="audit"]')), /Not audited yet/);
      await page.getByRole("button", { name: "Audit now" }).click();
      await page.getByText("Every invariant holds").waitFor();
      await shop.db.admin("alter schema search rename to lost");
      try {
        const failed = await fetch(`${shop.url}/api/v1/products`);
        assert.equal(failed.status, 500);
        const trace = failed.headers.get("x-request-id") ?? "";
        await page.locator('[data-panel="errors"] code', { hasText: trace }).first().waitFor();
      } finally {
        await shop.db.admin("alter schema lost rename to search");
      }
    });
  });

  test("says so when nobody answers, and goes on by itself", async () => {
    const { context, page } = await openAs(1440);
    await closing(context, async () => {
      await page.locator('[data-contact="live"]').waitFor();
      await context.setOffline(true);
      await page.locator('[data-contact="lost"]').waitFor();
      await context.setOffline(false);
      await page.locator('[data-contact="live"]').waitFor();
    });
  });

  test("is a snapshot without scripts, whose switches and button work", async () => {
    const { context, page } = await openAs(390, false);
    await closing(context, async () => {
      assert.equal(await health(page, "app-1"), "well");
      assert.match(await wordsOf(page.locator(".contact .still")), /as of/);
      assert.notEqual(await wordsOf(page.locator(".tile .big").first()), "–");
      await page.getByRole("switch", { name: "Related products" }).click();
      await page.locator('#flag-relatedProducts[aria-checked="false"]').waitFor();
      await page.getByRole("switch", { name: "Related products" }).click();
      await page.locator('#flag-relatedProducts[aria-checked="true"]').waitFor();
      await page.getByRole("button", { name: "Audit now" }).click();
      await page.getByText("Every invariant holds").waitFor();
    });
  });

  test("shows its own view where the supervisor is gone", async () => {
    supervisor.server.closeAllConnections();
    await new Promise((resolve) => supervisor.server.close(resolve));
    const { context, page } = await openAs(1440);
    await closing(context, async () => {
      await until(async () => (await health(page, "redis")) === "unknown", 8_000);
      assert.equal(await health(page, "app-1"), "well");
      assert.match(await wordsOf(page.locator(".state")), /The supervisor does not answer/);
    });
  });
});
