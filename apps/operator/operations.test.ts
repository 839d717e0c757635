import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Registry } from "prom-client";
import { systemClock } from "#kernel/clock";
import { newContext } from "#kernel/context";
import { newId } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import { singleMachine } from "#stages/01-single-machine";
import { applicationNumbers } from "#topology/application-numbers";
import type { AuditReport } from "./api.ts";
import { openAudits } from "./audits.ts";
import { openMonitor } from "./monitor.ts";
import { openOperations } from "./operations.ts";

const reportAt = (at: string, broken = 0): AuditReport => ({
  clean: broken === 0,
  at,
  checked: {},
  pending: 0,
  broken: Array.from({ length: broken }, (_, i) => ({ rule: "r", offender: String(i), detail: "" })),
});
const operator = newContext({
  caller: { kind: "account", account: newId(1, 0), session: newId(1, 0), operator: true, shops: [] },
  deadline: systemClock.now() + 60_000,
  trace: "test",
});

/** Two applications, each with audits of its own, and the operators' door of each. */
function openTwo() {
  const registries = [new Registry(), new Registry()] as const;
  const reports: AuditReport[] = [];
  const look = async () => ({
    atMs: systemClock.now(),
    alerts: [],
    problem: null,
    components: await Promise.all(
      registries.map(async (registry, index) => ({
        name: `app-${index + 1}`,
        kind: "application",
        host: "shop",
        version: "1",
        ailment: null,
        memoryBytes: 1,
        memoryBudgetBytes: null,
        cpuMs: 1,
        numbers: applicationNumbers(await registry.metrics()),
      })),
    ),
  });
  const open = (registry: Registry) => {
    const audits = openAudits(async () => reports.shift() ?? reportAt("2026-01-01T00:00:00.000Z"), registry);
    const monitor = openMonitor({ look }, systemClock);
    const place = { instance: "test", topology: singleMachine, process: "app", version: "1" };
    const flags = {
      isOn: () => true,
      all: () => [],
      problem: () => null,
      set: async () => {},
      close: async () => {},
    };
    const door = openOperations({ place, clock: systemClock, monitor, audits, flags, errors: () => [] });
    return { audits, monitor, verdict: async () => expectDone(await door.health(operator, {})).audit };
  };
  return { reports, one: open(registries[0]), two: open(registries[1]) };
}

describe("the last audit", () => {
  it("is nobody's before the first", async () => {
    const { one } = openTwo();
    assert.equal(await one.verdict(), null);
    one.monitor.stop();
  });

  it("is told by every process, the later of two, with its offenders by the one that made it", async () => {
    const { reports, one, two } = openTwo();
    reports.push(reportAt("2026-02-01T00:00:00.000Z", 2), reportAt("2026-02-02T00:00:00.000Z"));
    await one.audits.run();
    const [own, heard] = [await one.verdict(), await two.verdict()];
    assert.deepEqual([own?.broken, own?.offenders.length], [2, 2]);
    assert.deepEqual([heard?.at, heard?.broken, heard?.clean, heard?.offenders], [own?.at, 2, false, []]);
    one.monitor.stop();
    two.monitor.stop();
  });

  it("is made once for all who ask at once", async () => {
    const { reports, one } = openTwo();
    reports.push(reportAt("2026-02-01T00:00:00.000Z", 1));
    const [first, second] = await Promise.all([one.audits.run(), one.audits.run()]);
    assert.equal(first, second);
    assert.equal(one.audits.isRunning(), false);
  });

  it("rests between its pieces while nobody waits for it, and hurries when somebody does", async () => {
    const pieces = 40;
    let done = 0;
    const audits = openAudits(async (rest) => {
      for (done = 0; done < pieces; done++) await rest(50);
      return reportAt("2026-02-01T00:00:00.000Z");
    }, new Registry());
    const timed = async (audit: () => Promise<unknown>) => {
      const before = performance.now();
      await audit();
      return performance.now() - before;
    };
    const gentle = audits.runGently();
    await setTimeout(1_000);
    // 450 ms after each.
    assert.ok(done >= 1 && done <= 3, `${done} pieces in a second`);
    const hurried = await timed(() => audits.run());
    assert.ok(hurried < 2_000, `${hurried} ms for the rest of it`);
    assert.equal(await gentle, audits.last());
    assert.ok((await timed(() => audits.run())) < 1_000);
  });
});
