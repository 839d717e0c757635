import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { stages } from "#stages/all";
import { openJudge } from "#topology/alerts/judge";
import { alertRules } from "#topology/alerts/rules";
import { everySeconds, type Scenario, scenarios } from "#topology/alerts/scenarios";
import { matchesGolden } from "../golden.ts";
import { findNeed, prometheus } from "../packages.ts";
import { makeScratch } from "../scratch.ts";
import { rulesFile } from "./rules.ts";

const run = promisify(execFile);
const skip = findNeed(prometheus) ? false : "Prometheus (with promtool) is not installed";

/** Of stage 1 nobody renders rules; there too its language must say the same as ours. */
describe("the rules, in Prometheus' words", () => {
  for (const topology of stages)
    test(`of stage ${topology.stage} are those of the golden file, and Prometheus takes them`, async () => {
      const file = join(import.meta.dirname, `golden/rules-0${topology.stage}.json`);
      matchesGolden(file, rulesFile(topology));
      if (!skip) await run("promtool", ["check", "rules", file]);
    });

  test("fire at the same look as when we judge them ourselves, and not at the one before", {
    skip,
  }, async () => {
    using scratch = makeScratch();
    const files = [...new Set(scenarios.map(({ stage }) => stage))].map((stage) => {
      const topology = stages.find((each) => each.stage === stage);
      assert.ok(topology);
      writeFileSync(join(scratch.path, `rules-${stage}.json`), rulesFile(topology));
      const file = join(scratch.path, `tests-${stage}.json`);
      const tests = scenarios.filter((each) => each.stage === stage).map(unitTest);
      const document = {
        rule_files: [`rules-${stage}.json`],
        evaluation_interval: `${everySeconds}s`,
        tests,
      };
      writeFileSync(file, JSON.stringify(document));
      return file;
    });
    await run("promtool", ["test", "rules", ...files]).catch((error: { stdout: string; stderr: string }) =>
      assert.fail(error.stdout + error.stderr),
    );
  });
});

/** A scenario as `promtool test rules` reads it. */
function unitTest(scenario: Scenario) {
  const firstSeconds = firstFiring(scenario) * everySeconds;
  const expr = `count by (alertname) (ALERTS{alertname="${scenario.rule}", alertstate="firing"})`;
  const labels = `{alertname="${scenario.rule}"}`;
  return {
    interval: `${everySeconds}s`,
    input_series: scenario.series.map(({ metric, labels: own, values }) => ({
      series: `${metric}{${Object.entries(own).map(([name, value]) => `${name}="${value}"`)}}`,
      values: values.join(" "),
    })),
    promql_expr_test: [
      { expr, eval_time: `${firstSeconds - everySeconds}s`, exp_samples: [] },
      { expr, eval_time: `${firstSeconds}s`, exp_samples: [{ labels, value: 1 }] },
    ],
  };
}

function firstFiring({ stage, rule, series }: Scenario): number {
  const topology = stages.find((each) => each.stage === stage);
  assert.ok(topology);
  const judge = openJudge(alertRules(topology));
  const looks = series[0]?.values.length ?? 0;
  for (let at = 0; at < looks; at += 1) {
    const samples = series.map(({ metric, labels, values }) => ({ metric, labels, value: values[at] ?? 0 }));
    const alerts = judge.look({ atMs: at * everySeconds * 1000, samples });
    if (alerts.some((alert) => alert.rule === rule)) return at;
  }
  assert.fail(`${rule} does not fire`);
}
