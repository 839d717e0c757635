import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { request } from "undici";
import { ofKind, type ReverseProxy } from "#topology/model";
import { driverOf } from "./drivers.ts";
import { files } from "./files/files.ts";
import type { Need } from "./packages.ts";
import { whyMissing } from "./program.ts";
import { ask, load, type Outcome, openProxyStage, type ProxyStage, proxyTopology } from "./proxy-stage.ts";
import { secured } from "./proxy-tls.conformance.ts";
import { makePem, whyNoCertificates } from "./scratch-certificate.ts";

type Check = (stage: ProxyStage) => Promise<void>;

const times = <T>(count: number, one: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => one(index)));

const failed = (outcomes: readonly Outcome[]) => outcomes.filter(({ status }) => status !== 200);

/** Waits until `isSo`; fails after 10 s. */
async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = performance.now() + 10_000; !(await isSo()); await pause(10)) {
    assert.ok(performance.now() < deadline, `${what} did not come about within 10 s`);
  }
}

/** Who answers how many of some requests. */
async function servers(stage: ProxyStage, count = 40): Promise<Record<string, number>> {
  const served: Record<string, number> = {};
  for (const { headers } of await times(count, () => ask(stage.client, "/who"))) {
    const name = String(headers["x-served-by"]);
    served[name] = (served[name] ?? 0) + 1;
  }
  return served;
}

const passing: Record<string, Check> = {
  "requests are balanced, over connections that are used again": async (stage) => {
    const started = performance.now();
    const shares = Object.values(await servers(stage, 200));
    assert.ok(shares.length === 2 && shares.every((each) => each >= 60), shares.join());
    for (let i = 0; i < 100; i += 1) await ask(stage.client, "/who");
    const { connections } = JSON.parse((await ask(stage.client, "/who")).text);
    // HAProxy asks twice a second how an application is, each time over a connection of its own.
    const checks = Math.ceil((performance.now() - started) / 500);
    assert.ok(connections <= 40 + checks, `${connections} connections for 150 requests, ${checks} checks`);
  },

  "who asks is said by the proxy, whatever the client says": async (stage) => {
    const forged = {
      "x-forwarded-for": "6.6.6.6, 7.7.7.7",
      "x-forwarded-proto": "gopher",
      "x-forwarded-host": "evil.test",
      "x-real-ip": "6.6.6.6",
      forwarded: "for=6.6.6.6",
      "x-request-id": "forged",
      host: "shop.test:8080",
      cookie: "session=abc",
    };
    const answer = await ask(stage.client, "/who", { headers: forged });
    const { headers } = JSON.parse(answer.text);
    assert.equal(headers["x-forwarded-for"], "127.0.0.1");
    assert.equal(headers["x-forwarded-proto"], stage.isTls ? "https" : "http");
    for (const name of ["x-forwarded-host", "x-real-ip", "forwarded"])
      assert.equal(headers[name], undefined, name);
    assert.match(headers["x-request-id"], /^[0-9a-f-]{32,36}$/);
    assert.equal(answer.headers["x-request-id"], headers["x-request-id"]);
    assert.deepEqual([headers["host"], headers["cookie"]], ["shop.test:8080", "session=abc"]);
  },

  "what the applications measure is nobody's outside": async (stage) => {
    const paths = ["/metrics", "/alerts", "/metrics/", "//alerts", "/%6detrics", "/metrics?a=b"];
    for (const path of paths) {
      const { status, text } = await ask(stage.client, path);
      assert.equal(status, 404, path);
      assert.match(text, /"code":"request.not_found"/);
    }
    assert.deepEqual(stage.seen(), []);
    assert.equal((await ask(stage.client, "/metrics-of-cups")).status, 200);
  },

  "what is large is sent compressed to who takes that": async (stage) => {
    const asking = { headers: { "accept-encoding": "gzip", cookie: "a=b" } };
    assert.equal((await ask(stage.client, "/large", asking)).headers["content-encoding"], "gzip");
    assert.equal((await ask(stage.client, "/large")).headers["content-encoding"], undefined);
  },

  "it says how it is": async (stage) => {
    await servers(stage, 10);
    assert.equal(await stage.running.ailment(), undefined);
    const { requests = 0, connections = 0 } = await stage.running.metrics();
    assert.ok(requests >= 10 && connections >= 1, `${requests} requests, ${connections} connections`);
    assert.match(stage.running.version, /^\d+\.\d+/);
    assert.equal((await ask(stage.client, "/healthz")).headers["x-served-by"], undefined);
  },
};

const limits: Record<string, Check> = {
  "a client that does not come to the end of its headers is cut off": async (stage) => {
    const socket = await stage.connect();
    const drip = setInterval(() => socket.write("X"), 300);
    const before = performance.now();
    try {
      socket.write("GET /slow-headers HTTP/1.1\r\nHost: shop.test\r\n");
      socket.on("error", () => undefined).resume();
      await new Promise((resolve) => socket.once("close", resolve));
    } finally {
      clearInterval(drip);
      socket.destroy();
    }
    const took = performance.now() - before;
    assert.ok(took > 3_000 && took < 8_000, `cut off after ${took} ms`);
    assert.deepEqual(
      stage.seen().filter((line) => line.includes("slow-headers")),
      [],
    );
  },

  "a body or a header that is too large is refused and reaches nobody": async (stage) => {
    const socket = await stage.connect();
    socket.on("error", () => undefined);
    socket.write("POST /too-large HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 50000000\r\n\r\n");
    const said = await new Promise<string>((resolve) =>
      socket.once("data", (chunk) => resolve(String(chunk))),
    );
    socket.destroy();
    assert.match(said, /^HTTP\/1.1 413 /);
    assert.match(said, /"code":"request.too_large"/);
    const headers = { cookie: "x".repeat(60_000) };
    const { status } = await ask(stage.client, "/too-large", { headers });
    assert.ok(status >= 400 && status < 500, `${status}`);
    assert.deepEqual(
      stage.seen().filter((line) => line.includes("too-large")),
      [],
    );
  },

  "one address does not take every connection": async (stage) => {
    const sockets: Socket[] = [];
    try {
      const answers = Array.from({ length: 700 }, async () => {
        const socket = await stage.connect();
        sockets.push(socket);
        socket.write("GET /hang HTTP/1.1\r\nHost: shop.test\r\n\r\n");
        return new Promise<string>((resolve) => socket.once("data", (chunk) => resolve(String(chunk))));
      });
      assert.match(await Promise.race(answers), /^HTTP\/1.1 429 /);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  },
};

const repeats: Record<string, Check> = {
  "what was sent and may change something is never sent twice": async (stage) => {
    for (const [path, method] of [
      ["/break", "POST"],
      ["/break", "PATCH"],
      ["/busy", "POST"],
    ] as const) {
      // Where no answer came from it, HAProxy closes a connection that was used before, without a word.
      const closed = { status: 502 };
      const answers = await times(8, (i) =>
        ask(stage.client, `${path}?n=${i}`, { method, body: "x=1" }).catch(() => closed),
      );
      const expected = path === "/busy" ? 503 : 502;
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [expected], `${method} ${path}`);
      const seen = stage.seen().filter((line) => line.includes(` ${method} ${path}`));
      assert.equal(seen.length, 8, `${method} ${path} was sent ${seen.length} times`);
      assert.equal(new Set(seen.map((line) => line.split(" ")[2])).size, 8);
    }
  },

  "a read that one application breaks or is too busy for is answered by another": async (stage) => {
    for (const path of ["/break", "/busy"]) {
      await until(async () => (await servers(stage, 4))["app-1"] !== undefined, "requests for app-1");
      const answers = await times(40, (i) => ask(stage.client, `${path}?on=app-1&n=${i}`));
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200], path);
      assert.ok(
        stage.seen().some((line) => line.startsWith(`app-1 GET ${path}`)),
        "app-1 was asked",
      );
    }
  },

  "nobody there is said in the words of the shop": async (stage) => {
    await Promise.all(stage.upstreams.map((each) => each.kill("SIGKILL")));
    const { status, text, headers } = await ask(stage.client, "/api/v1/cart", { headers: { cookie: "a=b" } });
    assert.ok(status === 502 || status === 503, `${status}`);
    assert.match(String(headers["content-type"]), /^application\/problem\+json/);
    assert.match(text, /"code":"request\.(?:failed|overloaded)"/);
    const isForPeople = async () => {
      const page = await ask(stage.client, "/", { headers: { accept: "text/html", cookie: "a=b" } });
      return String(page.headers["content-type"]).startsWith("text/html");
    };
    await until(isForPeople, "a page for people");
  },
};

const deaths: Record<string, Check> = {
  "a dead application costs no request, and is asked again when it is back": async (stage) => {
    await stage.upstreams[0]?.kill("SIGKILL");
    const reads = await times(100, (i) => ask(stage.client, `/who?n=${i}`));
    const writes = await times(100, (i) => ask(stage.client, `/who?n=${i}`, { method: "POST", body: "x=1" }));
    const puts = await times(40, (i) => ask(stage.client, `/who?n=${i}`, { method: "PUT", body: "x=1" }));
    assert.deepEqual([...new Set([...reads, ...writes, ...puts].map(({ status }) => status))], [200]);
    await stage.startUpstream("app-1");
    await until(async () => (await servers(stage, 20))["app-1"] !== undefined, "its return");
  },

  "kill -9 under load loses no read, and no write but those it had": async (stage) => {
    const [victim] = stage.upstreams;
    const way = load(stage.client, 16, (n) =>
      n % 4 === 0
        ? { path: `/slow?ms=15&n=${n}`, method: "POST" }
        : { path: `/slow?ms=15&n=${n}`, method: "GET" },
    );
    await until(() => way.count() > 200, "load");
    await victim?.kill("SIGKILL");
    const atKill = way.count();
    await until(() => way.count() > atKill + 400, "load after the kill");
    const outcomes = await way.stop();
    const lost = failed(outcomes);
    assert.deepEqual(
      lost.filter(({ method }) => method === "GET"),
      [],
      "reads that failed",
    );
    assert.ok(lost.length <= 16, `${lost.length} writes failed`);
    const seen = stage.seen().filter((line) => line.includes(" POST "));
    const numbers = seen.map((line) => line.split(" ")[2]);
    assert.equal(new Set(numbers).size, numbers.length, "a write was sent twice");
    // One that failed was with the dead process: nobody else has seen it.
    for (const each of lost) {
      assert.ok(!seen.includes(`app-2 POST ${each.path}`), `app-2 had ${JSON.stringify(each)}`);
    }
  },

  "an application that is left out, ends, and comes back costs no request": async (stage) => {
    const { leaveOut } = stage.running;
    assert.ok(leaveOut);
    const way = load(stage.client, 16, (n) =>
      n % 3 === 0
        ? { path: `/slow?ms=10&n=${n}`, method: "POST" }
        : { path: `/slow?ms=10&n=${n}`, method: "GET" },
    );
    for (const name of ["app-1", "app-2"]) {
      const before = way.count();
      await until(() => way.count() > before + 100, "load");
      await leaveOut(name);
      const [left, count] = [stage.seen().length, way.count()];
      await until(() => way.count() > count + 100, "load on the others");
      const late = stage
        .seen()
        .slice(left)
        .filter((line) => line.startsWith(`${name} `));
      assert.deepEqual(late, [], `${name} was asked after it was left out`);
      await stage.upstreams.findLast((each) => each.name === name)?.kill("SIGTERM");
      await stage.startUpstream(name);
      await leaveOut(undefined);
      const mark = stage.seen().length;
      const isBack = () =>
        stage
          .seen()
          .slice(mark)
          .some((line) => line.startsWith(`${name} `));
      await until(isBack, `the return of ${name}`);
    }
    const outcomes = await way.stop();
    assert.deepEqual(failed(outcomes), []);
    const writes = stage.seen().filter((line) => line.includes(" POST "));
    assert.equal(writes.length, outcomes.filter(({ method }) => method === "POST").length);
  },

  "nobody is left out who is alone or unknown": async (stage) => {
    await assert.rejects(async () => stage.running.leaveOut?.("app-9"), /nothing is sent to "app-9"/);
  },

  "a proxy that was killed is started in its own place, and one that runs takes other applications": async (
    stage,
  ) => {
    const { component, sites, running } = stage;
    const driver = driverOf(component);
    process.kill(running.process.pid, "SIGKILL");
    await until(async () => !(await sites.siteOf(component).host.probe(running.process.pid)), "its end");
    const second = await driver.start(component, sites.siteOf(component));
    assert.equal(second.adopted, false);
    assert.deepEqual(Object.keys(await servers(stage)).sort(), ["app-1", "app-2"]);
    await stage.startUpstream("app-3");
    const more = proxyTopology(component.kind, ["app-1", "app-2", "app-3"]);
    await driver.start(component, sites.siteOf(component, more));
    const isAsked = async () => Object.keys(await servers(stage).catch(() => ({}))).length === 3;
    await until(isAsked, "requests for the third");
  },
};

const kept: Record<string, Check> = {
  "a page that many ask for is made a few times, and nobody sees the old one for more than a second": async (
    stage,
  ) => {
    const way = load(stage.client, 8, () => ({ path: "/page", method: "GET" }));
    await until(() => way.count() > 1_000, "load");
    const rendered = stage.seen().filter((line) => line.endsWith(" /page")).length;
    assert.ok(rendered < way.count() / 5, `made ${rendered} times for ${way.count()} readers`);
    await until(async () => {
      const told = await times(8, () => ask(stage.client, "/price?now=11", { method: "POST", body: "x" }));
      return new Set(told.map(({ headers }) => headers["x-served-by"])).size === 2;
    }, "a change in both");
    await pause(1_000);
    const mark = way.count();
    await until(() => way.count() > mark + 100, "load");
    const outcomes = await way.stop();
    assert.deepEqual(failed(outcomes), []);
    assert.deepEqual([...new Set(outcomes.slice(mark + 8).map(({ text }) => text))], ["<p>11</p>"]);
  },

  "what is somebody's own is kept for nobody": async (stage) => {
    const personal: Record<string, string>[] = [
      { cookie: "session=a" },
      { cookie: "cart=b" },
      { authorization: "Bearer c" },
      { "cart-token": "d" },
    ];
    for (const headers of personal) {
      const before = stage.seen().length;
      for (let i = 0; i < 10; i += 1) await ask(stage.client, "/page", { headers });
      assert.equal(stage.seen().length - before, 10, JSON.stringify(headers));
    }
    for (const path of ["/own-page", "/setting-page", "/busy"]) {
      const before = stage.seen().length;
      for (let i = 0; i < 10; i += 1) await ask(stage.client, path);
      assert.ok(stage.seen().length - before >= 10, path);
    }
  },

  "uploads come from their own component, which nobody outside can write to": async (stage) => {
    const { sites, client } = stage;
    const [component] = ofKind(sites.topology, "files");
    assert.ok(component);
    const site = sites.siteOf(component);
    const server = await files.start(component, site);
    const path = `/files/${"0".repeat(64)}.svg`;
    assert.equal((await ask(client, path)).status, 404);
    const write = {
      method: "PUT",
      headers: { authorization: `Bearer ${site.secret("files")}` },
      body: "<svg/>",
    } as const;
    assert.equal((await ask(client, path, write)).status, 403);
    const { host, port } = site.endpoint("files");
    const { statusCode } = await request(`http://${host}:${port}${path}`, write);
    assert.equal(statusCode, 201);
    const { status, text, headers } = await ask(client, path, { headers: { cookie: "session=a" } });
    assert.deepEqual([status, text, headers["content-type"]], [200, "<svg/>", "image/svg+xml"]);
    assert.match(String(headers["content-security-policy"]), /sandbox/);
    await server.stop();
    assert.equal((await ask(client, path)).status, 200);
    assert.deepEqual(stage.seen(), []);
  },

  "what never changes is asked for once, and is there when nobody else is": async (stage) => {
    const names = new Set<unknown>();
    for (let i = 0; i < 20; i += 1) {
      const { headers } = await ask(stage.client, "/assets/app-1234.js");
      names.add(headers["x-request-id"]);
    }
    assert.equal(stage.seen().length, 1);
    assert.deepEqual([names.size, names.has(undefined)], [20, false], "each request has a name of its own");
    await Promise.all(stage.upstreams.map((each) => each.kill("SIGKILL")));
    const { status, text, headers } = await ask(stage.client, "/assets/app-1234.js");
    assert.deepEqual([status, text], [200, "x()"]);
    assert.match(String(headers["cache-control"]), /immutable/);
  },
};

/** What every proxy does: run it on the real server before real processes. */
export function conformsAsProxy(kind: ReverseProxy["kind"], need: Need): void {
  const skip = whyMissing(need);
  for (const [about, checks] of Object.entries({ passing, limits, repeats, deaths, kept })) {
    describe(`${kind} as a proxy: ${about}`, { skip }, () => {
      for (const [name, check] of Object.entries(checks))
        test(name, async () => {
          await using stage = await openProxyStage(kind);
          await check(stage);
        });
    });
  }
  const withoutTls = skip || whyNoCertificates();
  for (const [about, checks] of Object.entries({ secured, passing, limits, deaths, kept })) {
    describe(`${kind} as a proxy that ends TLS: ${about}`, { skip: withoutTls }, () => {
      for (const [name, check] of Object.entries(checks))
        test(name, async () => {
          await using stage = await openProxyStage(kind, undefined, { pem: makePem("shop.test") });
          await check(stage);
        });
    });
  }
}
