import { setTimeout as pause } from "node:timers/promises";
import type { Metric, Registry } from "prom-client";
import type { Clock } from "#kernel/clock";
import { openJudge } from "#topology/alerts/judge";
import { metricsOf, type Sample } from "#topology/alerts/read";
import { type Alert, type AlertRule, inOrderOfWeight } from "#topology/alerts/rule";

/** What a process watches itself by, where nobody else does. */
export interface WatchSettings {
  readonly rules: readonly AlertRule[];
  /** Its own labels among the components of its topology. */
  readonly labels: { readonly component: string; readonly host: string };
  /** The component that its database is. */
  readonly database: { readonly component: string; readonly host: string };
  readonly memoryBudgetBytes: number;
  /** How often it looks; 5 s, as Prometheus does, unless said. */
  readonly everyMs?: number;
}

export interface Watch {
  /** What is wrong, as of the last look. */
  alerts(): readonly Alert[];
  stop(): Promise<void>;
}

const usualEveryMs = 5_000;

/**
 * Judges the process' own numbers by the rules of its topology, and writes what begins and ends to the log.
 */
export function startWatch(with_: {
  settings: WatchSettings;
  registry: Registry;
  clock: Clock;
  log: { error(fields: object, message: string): void; info(fields: object, message: string): void };
}): Watch {
  const { settings, registry, clock, log } = with_;
  const { rules, labels, everyMs = usualEveryMs } = settings;
  const judge = openJudge(rules);
  const wanted = metricsOf(rules.flatMap(({ when }) => when.map(({ figure }) => figure)));
  const stopping = new AbortController();
  let alerts: readonly Alert[] = [];
  const look = async () => {
    // All, as for Prometheus: some set others as they are read. One that fails must not hide what the others say.
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    const read = await Promise.allSettled(names.map((name) => registry.getSingleMetric(name)?.get()));
    for (const each of read) {
      if (each.status === "rejected") log.error({ err: each.reason }, "a number could not be read");
    }
    const samples = read.flatMap((each) =>
      each.status === "fulfilled" && each.value && wanted.has(each.value.name)
        ? samplesOf(each.value, labels)
        : [],
    );
    const now = inOrderOfWeight(judge.look({ atMs: clock.now(), samples }));
    for (const alert of now) {
      if (!has(alerts, alert))
        log.error({ alert: alert.rule, ...alert.labels }, `${alert.summary} ${alert.next}`);
    }
    for (const alert of alerts) {
      if (!has(now, alert)) log.info({ alert: alert.rule, ...alert.labels }, `over: ${alert.summary}`);
    }
    alerts = now;
  };
  const watching = (async () => {
    for (;;) {
      const ended = await pause(everyMs, false, { signal: stopping.signal, ref: false }).catch(() => true);
      if (ended) return;
      await look().catch((err: unknown) => log.error({ err }, "what is wrong could not be judged"));
    }
  })();
  return {
    alerts: () => alerts,
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

const has = (alerts: readonly Alert[], { rule, labels }: Alert): boolean =>
  alerts.some((each) => each.rule === rule && JSON.stringify(each.labels) === JSON.stringify(labels));

/** The samples of one metric as Prometheus would have them: with the labels of whom they were asked from. */
const samplesOf = ({ name, values }: MetricRead, own: WatchSettings["labels"]): Sample[] =>
  values.map((each) => {
    const said = Object.entries(each.labels).map(([label, value]) => [label, String(value)]);
    const { metricName = name } = each as { metricName?: string };
    return { metric: metricName, value: each.value, labels: { ...own, ...Object.fromEntries(said) } };
  });

type MetricRead = Awaited<ReturnType<Metric["get"]>>;
