import type { Event } from "#kernel/event";
import { allBuckets, type Store } from "#platform/database/api";
import type { Bus, Reaction } from "../api.ts";
import { look, newestOf, outbox, waiting } from "../boxes.ts";
import { applyWaiting, batch, type DeliverySettings, deliver, type Hearer, type Traced } from "../deliver.ts";
import { openPump } from "../pump.ts";

export interface LocalBusSettings extends DeliverySettings {
  readonly members: readonly {
    domain: string;
    store: Store;
    reactions: readonly Reaction[];
    traced?: Traced;
  }[];
}

const lookEveryMs = 1_000;
/**
 * Between two looks the outbox is read from this long before the newest event carried, so that nobody wades through
 * what was deleted and not yet vacuumed. An event that commits later than this after its id was drawn waits for a look.
 */
const committedWithinMs = 10_000;

interface Member extends Hearer {
  /** Whether something may stand in its outbox, or in its inbox, that nobody has looked at since. */
  mayLeave: boolean;
  mayArrive: boolean;
  /** Whether the whole outbox is read next, or what was made since `since` (milliseconds since 1970). */
  whole: boolean;
  since: number;
}

/** A bus between domains of one process: the relay of each applies straight in the domains that hear it. */
export function openLocalBus(settings: LocalBusSettings): Bus {
  const members = settings.members.map(
    (m): Member => ({
      domain: m.domain,
      writer: m.store.sweep(allBuckets),
      reactions: new Map(m.reactions.map((r) => [r.source, r])),
      resting: new Map(),
      traced: m.traced,
      mayLeave: true,
      mayArrive: true,
      whole: true,
      since: 0,
    }),
  );
  const hearers = (source: string) => members.filter((m) => m.reactions.has(source));
  const pumps = new Map(members.map((m) => [m.domain, openPump(() => turn(m), settings.log)]));
  let lookAgain: NodeJS.Timeout | undefined;
  let looking: Promise<unknown> | undefined;
  let moves = 0;

  /** Carries and applies; whether to look again. */
  async function turn(member: Member): Promise<boolean> {
    const carried = member.mayLeave ? await carryNext(member) : 0;
    let applied = 0;
    if (member.mayArrive) {
      member.mayArrive = false;
      applied = await applyWaiting(member, settings);
      // What was applied may have been waited for by the next version.
      member.mayArrive ||= applied > 0;
    }
    if (carried > 0 || applied > 0) moves += 1;
    return member.mayLeave || member.mayArrive;
  }

  async function carryNext(member: Member): Promise<number> {
    member.mayLeave = false;
    const carried = await carry(member, hearers(member.domain));
    member.mayLeave ||= carried === undefined || carried.count === batch;
    for (const hearer of carried?.keptWaiting ?? []) {
      hearer.mayArrive = true;
      if (hearer !== member) pumps.get(hearer.domain)?.poke();
    }
    return carried?.count ?? 0;
  }

  /**
   * Other processes write into these boxes too, and a crash leaves things behind: look whether or not we were told. One
   * small statement a domain; a turn follows where there is something.
   */
  async function lookEverywhere(): Promise<void> {
    await Promise.all(
      members.map(async (member) => {
        if (await hasWork(member)) pumps.get(member.domain)?.poke();
      }),
    ).catch((error) =>
      settings.log("the bus could not look for events; it looks again within a second", error),
    );
  }

  return {
    told: (domain) => {
      const member = members.find((m) => m.domain === domain);
      if (member) member.mayLeave = true;
      pumps.get(domain)?.poke();
    },
    heard: async (domain, withinMs) => {
      const member = members.find((m) => m.domain === domain);
      if (member) member.mayLeave = true;
      await pumps.get(domain)?.turned(withinMs);
    },
    start: () => {
      const begin = () => {
        looking ??= lookEverywhere().finally(() => {
          looking = undefined;
        });
      };
      begin();
      lookAgain = setInterval(begin, lookEveryMs);
    },
    quiet: async () => {
      for (let before = -1; before !== moves; ) {
        before = moves;
        await lookEverywhere();
        await Promise.all([...pumps.values()].map((p) => p.idle()));
      }
    },
    stop: async () => {
      clearInterval(lookAgain);
      await looking;
      await Promise.all([...pumps.values()].map((p) => p.end()));
    },
    lag: async () => {
      const boxes = members.flatMap((m) => [
        { m, box: "outbox" as const },
        { m, box: "inbox" as const },
      ]);
      return Promise.all(
        boxes.map(async ({ m, box }) => {
          const found = await waiting(m.writer, box);
          const since = found.waiting ? found.since : 0;
          const oldestMs = since ? Math.max(0, settings.clock.now() - since) : 0;
          return { domain: m.domain, box, waiting: found.waiting, since, oldestMs };
        }),
      );
    },
  };
}

/** Looks into a domain's boxes, and notes what is to be done. */
async function hasWork(member: Member): Promise<boolean> {
  const { leaving, arriving } = await look(member.writer);
  member.mayLeave ||= leaving;
  member.whole ||= leaving;
  member.mayArrive ||= arriving;
  return leaving || arriving;
}

/** Delivers what is next and deletes it; undefined while another process does that. */
async function carry(
  member: Member,
  hearers: readonly Member[],
): Promise<{ count: number; keptWaiting: readonly Member[] } | undefined> {
  const { domain, whole } = member;
  member.whole = false;
  let dropped: Promise<unknown> | undefined;
  const carried = await member.writer.transaction(async (transaction) => {
    const leaving = await outbox.peek(transaction, domain, whole ? 0 : member.since, batch);
    member.whole ||= whole && leaving?.length === batch;
    if (!leaving || leaving.length === 0) return leaving && { count: 0, keptWaiting: [], newest: 0 };
    const told = leaving.map(({ event }) => event);
    const keptWaiting = await deliverToAll(domain, told, hearers);
    // Its answer is waited for after the commit, so that both leave together.
    dropped = outbox.drop(transaction, leaving);
    dropped.catch(() => undefined);
    return { count: leaving.length, keptWaiting, newest: newestOf(leaving) };
  });
  await dropped;
  if (carried?.newest) member.since = Math.max(member.since, carried.newest - committedWithinMs);
  return carried;
}

/** All at once, so that their commits share the disk. Only when all have ended is it known whether one failed. */
async function deliverToAll(
  source: string,
  told: readonly Event[],
  hearers: readonly Member[],
): Promise<readonly Member[]> {
  const outcomes = await Promise.allSettled(hearers.map((hearer) => deliver(hearer, source, told)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
  return hearers.filter((_, i) => (outcomes[i] as PromiseFulfilledResult<boolean>).value);
}
