import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { knownInstance } from "#commands/status";
import { switchLeader } from "#commands/switchover";
import { randomFor } from "#demo/random";
import { endProcesses, withoutSupervisor } from "#lab/faults/victims";
import { holds, runKills } from "#lab/scenarios/kills";
import { runSwitchovers } from "#lab/scenarios/switchovers";
import { freePort } from "#lab/shop/free-port";
import { leader, type StagedShop, startStage } from "#lab/shop/staged";
import { stages } from "#stages/all";
import { ofKind } from "#topology/model";
import { testSeed } from "../support/test-seed.ts";
import { attackMoney, attackStock, buyFromThreeShops, enter, type StagePlace } from "./journey.ts";
import { bringBackMoment } from "./past.ts";
import { whyNot } from "./why-not.ts";

/** Every stage boots within it (issue 3), on a machine that does nothing else. */
const bootMs = 20_000;
/** So long may a planned switchover hold writes up, on such a machine. */
const switchedMs = 2_000;
/** On one whose processors are shared by many everything takes that much longer. */
const fairShare = () => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());

for (const topology of stages) {
  describe(`stage ${topology.stage}, ${topology.name}`, { skip: whyNot(topology) }, () => {
    let dataRoot: string;
    let shop: StagedShop;
    let place: StagePlace;
    before(async () => {
      dataRoot = await mkdtemp(join(tmpdir(), "storey-stage-"));
      // Its servers' own user passes through.
      await chmod(dataRoot, 0o711);
      const name = `stage-${topology.stage}`;
      shop = await startStage({ stage: topology.stage, name, dataRoot, port: await freePort() });
      place = await enter(shop.url);
    });
    after(async () => {
      await place?.close();
      await shop?.stop();
      await rm(dataRoot, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    });

    it("runs every component of its topology, each of them well", async (t) => {
      t.diagnostic(`up after ${Math.round(shop.bootMs)} ms`);
      assert.ok(shop.bootMs < bootMs * fairShare(), `up after ${shop.bootMs} ms`);
      const { components } = await shop.status();
      assert.deepEqual(
        components.map(({ name, ailment }) => [name, ailment]),
        topology.components.map(({ name }) => [name, null]),
      );
    });

    it("lets a buyer buy from three shops, and pays each merchant", () => buyFromThreeShops(place));

    it("sells no piece twice and places no checkout twice", () => attackStock(place));

    it("takes the money of a payment once, or gives it back whole", () => attackMoney(place));

    const isGuarded = ofKind(topology, "postgres").some(({ guardian }) => guardian === "patroni");
    if (isGuarded) {
      it("hands the lead of its databases over without a failed request", async (t) => {
        const report = await runSwitchovers({
          url: shop.url,
          times: 2,
          switchOver: () =>
            switchLeader({ name: `stage-${topology.stage}`, data: dataRoot }, () => undefined),
          whole: shop.whole,
          say: (line) => t.diagnostic(line),
        });
        const { failed, lost, brokenInvariants: broken } = report;
        assert.deepEqual({ failed, lost, broken }, { failed: [], lost: [], broken: [] });
        assert.ok(Math.max(...report.heldMs) < switchedMs * fairShare(), `held for ${report.heldMs} ms`);
        t.diagnostic(`${report.requests} requests, ${report.acknowledged} orders`);
      });

      it("hands nothing over while a database is down", async () => {
        const at = { name: `stage-${topology.stage}`, data: dataRoot };
        const instance = await knownInstance(at);
        await shop.whole();
        const { components } = await shop.status();
        const replica = components.find(({ kind, metrics }) => kind === "postgres" && metrics["leads"] === 0);
        assert.ok(replica);
        await withoutSupervisor(instance, async () => {
          await endProcesses(instance, replica.name);
          await assert.rejects(
            switchLeader(at, () => undefined),
            { code: "switchover.not_whole", message: new RegExp(replica.name) },
          );
        });
        await shop.whole();
      });

      it("brings back what its databases held at a moment", () =>
        bringBackMoment(place, { name: `stage-${topology.stage}`, data: dataRoot }));
    }

    it("loses no acknowledged order when each of its components is killed in turn", async (t) => {
      const random = randomFor(`stage ${topology.stage}`, testSeed).next;
      const say = (line: string) => t.diagnostic(line);
      const victims = [...(isGuarded ? [leader] : []), ...topology.components.map(({ name }) => name)];
      const report = await runKills({ shop, victims, random, say });
      const { lost, doubled, brokenInvariants: broken } = report;
      assert.deepEqual({ lost, doubled, broken }, { lost: [], doubled: [], broken: [] });
      assert.ok(holds(report), `only ${report.inFlight} of ${report.kills} kills hit a checkout`);
      t.diagnostic(
        `${report.acknowledged} orders, ${report.inFlight} of ${report.kills} kills hit a checkout`,
      );
    });
  });
}
