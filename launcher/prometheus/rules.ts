import type { Condition, Figure, Series } from "#topology/alerts/figure";
import type { AlertRule } from "#topology/alerts/rule";
import { alertRules } from "#topology/alerts/rules";
import type { Topology } from "#topology/model";
import { heartbeat } from "../watching/heartbeat.ts";

/** The rules of a topology as a file of Prometheus, in JSON, which YAML contains. */
export function rulesFile(topology: Topology): string {
  const groups = [
    { name: "storey", rules: alertRules(topology).map(inPrometheus) },
    {
      name: "watching",
      rules: [{ alert: heartbeat, expr: "vector(1)", labels: { severity: "none" } }],
    },
  ];
  return `${JSON.stringify({ groups }, undefined, 2)}\n`;
}

function inPrometheus(rule: AlertRule) {
  const { name, severity, by, when, forSeconds, shows } = rule;
  const [first, ...others] = when.map((condition) => expression(condition, by));
  return {
    alert: name,
    expr: [first, ...others].join(` and on (${by.join(", ")}) `),
    for: `${forSeconds}s`,
    labels: { severity },
    annotations: { summary: template(rule.summary, shows), next: template(rule.next, shows) },
  };
}

const signs = { above: ">", below: "<" } as const;

const expression = ({ figure, is, than }: Condition, by: readonly string[]): string =>
  `(${inPromql(figure, by)} ${signs[is]} ${than})`;

/** A figure in Prometheus' language. */
function inPromql(figure: Figure, by: readonly string[]): string {
  switch (figure.kind) {
    case "ratio":
      return `${inPromql(figure.part, by)} / ${inPromql(figure.whole, by)}`;
    case "latest":
      return `${figure.of} by (${by.join(", ")}) (${selected(figure, figure.metric)})`;
    case "gap": {
      const series = selected(figure, figure.metric);
      return `scalar(max(${series})) - max by (${by.join(", ")}) (${series})`;
    }
    case "rate":
      return `sum by (${by.join(", ")}) (rate(${selected(figure, figure.metric)}[${figure.overSeconds}s]))`;
    case "quantile": {
      const buckets = `rate(${selected(figure, `${figure.metric}_bucket`)}[${figure.overSeconds}s])`;
      return `histogram_quantile(${figure.share}, sum by (${[...by, "le"].join(", ")}) (${buckets}))`;
    }
  }
}

function selected({ where = {} }: Series, metric: string): string {
  const matches = Object.entries(where).map(([label, pattern]) => `${label}=~"${pattern}"`);
  return matches.length > 0 ? `${metric}{${matches.join(", ")}}` : metric;
}

const written = {
  number: "{{ $value | humanize }}",
  share: "{{ $value | humanizePercentage }}",
  seconds: "{{ $value | humanizeDuration }}",
  bytes: "{{ $value | humanize1024 }}B",
} as const;

const template = (sentence: string, shows: AlertRule["shows"]): string =>
  sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === "value" ? written[shows] : `{{ $labels.${name} }}`,
  );
