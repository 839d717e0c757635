import { setTimeout as pause } from "node:timers/promises";
import { at } from "#topology/address";
import type { Endpoint } from "#topology/wiring";
import { answerOf, type HttpAnswer } from "../answer.ts";
import type { Account, Host } from "../host.ts";
import { LaunchRefused } from "../refused.ts";
import { restUser, turnSeconds } from "./patroni-settings.ts";

/** A database of a cluster, and the Patroni that looks after it. */
export interface ClusterMember {
  readonly name: string;
  /** Its own way in at its own host. */
  readonly local: Endpoint;
  readonly rest: Endpoint;
  /** Where its Patroni's settings lie at its host, and whose they are. */
  readonly settings: { readonly host: Host; readonly file: string; readonly account?: Account | undefined };
}

/** The Patronis of a cluster, of which any that answers speaks for all. */
export interface Guardians {
  /** What each member is that runs: `leader`, `sync_standby` or `replica`. */
  roles(): Promise<ReadonlyMap<string, string>>;
  /** Ends when a member confirms writes, so that it lacks none. Throws LaunchRefused `switchover.no_candidate`. */
  untilConfirms(name: string, withinMs: number): Promise<void>;
  /** Has a member's own Patroni read its settings again. */
  reload(name: string): Promise<void>;
  /** Has a member's own Patroni look at the cluster now rather than in its next turn. */
  wake(name: string): Promise<void>;
  /** Stops the one and promotes the other. Throws LaunchRefused `switchover.failed`. */
  switchOver(from: string, to: string, withinMs: number): Promise<void>;
}

interface Sent {
  readonly method?: "POST" | "PATCH";
  readonly body?: object;
  readonly timeoutMs?: number;
}

interface Told {
  readonly members: readonly { readonly name: string; readonly role: string; readonly state: string }[];
}

const lookEveryMs = 100;

export function openGuardians(members: readonly ClusterMember[], password: string): Guardians {
  const authorization = `Basic ${Buffer.from(`${restUser}:${password}`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json" };
  async function ask(path: string, sent: Sent = {}, asked = members) {
    let failed: unknown;
    const { timeoutMs = 5_000, method, body } = sent;
    const options = { timeoutMs, ...(method ? { method, body: JSON.stringify(body ?? {}) } : {}) };
    for (const { rest } of asked) {
      const url = `http://${at(rest)}${path}`;
      const answer: HttpAnswer | undefined = await answerOf(url, { ...options, headers }).catch((error) => {
        failed = error;
        return undefined;
      });
      if (answer) return answer;
    }
    throw new LaunchRefused("switchover.failed", "No Patroni answers. See ./storey status.", {
      cause: failed,
    });
  }
  const roles = async () => {
    const told = JSON.parse((await ask("/cluster")).text) as Told;
    const running = told.members.filter(({ state }) => ["running", "streaming"].includes(state));
    return new Map(running.map(({ name, role }) => [name, role]));
  };
  const only = (name: string) => members.filter((member) => member.name === name);
  return {
    roles,
    untilConfirms: async (name, withinMs) => {
      for (const deadline = performance.now() + withinMs; performance.now() < deadline; ) {
        if ((await roles()).get(name) === "sync_standby") return;
        await pause(lookEveryMs);
      }
      const next = "See ./storey status, and try again when it follows.";
      throw new LaunchRefused("switchover.no_candidate", `${name} does not confirm writes. ${next}`);
    },
    reload: async (name) => void (await ask("/reload", { method: "POST" }, only(name))),
    // What is so already is not written; whoever is told it wakes up all the same.
    wake: async (name) =>
      void (await ask("/config", { method: "PATCH", body: { loop_wait: turnSeconds } }, only(name))),
    switchOver: async (from, to, timeoutMs) => {
      const body = { leader: from, candidate: to };
      const { status, text } = await ask("/switchover", { method: "POST", body, timeoutMs });
      if (status !== 200)
        throw new LaunchRefused("switchover.failed", `Patroni did not switch (${status}): ${text.trim()}`);
    },
  };
}
