import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stages } from "#stages/all";
import { openJudge } from "./judge.ts";
import type { Alert, AlertRule } from "./rule.ts";
import { alertRules } from "./rules.ts";
import { everySeconds, type Scenario, scenarios, wrongFrom } from "./scenarios.ts";
import { alertThresholds } from "./thresholds.ts";

const rulesOf = (stage: number): readonly AlertRule[] => {
  const topology = stages.find((each) => each.stage === stage);
  assert.ok(topology);
  return alertRules(topology);
};

/** What fires at each look of a scenario. */
function watch({ stage, series }: Scenario): Alert[][] {
  const judge = openJudge(rulesOf(stage));
  const looks = series[0]?.values.length ?? 0;
  return Array.from({ length: looks }, (_, at) =>
    judge.look({
      atMs: at * everySeconds * 1000,
      samples: series.map(({ metric, labels, values }) => ({ metric, labels, value: values[at] ?? 0 })),
    }),
  );
}

describe("the rules, judged by the server itself", () => {
  for (const scenario of scenarios)
    test(`${scenario.rule} fires at stage ${scenario.stage}, once it has lasted, and not before`, () => {
      const alerts = watch(scenario);
      const last = alerts.at(-1) ?? [];
      const found = last.find(({ rule }) => rule === scenario.rule);
      assert.ok(found, `it does not fire; what does: ${last.map(({ rule }) => rule)}`);
      assert.deepEqual(found.labels, scenario.labels);
      assert.doesNotMatch(found.summary + found.next, /[{}?]|NaN|undefined/);
      const first = alerts.findIndex((each) => each.some(({ rule }) => rule === scenario.rule));
      const forSeconds = rulesOf(scenario.stage).find(({ name }) => name === scenario.rule)?.forSeconds ?? 0;
      assert.ok((first - wrongFrom) * everySeconds >= forSeconds);
      assert.equal(new Date(found.since).getTime(), first * everySeconds * 1000);
    });

  test("every rule of every stage has a scenario in which it fires", () => {
    const names = new Set(stages.flatMap((topology) => alertRules(topology).map(({ name }) => name)));
    for (const name of names)
      assert.ok(
        scenarios.some(({ rule }) => rule === name),
        `${name} was never seen to fire`,
      );
  });

  test("no two rules of a stage have one name", () => {
    for (const topology of stages) {
      const names = alertRules(topology).map(({ name }) => name);
      assert.deepEqual(names, [...new Set(names)]);
    }
  });

  test("one that is over is no longer told, and begins anew when it comes back", () => {
    const judge = openJudge(rulesOf(1));
    const labels = { component: "database", kind: "postgres", host: "shop" };
    const look = (second: number, up: number) =>
      judge.look({
        atMs: second * 1000,
        samples: [{ metric: "storey_component_up", labels, value: up }],
      });
    const { downForSeconds } = alertThresholds;
    assert.deepEqual(look(0, 0), []);
    assert.equal(look(downForSeconds, 0).length, 1);
    assert.deepEqual(look(downForSeconds + 1, 1), []);
    assert.deepEqual(look(downForSeconds + 2, 0), []);
    assert.deepEqual(look(2 * downForSeconds, 0), []);
    assert.equal(
      look(2 * downForSeconds + 2, 0)[0]?.since,
      new Date((2 * downForSeconds + 2) * 1000).toISOString(),
    );
  });

  test("a counter that began again at nothing has grown by what it says now", () => {
    const judge = openJudge(rulesOf(1).map((rule) => ({ ...rule, forSeconds: 0 })));
    const look = (second: number, ok: number, failed: number) =>
      judge.look({
        atMs: second * 1000,
        samples: [
          {
            metric: "storey_http_request_seconds_count",
            labels: { component: "app", status: "200" },
            value: ok,
          },
          {
            metric: "storey_http_request_seconds_count",
            labels: { component: "app", status: "500" },
            value: failed,
          },
        ],
      });
    assert.deepEqual(look(0, 1000, 500), []);
    const [alert] = look(10, 90, 10);
    assert.equal(alert?.rule, "answers_failing");
    assert.match(alert?.summary ?? "", /^10 % of the requests to app fail/);
  });
});
