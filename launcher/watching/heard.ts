import { type Alert, inOrderOfWeight, type Severity } from "#topology/alerts/rule";
import type { Alarm } from "./alarm.ts";
import { heartbeat, silenceSeconds } from "./heartbeat.ts";

/** An alert as Alertmanager's webhook (version 4) has it; the rest is not for us. */
interface Sent {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
}

/**
 * Keeps what Alertmanager tells of, and says when something begins and ends. It repeats what goes on, so that a
 * supervisor that starts again knows after half a minute; what is not repeated is over. And it is to be heard of all
 * the time: when it is not, that is an alert by itself.
 */
export function hearAlerts(with_: { say(line: string): void; nowMs(): number }): Alarm {
  const { say, nowMs } = with_;
  const known = new Map<string, { alert: Alert; heardMs: number }>();
  let heartbeatMs = nowMs();
  const isSilent = (sinceMs: number) => nowMs() - sinceMs > silenceSeconds * 1000;
  const takeOne = (sent: Sent) => {
    if (sent.labels["alertname"] === heartbeat) {
      heartbeatMs = nowMs();
      return;
    }
    const alert = alertOf(sent);
    const key = JSON.stringify([alert.rule, alert.labels]);
    if (sent.status === "resolved") {
      if (known.delete(key)) say(`over: ${alert.rule} ${wordsOf(alert.labels)}`.trimEnd());
      return;
    }
    if (!known.has(key)) say(`alert (${alert.severity}), ${alert.rule}: ${alert.summary} ${alert.next}`);
    known.set(key, { alert, heardMs: nowMs() });
  };
  return {
    take: (sent) => {
      for (const each of readSent(sent)) takeOne(each);
    },
    list: async () => {
      for (const [key, { heardMs }] of known) if (isSilent(heardMs)) known.delete(key);
      const alerts = [...known.values()].map(({ alert }) => alert);
      return inOrderOfWeight(isSilent(heartbeatMs) ? [unwatched(heartbeatMs), ...alerts] : alerts);
    },
  };
}

function readSent(sent: unknown): readonly Sent[] {
  const { alerts } = (sent ?? {}) as { alerts?: unknown };
  if (!Array.isArray(alerts)) throw new Error("alerts come in a list called alerts");
  return alerts.filter((each: Partial<Sent>): each is Sent => Boolean(each.labels && each.startsAt));
}

function alertOf({ labels, annotations, startsAt }: Sent): Alert {
  const { alertname = "unnamed", severity, ...others } = labels;
  return {
    rule: alertname,
    severity: severity === "critical" ? "critical" : ("warning" satisfies Severity),
    labels: others,
    since: startsAt,
    summary: annotations["summary"] ?? alertname,
    next: annotations["next"] ?? "",
  };
}

const wordsOf = (labels: Alert["labels"]): string => Object.values(labels).join(" ");

const unwatched = (sinceMs: number): Alert => ({
  rule: "unwatched",
  severity: "critical",
  labels: {},
  since: new Date(sinceMs).toISOString(),
  summary: "Nobody watches: nothing has been heard from Prometheus and Alertmanager.",
  next: "What else is wrong is not known until they are back: ./storey logs prometheus, ./storey logs alertmanager.",
});
