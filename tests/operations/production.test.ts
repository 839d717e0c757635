import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { type Client, openClient } from "#apps/client/client";
import { reachInstance } from "#commands/reach";
import { demoAccounts } from "#demo/accounts";
import { expectDone } from "#kernel/refusal";
import { freePort } from "#lab/shop/free-port";
import { connectAdministrator } from "#platform/database/drivers/pg-administrator";
import { codeOf } from "../support/people.ts";

const checkout = join(import.meta.dirname, "../..");
const name = "real";

/** Started as docs/production.md starts it, without TLS. */
describe("a shop that is open for real", () => {
  let data: string;
  let running: ChildProcess;
  let url: string;
  let client: Client;

  const storey = (args: readonly string[], input = "") =>
    spawnSync(process.execPath, [join(checkout, "cli.ts"), ...args, "--name", name, "--data", data], {
      encoding: "utf8",
      timeout: 60_000,
      input,
    });
  const codeSaid = ({ stderr }: { stderr: string }) =>
    (JSON.parse(stderr.trim().split("\n").at(-1) ?? "") as { code: string }).code;

  before(async () => {
    data = await mkdtemp(join(tmpdir(), "storey-real-"));
    await chmod(data, 0o711);
    const args = ["up", "--foreground", "--json", "--no-demo", "--name", name, "--data", data];
    running = spawn(
      process.execPath,
      [join(checkout, "cli.ts"), ...args, "--port", String(await freePort())],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    assert.ok(running.stdout);
    for await (const line of createInterface({ input: running.stdout })) {
      const said = JSON.parse(line) as { url: string; accounts: unknown[] };
      assert.deepEqual(said.accounts, [], "nobody is named whose password everybody knows");
      url = said.url;
      break;
    }
    client = openClient(url);
  });
  after(async () => {
    await client?.close();
    if (running.exitCode === null) {
      running.kill("SIGINT");
      await once(running, "exit");
    }
    await rm(data, { recursive: true, force: true });
  });

  it("has no demo account, shows none, and sells nothing of the demo's", async () => {
    for (const { email, password } of demoAccounts) {
      assert.equal(codeOf(await client.account.signIn({ email, password })), "account.bad_credentials");
    }
    const page = await (await fetch(`${url}/sign-in`)).text();
    for (const { email, password } of demoAccounts) {
      assert.ok(!page.includes(email) && !page.includes(password), email);
    }
    assert.deepEqual(expectDone(await client.catalog.categories({})).items, []);
    const products = (await (await fetch(`${url}/api/v1/products`)).json()) as { items: unknown[] };
    assert.deepEqual(products.items, []);
  });

  it("has no sandbox: neither its page, nor its interface, nor a way in for its callbacks", async () => {
    for (const [path, method] of [
      ["/sandbox/pay?reference=1", "GET"],
      ["/sandbox/pay", "POST"],
      ["/sandbox/charges/1", "GET"],
      ["/api/v1/payments/callbacks/sandbox", "POST"],
    ] as const) {
      const answer = await fetch(url + path, { method });
      await answer.body?.cancel();
      assert.equal(answer.status, 404, `${method} ${path}`);
    }
  });

  it("gets its first operator from the command line, who may then do what operators do", async () => {
    const who = ["--email", "olga@shop.example", "--called", "Olga Operator", "--json"];
    const short = storey(["operator", "create", ...who, "--password-file", "-"], "short\n");
    assert.deepEqual([short.status, codeSaid(short)], [1, "operator.bad_password"]);
    const password = "a password of olga's own";
    const made = storey(["operator", "create", ...who, "--password-file", "-"], `${password}\n`);
    assert.equal(made.status, 0, made.stderr);
    assert.equal((JSON.parse(made.stdout) as { email: string }).email, "olga@shop.example");
    const session = expectDone(await client.account.signIn({ email: "olga@shop.example", password }));
    assert.equal(session.account.operator, true);
    assert.equal((await client.as({ token: session.token }).audit()).clean, true);

    const reset = ["operator", "reset-password", "--email", "olga@shop.example", "--password-file", "-"];
    assert.equal(storey([...reset, "--json"], "another password\n").status, 0);
    const old = await client.account.signIn({ email: "olga@shop.example", password });
    assert.equal(codeOf(old), "account.bad_credentials");
  });

  it("is audited from the command line, which exits with 2 and the offender's name if something is wrong", async () => {
    const clean = storey(["audit"]);
    assert.deepEqual([clean.status, clean.stdout.split("\n")[0]], [0, "Clean: every invariant holds."]);
    const reached = await reachInstance({ name, data }, () => undefined);
    const admin = await connectAdministrator({ ...reached.server, database: "storey" });
    try {
      await admin.run(
        `insert into settlement.balance (bucket, account, currency, amount, changed_at)
         values (1, 'fee', 'USD', 5, now())`,
      );
      const broken = storey(["audit", "--json"]);
      assert.equal(broken.status, 2, broken.stderr);
      const report = JSON.parse(broken.stdout) as { clean: boolean; broken: { offender: string }[] };
      assert.deepEqual([report.clean, report.broken[0]?.offender], [false, "fee in bucket 1"]);
    } finally {
      await admin.run("delete from settlement.balance");
      await admin.close();
      await reached.close();
    }
  });

  it("never becomes a demo: neither by its next start nor by seeding", async () => {
    const seeded = storey(["seed", "--products", "1", "--json"]);
    assert.deepEqual([seeded.status, codeSaid(seeded)], [1, "seed.production_data"]);
    running.kill("SIGINT");
    await once(running, "exit");
    const again = storey(["up", "--foreground", "--json", "--port", String(await freePort())]);
    assert.deepEqual([again.status, codeSaid(again)], [1, "up.production_data"]);
  });
});

describe("a demo", () => {
  it("says at its start where it is and who may try it, and they can sign in", async () => {
    const data = await mkdtemp(join(tmpdir(), "storey-demo-"));
    await chmod(data, 0o711);
    const at = ["--data", data, "--port", String(await freePort()), "--demo-products", "0"];
    const demo = spawn(process.execPath, [join(checkout, "cli.ts"), "up", "--foreground", ...at], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      let said = "";
      for await (const line of createInterface({ input: demo.stdout })) {
        said += `${line}\n`;
        if (line.includes("Ctrl-C stops it")) break;
      }
      const url = /The shop is open: +(\S+)/.exec(said)?.[1] ?? "";
      assert.match(said, new RegExp(`Its API: +${url}/api\\n`));
      const client = openClient(url);
      for (const { role, email, password } of demoAccounts) {
        assert.match(said, new RegExp(`${role}: +${email} +${password}\\n`));
        const { account } = expectDone(await client.account.signIn({ email, password }));
        assert.equal(account.operator, role === "operator");
      }
      await client.close();
    } finally {
      demo.kill("SIGINT");
      await once(demo, "exit");
      await rm(data, { recursive: true, force: true });
    }
  });
});
