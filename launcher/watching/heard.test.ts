import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openControl } from "../control.ts";
import { isFree } from "../ports.ts";
import { makeScratch } from "../scratch.ts";
import { hearAlerts } from "./heard.ts";
import { heartbeat, repeatSeconds, silenceSeconds } from "./heartbeat.ts";
import { inPrometheusText } from "./numbers.ts";

const sent = (alertname: string, status: "firing" | "resolved", labels = {}) => ({
  alerts: [
    {
      status,
      labels: { alertname, severity: "critical", ...labels },
      annotations: { summary: "The database does not answer.", next: "Look." },
      startsAt: "2026-11-22T20:00:00Z",
    },
  ],
});

/** An ear whose time the test decides. */
function listen() {
  const said: string[] = [];
  let nowMs = 1_000_000;
  const ear = hearAlerts({ say: (line) => said.push(line), nowMs: () => nowMs });
  const names = async () => (await ear.list()).map(({ rule }) => rule);
  return { ear, said, names, pass: (seconds: number) => (nowMs += seconds * 1000) };
}

describe("what Alertmanager tells a supervisor", () => {
  test("is said once when it begins, kept while it is repeated, and said once when it is over", async () => {
    const { ear, said, names, pass } = listen();
    const labels = { component: "database" };
    for (let time = 0; time < 10; time += 1) {
      ear.take(sent(heartbeat, "firing"));
      ear.take(sent("postgres_down", "firing", labels));
      pass(repeatSeconds);
    }
    assert.deepEqual(await ear.list(), [
      {
        rule: "postgres_down",
        severity: "critical",
        labels,
        since: "2026-11-22T20:00:00Z",
        summary: "The database does not answer.",
        next: "Look.",
      },
    ]);
    ear.take(sent("postgres_down", "resolved", labels));
    ear.take(sent("postgres_down", "resolved", labels));
    assert.deepEqual(await names(), []);
    assert.deepEqual(said, [
      "alert (critical), postgres_down: The database does not answer. Look.",
      "over: postgres_down database",
    ]);
  });

  test("is an alert by itself when it is nothing at all, until it is heard again", async () => {
    const { ear, names, pass } = listen();
    ear.take(sent("postgres_down", "firing"));
    pass(silenceSeconds + 1);
    assert.deepEqual(await names(), ["unwatched"], "and what nobody repeats is no longer believed");
    ear.take(sent(heartbeat, "firing"));
    assert.deepEqual(await names(), []);
  });

  test("is taken from those who know the secret, and from nobody else", async () => {
    using scratch = makeScratch();
    const { ear } = listen();
    let port = 19_000;
    while (!(await isFree("127.0.0.1", port))) port += 1;
    const unused = async () => assert.fail("nobody asks for it");
    const control = await openControl({
      port,
      token: "known",
      directory: scratch.path,
      alarm: ear,
      status: unused,
      roll: unused,
    });
    try {
      const post = (token: string, body: string) =>
        fetch(`http://127.0.0.1:${port}/alerts`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}` },
          body,
        });
      const told = JSON.stringify(sent("postgres_down", "firing"));
      assert.equal((await post("guessed", told)).status, 401);
      assert.deepEqual(await ear.list(), []);
      assert.equal((await post("known", "{}")).status, 500);
      assert.equal((await post("known", told)).status, 200);
      const headers = { authorization: "Bearer known" };
      const answer = await fetch(`http://127.0.0.1:${port}/alerts`, { headers });
      assert.deepEqual(await answer.json(), { alerts: await ear.list() });
    } finally {
      await control.stop();
    }
  });
});

test("what a supervisor tells of components is what rules look for", () => {
  const text = inPrometheusText(
    [
      {
        name: "database",
        kind: "postgres",
        host: "data",
        addresses: {},
        version: "15",
        pid: 1,
        memoryBytes: 10,
        memoryBudgetBytes: 20,
        cpuMs: 1_500,
        ailment: "does not answer",
        metrics: { connections: 7 },
      },
    ],
    {
      directory: '/a "b"',
      diskFreeRatio: 0.5,
      certificates: [{ component: "database", validSeconds: 60 }],
    },
  );
  const labels = 'component="database",kind="postgres",host="data"';
  assert.deepEqual(text.trimEnd().split("\n"), [
    `storey_component_up{${labels}} 0`,
    `storey_component_memory_bytes{${labels}} 10`,
    `storey_component_memory_budget_bytes{${labels}} 20`,
    `storey_component_cpu_seconds_total{${labels}} 1.5`,
    `storey_component_number{${labels},name="connections"} 7`,
    'storey_disk_free_ratio{directory="/a \\"b\\""} 0.5',
    'storey_certificate_valid_seconds{component="database"} 60',
  ]);
});
