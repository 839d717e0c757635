import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, describe, test } from "node:test";
import { openProviders } from "#domains/payment/module";
import { assertConserved, begin, stateOf, told } from "#tests/support/payments";
import { openPaymentWorld, type PaymentWorld } from "#tests/support/sandbox";

let world: PaymentWorld;
const due = async () =>
  (await world.test.admin("select tries from sandbox.callback")).map(({ tries }) => tries);

/** A shop that answers what it is told to, and remembers what it heard. */
async function openShop(answers: number[]) {
  const signatures: string[] = [];
  const server = createServer((asked, answer) => {
    signatures.push(String(asked.headers["sandbox-signature"]));
    asked.resume().once("end", () => {
      answer.statusCode = answers.shift() ?? 200;
      answer.end();
      server.emit("heard");
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    signatures,
    /** Ends when it has heard once more. */
    next: () => once(server, "heard", { signal: AbortSignal.timeout(10_000) }),
    close: () => server.close(),
  };
}

describe("callbacks", () => {
  before(async () => {
    world = await openPaymentWorld();
  });
  after(() => world.close());

  test("go out again, ever later and signed anew, until the shop says 2xx", async () => {
    const shop = await openShop([500, 404, 302, 204]);
    try {
      await world.stopSandbox();
      await world.startSandbox({ callbackUrl: shop.url });
      const { payment } = await begin(world, [10]);
      const first = shop.next();
      await world.choose(payment.redirectUrl, "pay");
      await first;
      for (const restMs of [4_000, 8_000, 16_000]) {
        await world.stopSandbox();
        // A millisecond before its time it stays; then it goes.
        world.clock.forward(restMs - 1_000);
        await world.startSandbox({ callbackUrl: shop.url });
        await world.stopSandbox();
        const next = shop.next();
        world.clock.forward(1_001);
        await world.startSandbox({ callbackUrl: shop.url });
        await next;
      }
      await world.stopSandbox();
      assert.equal(shop.signatures.length, 4);
      assert.equal(new Set(shop.signatures).size, 4);
      assert.deepEqual(await due(), []);
    } finally {
      shop.close();
    }
  });

  test("end after three days for a shop that never answers", async () => {
    const shop = await openShop(Array(10).fill(500));
    try {
      await world.startSandbox({ callbackUrl: shop.url });
      const { payment } = await begin(world, [10]);
      const first = shop.next();
      await world.choose(payment.redirectUrl, "pay");
      await first;
      await world.stopSandbox();
      assert.deepEqual(await due(), [1]);
      world.clock.forward(3 * 24 * 3_600_000);
      const last = shop.next();
      await world.startSandbox({ callbackUrl: shop.url });
      await last;
      await world.stopSandbox();
      assert.deepEqual(await due(), []);
    } finally {
      shop.close();
    }
  });
});

describe("a sandbox that is killed", () => {
  const children: ChildProcess[] = [];
  before(async () => {
    world = await openPaymentWorld();
    await world.stopSandbox();
  });
  after(() => world.close());
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await assertConserved(world);
  });

  /** Starts a sandbox in a process of its own. */
  async function start(usual: readonly [number, number]): Promise<{ child: ChildProcess; url: string }> {
    const { server, name } = world.test;
    const { host, port } = server;
    const settings = { host, port, database: name, key: world.key, callbackUrl: world.callbackUrl, usual };
    const program = join(import.meta.dirname, "../../tests/support/run-sandbox.ts");
    const child = spawn(process.execPath, [program, JSON.stringify(settings)], {
      stdio: ["ignore", "pipe", 2],
    });
    children.push(child);
    const [line] = await once(createInterface({ input: child.stdout! }), "line", {
      signal: AbortSignal.timeout(10_000),
    });
    return { child, url: `${line}/sandbox` };
  }
  async function kill9(child: ChildProcess): Promise<void> {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  test("between a charge and its callback tells the shop when it is back", async () => {
    const killed = await start([60_000, 60_000]);
    const begun = await begin(world, [1_234]);
    const { search } = new URL(begun.payment.redirectUrl);
    await world.choose(`${killed.url}/pay${search}`, "pay");
    await kill9(killed.child);
    assert.equal(world.heard.length, 0);
    await world.test.admin("update sandbox.callback set due_at = now()");
    await start([0, 0]);
    await world.heardAtLeast(1);
    assert.equal(await stateOf(world, begun), "captured");
    assert.deepEqual(await told(world, begun.payment.id), ["started", "captured"]);
  });

  test("in the middle of many choices loses none that was answered, and charges none twice", async () => {
    const { child, url } = await start([0, 30]);
    const all = await Promise.all(Array.from({ length: 24 }, (_, i) => begin(world, [100 + i])));
    const acknowledged: string[] = [];
    const waiting = [...all];
    /** Pays one after the other until nobody answers any more. */
    const buyer = async () => {
      for (let begun = waiting.pop(); begun; begun = waiting.pop()) {
        const { id, redirectUrl } = begun.payment;
        await world.choose(`${url}/pay${new URL(redirectUrl).search}`, "pay");
        acknowledged.push(id);
        if (acknowledged.length === 8) child.kill("SIGKILL");
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: 4 }, buyer));
    assert.ok(
      ends.every(({ status }) => status === "rejected"),
      "every buyer was in the middle of a choice",
    );
    const { url: again } = await start([0, 0]);
    const { sandbox } = openProviders({
      sandbox: { key: world.key, pageUrl: "", apiUrl: again, clock: world.clock },
    });
    for (const id of acknowledged) assert.equal((await sandbox?.status(id))?.state, "captured");
    // What was in hand when it was killed rests four seconds.
    await world.test.admin("update sandbox.callback set due_at = now()");
    const [{ n } = {}] = await world.test.admin("select count(*)::int as n from sandbox.charge");
    while (new Set(world.heard.map(({ raw }) => JSON.parse(raw).reference)).size < Number(n)) {
      await world.heardAtLeast(world.heard.length + 1);
    }
    for (const begun of all) {
      if (acknowledged.includes(begun.payment.id)) {
        assert.deepEqual(await told(world, begun.payment.id), ["started", "captured"]);
      }
    }
  });
});
