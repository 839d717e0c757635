import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { needsOf } from "#commands/make-room";
import { freePort } from "#lab/shop/free-port";
import { type StagedShop, startStage } from "#lab/shop/staged";
import { canInstall, findNeed, installCommand } from "#launcher/packages";
import { separateDatabase } from "#stages/02-separate-database";
import { alertRules } from "#topology/alerts/rules";
import { until } from "../support/until.ts";

/** Twenty seconds it must last, and it is looked for every five; a busy machine looks later. */
const toldWithinMs = 90_000;

describe("Prometheus and Alertmanager, who watch from stage 2 on", { skip: whyNot() }, () => {
  let dataRoot: string;
  let shop: StagedShop;
  before(async () => {
    dataRoot = await mkdtemp(join(tmpdir(), "storey-stage-"));
    await chmod(dataRoot, 0o711);
    shop = await startStage({ stage: 2, name: "stage-2", dataRoot, port: await freePort() });
  });
  after(async () => {
    await shop?.stop();
    await rm(dataRoot, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });

  /** What Prometheus says of its rules or its targets. */
  async function ask<T>(path: string): Promise<T> {
    const { components } = await shop.status();
    const at = components.find(({ name }) => name === "prometheus")?.addresses["http"];
    const answer = await fetch(`http://${at}/api/v1/${path}`);
    return ((await answer.json()) as { data: T }).data;
  }

  it("hear everybody, and judge by every rule of the topology", async () => {
    await until(async () => {
      const { activeTargets } = await ask<{ activeTargets: { health: string }[] }>("targets");
      return activeTargets.length === 2 && activeTargets.every(({ health }) => health === "up");
    }, 30_000);
    type Groups = { groups: { rules: { name: string; health: string }[] }[] };
    await until(async () => {
      const { groups } = await ask<Groups>("rules");
      const well = groups.flatMap(({ rules }) => rules).filter(({ health }) => health === "ok");
      return alertRules(separateDatabase).every((rule) => well.some(({ name }) => name === rule.name));
    }, 30_000);
  });

  it("tell the supervisor of an application that does not answer, and when it does again", async (t) => {
    const rules = async () => (await shop.status()).alerts.map(({ rule }) => rule);
    const app = (await shop.status()).components.find(({ name }) => name === "app");
    assert.ok(app);
    const before = performance.now();
    process.kill(app.pid, "SIGSTOP");
    try {
      await until(async () => {
        const names = await rules();
        return names.includes("application_down") && names.includes("target_silent");
      }, toldWithinMs);
      t.diagnostic(`told after ${Math.round((performance.now() - before) / 1000)} s`);
      const alert = (await shop.status()).alerts.find(({ rule }) => rule === "application_down");
      assert.equal(alert?.summary, "app on shop does not answer.");
      assert.equal(alert?.severity, "critical");
    } finally {
      process.kill(app.pid, "SIGCONT");
    }
    await until(async () => !(await rules()).includes("application_down"), toldWithinMs);
  });
});

function whyNot(): string | false {
  const missing = needsOf(separateDatabase).filter((need) => findNeed(need) === undefined);
  if (missing.length === 0 || (process.env["CI"] && canInstall())) return false;
  return `not all of its components are installed: sudo ${installCommand(missing)}`;
}
