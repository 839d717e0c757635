import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { request } from "undici";
import { type SandboxSettings, sandbox } from "#apps/sandbox/sandbox";
import { type PaymentDoor, paymentDoor } from "#domains/payment/api";
import { openProviders, paymentModule } from "#domains/payment/module";
import type { Clock } from "#kernel/clock";
import { newContext } from "#kernel/context";
import { isRefusal } from "#kernel/refusal";
import { openTestDatabase, type TestDatabase } from "./database.ts";

/** The machine's time, which a test may push forward. */
export interface PushedClock extends Clock {
  forward(ms: number): void;
}

export function pushedClock(): PushedClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    forward: (ms) => {
      ahead += ms;
    },
  };
}

/** A callback that arrived at the shop, and what it was answered. */
export interface Heard {
  readonly raw: string;
  readonly signature: string;
  readonly status: number;
}

/** A shop that only takes payments, and a sandbox, each behind its own port, over one test database. */
export interface PaymentWorld {
  readonly test: TestDatabase;
  readonly clock: PushedClock;
  readonly payment: ReturnType<typeof paymentModule>;
  readonly key: string;
  readonly callbackUrl: string;
  readonly heard: readonly Heard[];
  /** What payment logged. */
  readonly logged: readonly string[];
  /** What payment counted. */
  readonly counted: ReadonlyMap<string, number>;
  /** The address of the sandbox, up to and with /sandbox. */
  readonly sandboxUrl: string;
  /** Ends when so many callbacks have been answered in all. */
  heardAtLeast(count: number): Promise<void>;
  /** Starts the sandbox on the port it had, once the one that runs is stopped. */
  startSandbox(settings?: Partial<SandboxSettings>): Promise<void>;
  stopSandbox(): Promise<void>;
  /** Does what a buyer's browser does on the sandbox's page; returns where it is sent then. */
  choose(redirectUrl: string, choice: string): Promise<string>;
  job(name: string): Promise<void>;
  close(): Promise<void>;
}

const fast = { usual: [0, 20], late: 60_000, doubledPercent: 0 } as const;

/** Opens one. Close it whatever happens. */
export async function openPaymentWorld(): Promise<PaymentWorld> {
  const test = await openTestDatabase();
  const clock = pushedClock();
  const key = "test-only-key";
  const logged: string[] = [];
  const counted = new Map<string, number>();
  let payment: ReturnType<typeof paymentModule> | undefined;
  const shop = await openShop(clock, () => payment?.door);
  const { callbackUrl, heard, heardAtLeast } = shop;
  const { startSandbox, stopSandbox, address } = sandboxOn({
    store: test.database.store("sandbox"),
    clock,
    key,
    callbackUrl,
  });
  await startSandbox();
  const sandboxUrl = `${address()}/sandbox`;

  payment = paymentModule({
    store: test.database.store("payment"),
    clock,
    providers: openProviders({ sandbox: { key, pageUrl: sandboxUrl, apiUrl: sandboxUrl, clock } }),
    told: () => undefined,
    counted: (what, howMany) => counted.set(what, (counted.get(what) ?? 0) + howMany),
    log: (message) => logged.push(message),
  });
  const { jobs } = payment;

  return {
    test,
    clock,
    payment,
    key,
    callbackUrl,
    heard,
    logged,
    counted,
    sandboxUrl,
    heardAtLeast,
    startSandbox,
    stopSandbox,
    choose,
    job: async (name) => {
      const job = jobs.find((each) => each.name === name);
      assert.ok(job, `there is no job ${name}`);
      await job.run();
    },
    close: async () => {
      await stopSandbox();
      await shop.close();
      await test.close();
    },
  };
}

/** Where the sandbox calls back; hands every callback to payment's door and remembers it. */
async function openShop(clock: Clock, door: () => PaymentDoor | undefined) {
  const heard: Heard[] = [];
  const hearing = new EventEmitter();
  const shop = fastify();
  shop.removeAllContentTypeParsers();
  shop.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  shop.post<{ Params: { provider: string } }>("/callbacks/:provider", async (asked, reply) => {
    const raw = String(asked.body);
    const signature = String(asked.headers["sandbox-signature"]);
    const context = newContext({ deadline: clock.now() + 10_000, trace: "callback" });
    const outcome = await door()?.callback(context, { provider: asked.params.provider, raw, signature });
    const code = isRefusal(outcome) ? outcome.refusal : undefined;
    const status = code ? (paymentDoor.refusals[code as "payment.not_found"]?.[0] ?? 500) : 200;
    reply.raw.once("finish", () => {
      heard.push({ raw, signature, status });
      hearing.emit("heard");
    });
    return reply.code(status).send(outcome);
  });
  const url = await shop.listen({ host: "127.0.0.1", port: 0 });
  return {
    callbackUrl: `${url}/callbacks/sandbox`,
    heard,
    heardAtLeast: async (count: number) => {
      while (heard.length < count) await once(hearing, "heard", { signal: AbortSignal.timeout(10_000) });
    },
    close: () => shop.close(),
  };
}

/** One sandbox at a time, always on the port it had first. */
function sandboxOn(usual: Omit<SandboxSettings, "log">) {
  let app: FastifyInstance | undefined;
  let port = 0;
  const stopSandbox = async () => {
    await app?.close();
    app = undefined;
  };
  const startSandbox = async (settings: Partial<SandboxSettings> = {}) => {
    await stopSandbox();
    app = fastify();
    await app.register(sandbox({ ...usual, delaysMs: fast, log: () => undefined, ...settings }));
    await app.listen({ host: "127.0.0.1", port });
    port = (app.server.address() as AddressInfo).port;
  };
  return { startSandbox, stopSandbox, address: () => `http://127.0.0.1:${port}` };
}

async function choose(redirectUrl: string, choice: string): Promise<string> {
  const page = await request(redirectUrl);
  const text = await page.body.text();
  assert.equal(page.statusCode, 200, text);
  const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1] ?? "";
  const fields = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
  const form = new URLSearchParams();
  for (const [, name = "", value = ""] of fields) form.set(name, unescaped(value));
  form.set("choice", choice);
  const answer = await request(new URL(action, redirectUrl), {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
  assert.equal(answer.statusCode, 303, await answer.body.text());
  return String(answer.headers.location);
}

const unescaped = (text: string) =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
