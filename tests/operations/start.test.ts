import assert from "node:assert/strict";
import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { openClient } from "#apps/client/client";
import { expectDone } from "#kernel/refusal";
import { treeOf } from "#lab/machine/processes";
import { type ShopProcess, startShop } from "#lab/scenarios/shop-process";
import { freePort } from "#lab/shop/free-port";
import { password } from "../support/people.ts";
import { until } from "../support/until.ts";

const checkout = join(import.meta.dirname, "../..");
const cli = join(checkout, "cli.ts");
const name = "tested";
/** On a machine whose processors are shared by many everything takes that much longer. */
const fairShare = () => Math.max(1, loadavg()[0]! / availableParallelism());

/** Whether it runs. What has ended and only waits to be collected by whoever is process 1 here does not. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch (error) {
    const isWithoutProc = (error as NodeJS.ErrnoException).code === "ENOENT" && !existsSync("/proc");
    return isWithoutProc;
  }
}

describe("a shop in a process of its own, in a path with spaces", () => {
  let scratch: string;
  let dataRoot: string;
  let running: ShopProcess | undefined;
  let port: number;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "storey start "));
    await chmod(scratch, 0o711);
    dataRoot = join(scratch, "my data");
    port = await freePort();
  });
  after(async () => {
    const database = await running?.databasePid().catch(() => undefined);
    await running?.kill9();
    if (database) process.kill(database, "SIGINT");
    if (database) await until(async () => !isThere(database));
    await rm(scratch, { recursive: true, force: true });
  });

  const start = async () => {
    running = await startShop({ dataRoot, name, port });
    return running;
  };
  const email = "stays@example.com";

  const up = (...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, [cli, "up", "--foreground", "--json", "--demo-products", "0", ...args], {
      cwd: scratch,
      encoding: "utf8",
      timeout: 60_000,
    });
  const refused = (ended: SpawnSyncReturns<string>, code: string) => {
    assert.equal(ended.status, 1, ended.stderr);
    assert.equal(ended.stdout, "", "a machine that reads this hears of no shop");
    const said = JSON.parse(ended.stderr.trim().split("\n").at(-1) ?? "") as {
      code: string;
      message: string;
    };
    assert.equal(said.code, code);
    assert.ok(said.message.length > 20, said.message);
  };

  const storey = (...args: string[]) =>
    spawnSync(process.execPath, [cli, ...args, "--name", name, "--data", dataRoot, "--json"], {
      ...{ cwd: scratch, encoding: "utf8", timeout: 60_000 },
    });

  it("starts, and a signal ends it and all it started within seconds", async () => {
    const shop = await start();
    const client = openClient(shop.url);
    expectDone(await client.account.register({ email, name: "Stays", password }));
    await client.close();
    const processes = existsSync("/proc") ? treeOf(shop.pid) : [shop.pid, await shop.databasePid()];
    assert.ok(processes.length > 1);
    const asked = performance.now();
    await shop.stop();
    running = undefined;
    const tookMs = performance.now() - asked;
    assert.ok(tookMs < 5_000 * fairShare(), `it took ${tookMs.toFixed(0)} ms`);
    assert.deepEqual(processes.filter(isThere), [], "these were left behind");
  });

  it("rests: nobody runs it, and it keeps its stage", () => {
    refused(storey("status"), "instance.not_up");
    refused(storey("up", "--stage", "2"), "up.other_stage");
  });

  it("answers within 5 s when its data is there, with what was in it", async () => {
    const shop = await start();
    assert.ok(shop.readyAfterMs < 5_000 * fairShare(), `it took ${shop.readyAfterMs.toFixed(0)} ms`);
    const client = openClient(shop.url);
    expectDone(await client.account.signIn({ email, password }));
    await client.close();
  });

  it("refuses a second start on the same data, and on the same port", async () => {
    refused(up("--name", name, "--data", dataRoot, "--port", String(await freePort())), "launch.in_use");
    refused(
      up("--name", "other", "--data", join(scratch, "other"), "--port", String(port)),
      "up.cannot_listen",
    );
    assert.equal(existsSync(join(scratch, "other")), false, "what is refused leaves nothing behind");
    assert.equal((await fetch(`${running?.url}/readyz`)).status, 200, "and the first one goes on");
  });

  it("says who runs it, where and how it is", async () => {
    const ended = storey("status");
    assert.equal(ended.status, 0, ended.stderr);
    const { pid, url, ailment, memoryBytes } = JSON.parse(ended.stdout);
    assert.deepEqual([pid, url, ailment], [running?.pid, running?.url, null]);
    assert.ok(memoryBytes > 50_000_000, `${memoryBytes}`);
  });

  it("keeps its stage, whatever is asked for", () => {
    refused(storey("up", "--stage", "2"), "up.other_stage");
  });

  it("recovers by itself from kill -9 of everything", async () => {
    assert.ok(running);
    const database = await running.databasePid();
    process.kill(database, "SIGKILL");
    await running.kill9();
    const shop = await start();
    const client = openClient(shop.url);
    expectDone(await client.account.signIn({ email, password }));
    await client.close();
    await shop.stop();
    running = undefined;
  });

  it("adopts what a kill -9 of the application alone left running", async () => {
    const killed = await start();
    await killed.kill9();
    const shop = await start();
    assert.equal((await fetch(`${shop.url}/readyz`)).status, 200);
    const database = await shop.databasePid();
    await shop.stop();
    running = undefined;
    assert.equal(isThere(database), false, "the database it found is stopped like one it started");
  });

  it("refuses a certificate that cannot work before anything is started", async () => {
    const at = ["--name", "never", "--data", dataRoot, "--port", String(await freePort())];
    refused(up(...at, "--cert", "only-half.pem"), "up.half_a_certificate");
    refused(up(...at, "--cert", "none.pem", "--key", "none.pem"), "up.no_certificate");
    const key = (file: string) => {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return writeFile(join(scratch, file), privateKey.export({ type: "pkcs8", format: "pem" }));
    };
    await Promise.all([key("a.key"), key("b.key")]);
    const request = ["req", "-x509", "-key", "a.key", "-subj", "/CN=shop.example", "-out", "a.pem"];
    assert.equal(spawnSync("openssl", request, { cwd: scratch }).status, 0);
    refused(up(...at, "--cert", "a.pem", "--key", "b.key"), "up.bad_certificate");
    refused(up(...at, "--cert", "a.key", "--key", "a.key"), "up.bad_certificate");
    assert.equal(existsSync(join(dataRoot, "never")), false, "what is refused leaves nothing behind");
  });

  it("is filled by another process at its first start, and taken up when that was broken off", async () => {
    const first = async (onLine: (line: string, child: ChildProcess) => void) => {
      const args = ["up", "--foreground", "--name", "filled", "--data", dataRoot, "--port", String(port)];
      const child = spawn(process.execPath, [cli, ...args, "--demo-products", "300"], {
        cwd: scratch,
        stdio: ["ignore", "pipe", "inherit"],
      });
      for await (const line of createInterface({ input: child.stdout })) onLine(line, child);
      if (child.exitCode === null) await once(child, "exit");
      assert.equal(child.exitCode, 0);
    };
    let left: number[] = [];
    await first((line, child) => {
      if (!/of 300 products/.test(line) || left.length > 0) return;
      if (existsSync("/proc")) left = treeOf(child.pid!);
      child.kill("SIGTERM");
    });
    assert.deepEqual(left.filter(isThere), [], "these were left behind");
    let products: number | undefined;
    let peakKb = 0;
    const looking: Promise<void>[] = [];
    await first((line, child) => {
      const [, url] = /is open: +(\S+)/.exec(line) ?? [];
      if (!url) return;
      const status = existsSync("/proc") ? readFileSync(`/proc/${child.pid}/status`, "utf8") : "";
      peakKb = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
      const look = async () => {
        const answer = await fetch(`${url}/api/v1/products?limit=1`);
        products = ((await answer.json()) as { total?: number }).total;
        child.kill("SIGTERM");
      };
      looking.push(look());
    });
    await Promise.all(looking);
    assert.equal(products, 300);
    assert.ok(peakKb < 320_000, `the serving process held ${peakKb} KB`);
  });

  it("refuses what cannot work, with a code", async () => {
    const at = ["--name", name, "--data", dataRoot, "--port", String(port)];
    refused(up(...at, "--no-demo"), "up.demo_data");
    refused(up("--name", "../escape", "--data", dataRoot, "--port", String(port)), "launch.name_invalid");
    refused(
      up("--name", name, "--data", dataRoot, "--port", String(port), "--host", "192.0.2.1"),
      "up.cannot_listen",
    );

    const file = join(scratch, "a file");
    await writeFile(file, "");
    refused(up("--name", name, "--data", file, "--port", String(port)), "launch.unwritable");
    if (existsSync("/proc/self")) {
      const never = ["--name", name, "--data", "/proc/storey"];
      refused(up(...never, "--port", String(port)), "launch.unwritable");
      const supervised = spawnSync(process.execPath, [cli, "up", "--stage", "2", "--json", ...never], {
        encoding: "utf8",
        timeout: 60_000,
      });
      refused(supervised, "launch.unwritable");
    }

    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const address = taken.address();
    assert.ok(address !== null && typeof address === "object");
    refused(up("--name", name, "--data", dataRoot, "--port", String(address.port)), "up.cannot_listen");
    await new Promise((resolve) => taken.close(resolve));
  });
});
