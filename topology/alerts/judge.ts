import type { Condition } from "./figure.ts";
import { type KeptLook, keep, type Look, read, secondsOf, type Values } from "./read.ts";
import type { Alert, AlertRule } from "./rule.ts";
import { inWords } from "./words.ts";

/** Judges looks by rules, without Prometheus. */
export interface Judge {
  /** What is wrong at this look, and has been for long enough. Looks come in the order of their times. */
  look(look: Look): Alert[];
}

/** Nothing is remembered between two of them: a process that starts again begins to wait anew. */
export function openJudge(rules: readonly AlertRule[]): Judge {
  const keptMs =
    1000 * Math.max(0, ...rules.flatMap(({ when }) => when.map(({ figure }) => secondsOf(figure))));
  let looks: KeptLook[] = [];
  let since = new Map<string, number>();
  return {
    look: (next) => {
      looks = [...looks.filter(({ atMs }) => next.atMs - atMs <= keptMs), keep(next, looks.at(-1))];
      const still = new Map<string, number>();
      const alerts = rules.flatMap((rule, at) =>
        [...holding(rule, looks)].flatMap(([key, { labels, value }]): Alert[] => {
          const id = `${at} ${key}`;
          const from = since.get(id) ?? next.atMs;
          still.set(id, from);
          return next.atMs - from >= rule.forSeconds * 1000
            ? [alertOf(rule, labels, value, from + rule.forSeconds * 1000)]
            : [];
        }),
      );
      since = still;
      return alerts;
    },
  };
}

/** For which labels all conditions of a rule hold, with the figure of the first. */
function holding({ when, by }: AlertRule, looks: readonly KeptLook[]): Values {
  const [first, ...others] = when.map((condition) => holds(condition, read(condition.figure, looks, by)));
  return new Map([...(first ?? [])].filter(([key]) => others.every((other) => other.has(key))));
}

const holds = ({ is, than }: Condition, values: Values): Values =>
  new Map([...values].filter(([, { value }]) => (is === "above" ? value > than : value < than)));

function alertOf(rule: AlertRule, labels: Alert["labels"], value: number, sinceMs: number): Alert {
  const { name, severity, shows } = rule;
  return {
    rule: name,
    severity,
    labels,
    since: new Date(sinceMs).toISOString(),
    summary: inWords(rule.summary, labels, value, shows),
    next: inWords(rule.next, labels, value, shows),
  };
}
