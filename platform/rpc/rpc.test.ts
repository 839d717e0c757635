import assert from "node:assert/strict";
import { connect, createServer, type Server, type Socket } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { Type } from "typebox";
import { type Context, newContext } from "#kernel/context";
import { type Door, door } from "#kernel/door";
import { Fault, refuse } from "#kernel/refusal";
import type { Wire } from "./api.ts";
import { doorOver } from "./call.ts";
import { type Listening, listenForCalls } from "./drivers/http-listen.ts";
import { openHttpWire } from "./drivers/http-wire.ts";
import { openHost } from "./serve.ts";

const common = { who: ["anyone"], input: Type.Object({}), output: Type.Integer(), refusals: [] } as const;
const probe = door({
  name: "probe",
  refusals: { "probe.no": [409, "No"] },
  events: {},
  operations: {
    echo: { ...common, kind: "query", retriable: true, summary: "", input: Type.Any(), output: Type.Any() },
    context: { ...common, kind: "query", retriable: true, summary: "", output: Type.Any() },
    refuse: { ...common, kind: "query", retriable: true, summary: "", refusals: ["probe.no"] },
    fail: {
      ...common,
      kind: "command",
      retriable: true,
      summary: "",
      input: Type.Object({ safe: Type.Boolean() }),
    },
    err: { ...common, kind: "query", retriable: true, summary: "" },
    add: {
      ...common,
      kind: "command",
      retriable: true,
      summary: "",
      input: Type.Object({ by: Type.Integer() }),
    },
    addOnce: { ...common, kind: "command", retriable: false, summary: "" },
    addByKey: { ...common, kind: "command", retriable: true, summary: "", idempotencyKey: "required" },
    wait: { ...common, kind: "command", retriable: true, summary: "" },
    look: { ...common, kind: "query", retriable: true, summary: "" },
  },
});

/** What came to pass behind the door. */
let count = 0;
let failures = 0;
const add = async (by = 1) => {
  count += by;
  return count;
};
const behind: Door<typeof probe> = {
  echo: async (_context, input) => input,
  context: async ({ readToken, ...context }) => ({ ...context, readToken: [...readToken] }),
  refuse: async () => refuse("probe.no", "Not now.", { left: 3 }),
  fail: async (context, { safe }) => {
    failures += 1;
    context.readToken.set("probe", "2");
    throw new Fault("probe.broke", "It broke.", { safeToRetry: safe });
  },
  err: () => Promise.reject(new TypeError("no such thing")),
  add: async (context, { by }) => {
    context.readToken.set("probe", String(count + by));
    return add(by);
  },
  addOnce: () => add(),
  addByKey: () => add(),
  wait: async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return add();
  },
  look: async () => count,
};

const asker = (withinMs = 2_000, key?: string): Context =>
  newContext({ deadline: Date.now() + withinMs, trace: "a trace", idempotencyKey: key });
const road = (wire: Wire) => ({ wire, later: (a: string, b: string) => (Number(a) > Number(b) ? a : b) });
const isFault = (code: string, safeToRetry: boolean) => (error: unknown) => {
  assert.ok(error instanceof Fault, String(error));
  assert.deepEqual([error.code, error.safeToRetry], [code, safeToRetry]);
  return true;
};

describe("a door over a wire", () => {
  let listening: Listening;
  let relay: Relay;
  let wire: Wire;
  let over: Door<typeof probe>;
  const logged: string[] = [];
  const host = openHost((message) => logged.push(message));
  host.serve(probe, behind);
  const listen = (port = 0) =>
    listenForCalls({ host: "127.0.0.1", port, secret: "a secret", answer: host.answer });
  before(async () => {
    listening = await listen();
    relay = await openRelay(Number(new URL(listening.url).port));
    wire = openHttpWire({ url: relay.url, secret: "a secret", connections: 4 });
    over = doorOver(probe, road(wire));
  });
  after(async () => {
    await wire.close();
    await relay.close();
    await listening.close();
  });
  beforeEach(() => {
    count = 0;
    failures = 0;
  });

  it("carries inputs, outputs and who asks", async () => {
    const input = { text: "\u0000 é 杯子 \u{1f375} \ud800", list: [1, -0.5, null, {}], __proto__x: "no" };
    assert.deepEqual(await over.echo(asker(), input), JSON.parse(JSON.stringify(input)));
    const caller = { kind: "guest", cartToken: "a token" } as const;
    const common = { caller, idempotencyKey: "k", client: "192.0.2.7", trace: "t" };
    const sent = newContext({ ...common, deadline: Date.now() + 5_000 });
    sent.readToken.set("order", "7");
    const { deadline, ...rest } = (await over.context(sent, {})) as Context;
    assert.deepEqual(rest, { ...common, readToken: [["order", "7"]] });
    assert.ok(Math.abs(deadline - sent.deadline) < 1_000);
  });

  it("returns refusals, throws faults that say whether it may have happened, and mistakes", async () => {
    const refusal = { refusal: "probe.no", message: "Not now.", detail: { left: 3 } };
    assert.deepEqual(await over.refuse(asker(), {}), refusal);
    await assert.rejects(over.fail(asker(), { safe: true }), isFault("probe.broke", true));
    await assert.rejects(over.fail(asker(), { safe: false }), isFault("probe.broke", false));
    assert.equal(failures, 2, "what the service said of itself is not asked again");
    await assert.rejects(over.err(asker(), {}), /probe\.err, in its service: no such thing/);
    assert.match(logged.at(-1) ?? "", /probe\.err broke, in request a trace/);
  });

  it("takes nothing that its schema does not", async () => {
    const wrong = { by: "1" } as unknown as { by: number };
    await assert.rejects(over.add(asker(), wrong), /does not fit: data\/input\/by must be integer/);
    const stranger = { ...asker(), caller: { kind: "king" } } as unknown as Context;
    await assert.rejects(over.look(stranger, {}), /does not fit: data\/context\/caller/);
    assert.equal(count, 0);
  });

  it("brings read tokens back, the farther of two, also from what failed", async () => {
    const context = asker();
    await over.add(context, { by: 1 });
    assert.equal(context.readToken.get("probe"), "1");
    const one = over.add(context, { by: 1 });
    const other = over.add(context, { by: 1 });
    await Promise.all([other, one]);
    assert.equal(context.readToken.get("probe"), "3");
    const failing = asker();
    await assert.rejects(over.fail(failing, { safe: false }));
    assert.equal(failing.readToken.get("probe"), "2");
  });

  it("lets nobody in without the secret", async () => {
    for (const secret of ["", "a secre", "a secret "]) {
      const strange = openHttpWire({ url: listening.url, secret, connections: 1 });
      // A header ends without its blanks: the last of them is the secret itself.
      const call = doorOver(probe, road(strange)).add(asker(), { by: 1 });
      if (secret.trim() === "a secret") assert.equal(await call, 1);
      else await assert.rejects(call, /401 only services of this instance may call/);
      await strange.close();
    }
    assert.equal(count, 1);
  });

  it("keeps deadlines on both sides", async () => {
    await assert.rejects(over.add(asker(-1), { by: 1 }), isFault("rpc.too_late", true));
    const began = performance.now();
    await assert.rejects(over.wait(asker(50), {}), isFault("rpc.too_late", false));
    assert.ok(performance.now() - began < 280, "the caller waits no longer than it may");
    const call = (leftMs: number) =>
      host.answer(
        "probe",
        "wait",
        JSON.stringify({
          context: { caller: { kind: "anonymous" }, leftMs, readToken: {}, trace: "" },
          input: {},
        }),
      );
    assert.match(await call(0), /"rpc\.too_late".*"safeToRetry":true/);
    assert.match(await call(20), /"rpc\.too_late".*"safeToRetry":false/);
    const patient = newContext({ deadline: Number.POSITIVE_INFINITY, trace: "" });
    assert.equal(typeof (await over.look(patient, {})), "number");
  });

  it("repeats what may be repeated when the answer is lost, and nothing else", async () => {
    relay.loseAnswers(1);
    assert.equal(await over.look(asker(), {}), 0);
    relay.loseAnswers(1);
    assert.equal(await over.add(asker(), { by: 1 }), 2, "carried out twice");
    relay.loseAnswers(1);
    await assert.rejects(over.addOnce(asker(), {}), isFault("rpc.unreachable", false));
    assert.equal(count, 3);
    relay.loseAnswers(1);
    await assert.rejects(over.addByKey(asker(), {}), isFault("rpc.unreachable", false));
    assert.equal(count, 4);
    relay.loseAnswers(1);
    assert.equal(await over.addByKey(asker(2_000, "key"), {}), 6);
  });

  it("does not take back that it may have happened", async () => {
    relay.loseAnswers(1);
    await assert.rejects(over.fail(asker(), { safe: true }), isFault("probe.broke", false));
    assert.equal(failures, 2);
    relay.loseAnswers(99);
    await assert.rejects(over.add(asker(), { by: 1 }), isFault("rpc.unreachable", false));
    await assert.rejects(over.look(asker(), {}), isFault("rpc.unreachable", true));
    relay.loseAnswers(0);
  });

  it("repeats everything while nobody is there, until somebody is", async () => {
    const { port } = new URL(listening.url);
    const direct = openHttpWire({ url: listening.url, secret: "a secret", connections: 1 });
    const calls = doorOver(probe, road(direct));
    assert.equal(await calls.addOnce(asker(), {}), 1);
    await listening.close();
    await assert.rejects(calls.addOnce(asker(), {}), isFault("rpc.unreachable", true));
    await assert.rejects(calls.addOnce(asker(20), {}), isFault("rpc.unreachable", true));
    const [outcome] = await Promise.all([
      calls.addOnce(asker(), {}),
      listen(Number(port)).then((again) => {
        listening = again;
      }),
    ]);
    assert.equal(outcome, 2);
    await direct.close();
  });
});

interface Relay {
  readonly url: string;
  /** Of so many answers from now on nothing arrives: their connection breaks instead. */
  loseAnswers(howMany: number): void;
  close(): Promise<void>;
}

/** Stands between the two ends of a wire. */
async function openRelay(port: number): Promise<Relay> {
  let lost = 0;
  const sockets = new Set<Socket>();
  const relay: Server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on("data", (bytes) => far.write(bytes));
    far.on("data", (bytes) => {
      if (lost === 0) return near.write(bytes);
      lost -= 1;
      return near.destroy();
    });
  });
  await new Promise<void>((done) => relay.listen(0, "127.0.0.1", done));
  const address = relay.address();
  assert.ok(address && typeof address === "object");
  return {
    url: `http://127.0.0.1:${address.port}`,
    loseAnswers: (howMany) => {
      lost = howMany;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => relay.close(done));
    },
  };
}
