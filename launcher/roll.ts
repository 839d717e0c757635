import { setTimeout as pause } from "node:timers/promises";
import { fillersOf, ofKind } from "#topology/model";
import { answerOf } from "./answer.ts";
import type { Release } from "./application/release.ts";
import { judgeFailures, judgeTimes, type Vitals, vitalsOf } from "./application/vitals.ts";
import type { Running } from "./component.ts";
import type { Launched } from "./launch.ts";
import type { Watch } from "./watch.ts";

const lookEveryMs = 250;
/** Asked of an application that was just replaced, so that one that is broken is noticed also where nobody comes. */
const everybodysPaths = ["/", "/api/v1/products?limit=1"];
/** In a row: a single failure may have a reason of its own. */
const failuresMost = 3;

export interface RollOptions {
  readonly launched: Launched;
  readonly watch: Watch;
  /** The base URL of an application, past any proxy. */
  urlOf(application: string): string;
  /** Of those who watch: lets their figures be read. */
  readonly token: string;
  /** From now on the application is started from this release. */
  use(application: string, release: Release): void;
  readonly from: Release;
  readonly to: Release;
  /** How long each replaced application is watched before the next one is replaced. */
  readonly watchMs: number;
  say(line: string): void;
}

/** Every application runs the new release; or the old one again, and why. */
export type Rolled = { readonly rolled: true } | { readonly rolled: false; readonly reason: string };

/**
 * Replaces one application after the other by the same of another release: no proxy sends it anything new, it finishes
 * what it has, it is started from the new release, and gets its share again. Each is watched by health, failures and
 * time of its answers, and asked itself where nobody else does; when one is found wanting, all that were replaced get
 * the old release back.
 */
export async function roll(options: RollOptions): Promise<Rolled> {
  const { launched, say, from, to } = options;
  const applications = ofKind(launched.topology, "application").map(({ name }) => name);
  const replaced: string[] = [];
  for (const name of applications) {
    const usual = (await vitalsOf(options.urlOf(name), options.token)) ?? {
      requests: 0,
      failures: 0,
      seconds: 0,
    };
    replaced.push(name);
    const reason = await replace(name, to, options).then(
      () => watchOver(name, usual, options),
      (error: Error) => `it did not start: ${error.message}`,
    );
    if (reason === undefined) {
      say(`${name} runs ${to.version} from ${to.directory}`);
      continue;
    }
    say(`${name} is not well with ${to.version}: ${reason}. Rolling back`);
    for (const each of replaced.reverse()) await replace(each, from, options);
    say(`${replaced.join(", ")} run ${from.version} again`);
    return { rolled: false, reason };
  }
  return { rolled: true };
}

async function replace(name: string, release: Release, options: RollOptions): Promise<void> {
  const { launched, watch } = options;
  const proxies = proxiesOf(launched, name);
  await watch.aside(name, async () => {
    for (const proxy of proxies) await proxy.leaveOut?.(name);
    try {
      await launched.stopOne(name);
      options.use(name, release);
      await launched.start(name);
    } finally {
      for (const proxy of proxies) await proxy.leaveOut?.(undefined);
    }
  });
}

/** Proxies that have somebody else to send requests to; alone, an application cannot be spared. */
function proxiesOf({ topology, find }: Launched, application: string): Running[] {
  const proxies = topology.components.filter((each) => {
    const upstreams = fillersOf(topology, each.name, "http").map(({ name }) => name);
    return upstreams.length > 1 && upstreams.includes(application);
  });
  return proxies.flatMap(({ name }) => find(name) ?? []);
}

/** What is wrong with an application that was just replaced; undefined when it was well all the while. */
async function watchOver(name: string, usual: Vitals, options: RollOptions): Promise<string | undefined> {
  const url = options.urlOf(name);
  const before = { requests: 0, failures: 0, seconds: 0 };
  const failures = new Map<string, number>();
  /** When it had been there for half of the time: the first answers of a process are slow. */
  let settled: Vitals | undefined;
  const begunAt = performance.now();
  const since = () => performance.now() - begunAt;
  // On a machine that is slow itself there are still as many looks as it takes to find out.
  for (let looks = 0; looks < failuresMost || since() < options.watchMs; looks += 1) {
    await pause(lookEveryMs);
    const ailment = await options.launched.find(name)?.ailment();
    if (ailment !== undefined) return ailment;
    const now = await vitalsOf(url, options.token);
    const reason =
      now &&
      (judgeFailures({ before, now, usual }) ?? (settled && judgeTimes({ before: settled, now, usual })));
    if (reason !== undefined) return reason;
    if (since() > options.watchMs / 2) settled ??= now;
    for (const path of everybodysPaths) {
      const status = await failureAt(`${url}${path}`);
      failures.set(path, status === undefined ? 0 : (failures.get(path) ?? 0) + 1);
      if (failures.get(path) === failuresMost) return `it answers ${status} to ${path}`;
    }
  }
  return undefined;
}

/** The status of an answer that is a failure of the shop; who is overloaded (503), or late, is judged by others. */
const failureAt = (url: string): Promise<number | undefined> =>
  answerOf(url, { timeoutMs: 5_000 }).then(
    ({ status }) => (status >= 500 && status !== 503 ? status : undefined),
    () => undefined,
  );
