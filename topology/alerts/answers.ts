import { fillersOf, ofKind, type Topology } from "../model.ts";
import { above, latest, quantile, rate, ratio } from "./figure.ts";
import type { AlertRule } from "./rule.ts";
import type { AlertThresholds } from "./thresholds.ts";

const requests = "storey_http_request_seconds";

/** What those who ask are given: errors, late answers, and reads that a cache should have spared. */
export function answers(topology: Topology, t: AlertThresholds): AlertRule[] {
  const cached = ofKind(topology, "application").some(
    ({ name }) => fillersOf(topology, name, "cache").length > 0,
  );
  const failed = rate(t.rateSeconds, `${requests}_count`, { status: "5.." });
  const all = rate(t.rateSeconds, `${requests}_count`);
  return [
    {
      name: "answers_failing",
      severity: "critical",
      by: ["component"],
      when: [above(t.failedShare, ratio(failed, all)), above(t.failedPerSecond, failed)],
      forSeconds: t.failedForSeconds,
      shows: "share",
      summary: "{value} of the requests to {component} fail.",
      next: "./storey logs {component} names the errors. If a release came just before, roll back to the one before it.",
    },
    {
      name: "answers_slow",
      severity: "warning",
      by: ["component"],
      when: [above(t.slowSeconds, quantile(0.99, t.rateSeconds, requests)), above(t.slowPerSecond, all)],
      forSeconds: t.slowForSeconds,
      shows: "seconds",
      summary: "One request in a hundred to {component} takes longer than {value}.",
      next: "See which are slow by route in its /metrics, and whether its database or its event loop is the reason.",
    },
    ...(cached ? cacheRules(t) : []),
  ];
}

const cacheRules = (t: AlertThresholds): AlertRule[] => [
  {
    name: "cache_away",
    severity: "warning",
    by: ["component"],
    when: [above(0, latest("max", "storey_cache_away"))],
    forSeconds: t.cacheForSeconds,
    shows: "number",
    summary: "{component} does not reach the shared cache.",
    next: "The database does all reading meanwhile. ./storey status says how the cache is; it is used again as soon as it answers.",
  },
  {
    name: "cache_failing",
    severity: "warning",
    by: ["component"],
    when: [
      above(t.cacheErrorsPerSecond, rate(t.rateSeconds, "storey_cache_events_total", { what: "error" })),
    ],
    forSeconds: t.cacheForSeconds,
    shows: "number",
    summary: "The shared cache fails {component} {value} times a second.",
    next: "It answers late or refuses: look at its memory and its connections (./storey status --json).",
  },
];
