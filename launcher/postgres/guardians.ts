import { setTimeout as pause } from "node:timers/promises";
import { at } from "#topology/address";
import type { Endpoint } from "#topology/wiring";
import { answerOf, type HttpAnswer } from "../answer.ts";
import { LaunchRefused } from "../refused.ts";
import { restUser } from "./patroni-settings.ts";

/** A database of a cluster, and the Patroni that looks after it. */
export interface ClusterMember {
  readonly name: string;
  /** Its own way in at its own host. */
  readonly local: Endpoint;
  readonly rest: Endpoint;
}

/** The Patronis of a cluster, of which any that answers speaks for all. */
export interface Guardians {
  /** What each member is that runs: `leader`, `sync_standby` or `replica`. */
  roles(): Promise<ReadonlyMap<string, string>>;
  /**
   * Ends when a member confirms writes, so that it lacks none; where another one does, one more is asked for meanwhile.
   * Throws LaunchRefused `switchover.no_candidate`.
   */
  confirmWith(name: string, withinMs: number): Promise<{ undo(): Promise<void> }>;
  /** Stops the one and promotes the other. Throws LaunchRefused `switchover.failed`. */
  switchOver(from: string, to: string, withinMs: number): Promise<void>;
}

interface Told {
  readonly members: readonly { readonly name: string; readonly role: string; readonly state: string }[];
}

const lookEveryMs = 100;

export function openGuardians(members: readonly ClusterMember[], password: string): Guardians {
  const authorization = `Basic ${Buffer.from(`${restUser}:${password}`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json" };
  async function ask(path: string, sent?: { method: "POST" | "PATCH"; body: object; timeoutMs?: number }) {
    let failed: unknown;
    const { timeoutMs = 5_000 } = sent ?? {};
    const options = { timeoutMs, ...(sent ? { method: sent.method, body: JSON.stringify(sent.body) } : {}) };
    for (const { rest } of members) {
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
  const confirmers = (count: number | null) =>
    ask("/config", { method: "PATCH", body: { synchronous_node_count: count } });
  return {
    roles,
    confirmWith: async (name, withinMs) => {
      const confirms = async () => (await roles()).get(name) === "sync_standby";
      if (await confirms()) return { undo: async () => undefined };
      await confirmers(2);
      const undo = async () => void (await confirmers(null));
      for (const deadline = performance.now() + withinMs; performance.now() < deadline; ) {
        if (await confirms()) return { undo };
        await pause(lookEveryMs);
      }
      await undo();
      const next = "See ./storey status, and try again when it follows.";
      throw new LaunchRefused("switchover.no_candidate", `${name} does not confirm writes. ${next}`);
    },
    switchOver: async (from, to, timeoutMs) => {
      const body = { leader: from, candidate: to };
      const { status, text } = await ask("/switchover", { method: "POST", body, timeoutMs });
      if (status !== 200)
        throw new LaunchRefused("switchover.failed", `Patroni did not switch (${status}): ${text.trim()}`);
    },
  };
}
