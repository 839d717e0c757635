import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openClient } from "#apps/client/client";
import { toBigint } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import {
  buyer,
  categories,
  type Merchant,
  merchant,
  order,
  password,
  pressPay,
  sell,
} from "../support/people.ts";
import type { TestShop } from "../support/shop.ts";
import { until } from "../support/until.ts";
import { fit, type Node, openReplicas, type Replicas, skip } from "./cluster.ts";

/** Two processes of one shop, with caches of their own, on a primary whose replicas are held back. */
describe("a shop with replicas that are behind", { skip }, () => {
  let replicas: Replicas;
  let here: TestShop;
  let there: TestShop;
  let standbys: readonly Node[];
  let seller: Merchant;
  before(async () => {
    replicas = await openReplicas();
    const [primary, ...others] = replicas.nodes;
    standbys = others;
    here = await replicas.openShop({ cache: { inProcess: { bytes: 8_000_000 } } });
    there = await replicas.openShop({ cache: { inProcess: { bytes: 8_000_000 } } });
    await fit(here.database, ...standbys);
    seller = await merchant(here);
    if (primary) await replicas.caughtUp(primary, standbys);
  });
  after(() => replicas[Symbol.asyncDispose]());

  const call = async (shop: TestShop, path: string, headers: Record<string, string>) => {
    const answer = await fetch(`${shop.url}/api/v1${path}`, { headers });
    return { status: answer.status, body: (await answer.json()) as { name: string } };
  };
  /** Changes the shop's name, and what the answer said of how far that reaches. */
  const rename = async (name: string) => {
    const answer = await fetch(`${here.url}/api/v1/shops/${seller.shop}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${seller.token}`, "content-type": "application/json" },
      body: JSON.stringify({ name }),
    });
    assert.equal(answer.status, 200);
    const cookie = answer.headers.getSetCookie().find((each) => each.startsWith("storey-read="));
    assert.ok(cookie);
    assert.match(cookie, /; HttpOnly/);
    return { header: answer.headers.get("storey-read") ?? "", cookie: cookie.split(";", 1)[0] ?? "" };
  };

  it("shows a session what it wrote: at the other process, through its cache, by cookie and by header", async () => {
    const path = `/shops/${seller.shop}`;
    // What the other process keeps from now on is what was before.
    assert.equal((await call(there, path, {})).status, 200);
    for (const node of standbys) await node.holdBack();
    try {
      for (const name of ["Cups and more", "Cups and plates"]) {
        const { header, cookie } = await rename(name);
        assert.match(header, /(^|~)shop_[0-9a-f]{8}[.]1[.][0-9A-F]{16}(~|$)/);
        for (const headers of [{ "storey-read": header }, { cookie }] as Record<string, string>[]) {
          assert.equal((await call(there, path, headers)).body.name, name);
          assert.equal((await call(here, path, headers)).body.name, name);
        }
      }
    } finally {
      for (const node of standbys) await node.letGo();
    }
    await fit(there.database, ...standbys);
  });

  it("asks nobody to carry anything where nothing was written, and the replicas for what is read", async () => {
    const answer = await fetch(`${there.url}/api/v1/shops/${seller.shop}`);
    assert.equal(answer.headers.get("storey-read"), null);
    assert.deepEqual(answer.headers.getSetCookie(), []);
    const metrics = await (await fetch(`${there.url}/metrics`)).text();
    const reads = [...metrics.matchAll(/^storey_database_server_reads\{server="(.+)"\} (\d+)$/gm)];
    assert.equal(reads.length, 3);
    assert.match(metrics, /^storey_database_failovers 0$/m);
    assert.equal([...metrics.matchAll(/^storey_database_server_leads\{.+\} 1$/gm)].length, 1);
  });

  it("shows who returns from paying what the callback wrote, at whichever process, from then on", async (t) => {
    await categories(here);
    const [sku] = (await sell(here, seller)).skus.map(({ id }) => id);
    const who = await buyer(here);
    const session = `session=${who.token}`;
    const [primary] = replicas.nodes;
    /** Pays while replicas are held back; whether they were still asked when the browser had returned. */
    const payAndReturn = async (): Promise<boolean> => {
      const checkout = expectDone(await order(who, [{ sku: sku!, quantity: 1 }]));
      const { id, redirectUrl } = expectDone(
        await who.api.order.pay({ checkout: checkout.id, provider: "sandbox" }),
      );
      const written = `select from payment.payment where id = ${toBigint(id)} and state = 'captured'`;
      await fit(there.database, ...standbys);
      await replicas.caughtUp(primary!, standbys);
      for (const node of standbys) await node.holdBack();
      try {
        await pressPay(here, redirectUrl);
        await until(async () => (await primary!.inside(written)).length === 1);
        // The callback's read token went to the provider, and this browser has seen nothing yet.
        const back = await fetch(`${there.url}/pay/return?payment=${id}`, { headers: { cookie: session } });
        const areAsked = (there.database.servers?.() ?? []).every(({ leftOut }) => !leftOut);
        assert.match(await back.text(), /<title>Paid/);
        const seen = back.headers.getSetCookie().find((each) => each.startsWith("storey-read="));
        const cookie = `${session}; ${seen?.split(";", 1)[0]}`;
        for (const shop of [there, here]) {
          const answer = await fetch(`${shop.url}/api/v1/payments/${id}`, { headers: { cookie } });
          assert.equal(((await answer.json()) as { state: string }).state, "captured");
        }
        return areAsked;
      } finally {
        for (const node of standbys) await node.letGo();
      }
    };
    // A replica that lags is left out by itself soon: then nothing was shown, and another payment has to show it.
    let shown = 0;
    for (let tries = 0; tries < 8 && shown < 2; tries++) shown += (await payAndReturn()) ? 1 : 0;
    t.diagnostic(`${shown} returned before the replicas were left out`);
    await fit(there.database, ...standbys);
  });

  it("lets a client carry what it has seen", async () => {
    for (const node of standbys) await node.holdBack();
    const [one, two] = [openClient(here.url), openClient(there.url)];
    try {
      const email = "carrier@example.com";
      expectDone(await one.account.register({ email, name: "Carrier", password }));
      const { token } = expectDone(await one.account.signIn({ email, password }));
      const api = one.as({ token });
      const opening = { name: "A new one", region: "Porto", shipping: { flat: 490, freeAbove: null } };
      const { id } = expectDone(await api.shop.open(opening));
      assert.equal(expectDone(await api.shop.get({ id })).name, "A new one");
      // Somebody who has seen nothing of it may be told of the past, for less than a second.
      const strange = await two.shop.get({ id });
      assert.ok(isRefusal(strange) || strange.name === "A new one");
    } finally {
      for (const node of standbys) await node.letGo();
      await Promise.all([one.close(), two.close()]);
    }
  });
});
