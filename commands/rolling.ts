import type { Release } from "#launcher/application/release";
import type { Launched } from "#launcher/launch";
import { roll } from "#launcher/roll";
import type { Watch } from "#launcher/watch";
import { at } from "#topology/address";
import type { Endpoint } from "#topology/wiring";
import { versionOf } from "./release.ts";

/** Which release each application of a running instance is started from. */
export interface Releases {
  of(component: string): Release;
  use(component: string, release: Release): void;
}

/** All of them from the one they are brought up from, until they are rolled. */
export function openReleases(
  first: Release,
): Releases & { current(): Release; settle(release: Release): void } {
  const used = new Map<string, Release>();
  let current = first;
  return {
    of: (component) => used.get(component) ?? current,
    use: (component, release) => void used.set(component, release),
    current: () => current,
    settle: (release) => {
      current = release;
      used.clear();
    },
  };
}

/** What a supervisor answers to `storey roll`. */
export interface RollAnswer {
  readonly rolled: boolean;
  readonly reason?: string;
  readonly said: readonly string[];
}

/** Rolls as it is asked to, one roll at a time. Throws CommandRefused `roll.no_release`. */
export function openRolling(with_: {
  launched: Launched;
  watch: Watch;
  releases: ReturnType<typeof openReleases>;
  endpointOf(application: string): Endpoint;
  /** Of those who watch. */
  readonly token: string;
  say(line: string): void;
}): (asked: unknown) => Promise<RollAnswer> {
  const { launched, watch, releases, endpointOf, token } = with_;
  let busy = false;
  return async (asked) => {
    const { directory, watchMs } = asked as { directory: string; watchMs: number };
    if (busy) return { rolled: false, reason: "another roll is under way", said: [] };
    const said: string[] = [];
    const say = (line: string) => {
      said.push(line);
      with_.say(line);
    };
    const from = releases.current();
    const to = { ...from, directory, version: versionOf(directory) };
    const urlOf = (name: string) => `http://${at(endpointOf(name))}`;
    busy = true;
    try {
      const outcome = await roll({
        launched,
        watch,
        urlOf,
        token,
        use: releases.use,
        from,
        to,
        watchMs,
        say,
      });
      releases.settle(outcome.rolled ? to : from);
      return { ...outcome, said };
    } finally {
      busy = false;
    }
  };
}
