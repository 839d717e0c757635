import type { Clock } from "#kernel/clock";
import type { Id } from "#kernel/id";
import { allBuckets, type Store, type Writer } from "#platform/database/api";
import type { Bus, Reaction } from "../api.ts";
import { type Arrival, inbox, outbox, waiting } from "../boxes.ts";

export interface LocalBusSettings {
  readonly members: readonly { domain: string; store: Store; reactions: readonly Reaction[] }[];
  readonly clock: Clock;
  readonly log: (message: string, error: unknown) => void;
}

const batch = 200;
const lookEveryMs = 1_000;
/** What failed to apply rests this long, so that one bad event costs little and blocks its own aggregate only. */
const restMs = 5_000;

interface Member {
  readonly domain: string;
  readonly writer: Writer;
  readonly reactions: ReadonlyMap<string, Reaction>;
  readonly resting: Map<Id<string>, number>;
  /** Whether something may stand in its outbox, or in its inbox, that nobody has looked at since. */
  mayLeave: boolean;
  mayArrive: boolean;
}

/** A bus between domains of one process: the relay of each writes straight into the inboxes of its hearers. */
export function openLocalBus(settings: LocalBusSettings): Bus {
  const members = settings.members.map(
    (m): Member => ({
      domain: m.domain,
      writer: m.store.sweep(allBuckets),
      reactions: new Map(m.reactions.map((r) => [r.source, r])),
      resting: new Map(),
      mayLeave: true,
      mayArrive: true,
    }),
  );
  const hearers = (source: string) => members.filter((m) => m.reactions.has(source));
  const pumps = new Map(members.map((m) => [m.domain, pump(() => turn(m), settings.log)]));
  let look: NodeJS.Timeout | undefined;
  let moves = 0;

  /** Carries and applies until a turn finds nothing; whether it did anything. */
  async function turn(member: Member): Promise<boolean> {
    const carried = member.mayLeave ? await carryNext(member) : 0;
    let applied = 0;
    if (member.mayArrive) {
      member.mayArrive = false;
      applied = await applyNext(member, settings);
      // What was applied may have been waited for by the next version.
      member.mayArrive ||= applied > 0;
    }
    const moved = carried > 0 || applied > 0;
    if (moved) moves += 1;
    return moved;
  }

  async function carryNext(member: Member): Promise<number> {
    member.mayLeave = false;
    const { count, filled } = await carry(member, hearers(member.domain));
    member.mayLeave ||= count === batch;
    for (const hearer of filled) {
      hearer.mayArrive = true;
      if (hearer !== member) pumps.get(hearer.domain)?.poke();
    }
    return count;
  }

  /** Other processes write into these boxes too, and a crash leaves things behind: look whether or not we were told. */
  function lookEverywhere(): void {
    for (const member of members) {
      member.mayLeave = true;
      member.mayArrive = true;
      pumps.get(member.domain)?.poke();
    }
  }

  return {
    told: (domain) => {
      const member = members.find((m) => m.domain === domain);
      if (member) member.mayLeave = true;
      pumps.get(domain)?.poke();
    },
    start: () => {
      lookEverywhere();
      look = setInterval(lookEverywhere, lookEveryMs);
    },
    quiet: async () => {
      for (let before = -1; before !== moves; ) {
        before = moves;
        lookEverywhere();
        await Promise.all([...pumps.values()].map((p) => p.idle()));
      }
    },
    stop: async () => {
      clearInterval(look);
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
          const oldestMs = found.waiting ? Math.max(0, settings.clock.now() - found.since) : 0;
          return { domain: m.domain, box, waiting: found.waiting, oldestMs };
        }),
      );
    },
  };
}

async function carry(
  member: Member,
  hearers: readonly Member[],
): Promise<{ count: number; filled: Member[] }> {
  const leaving = await outbox.peek(member.writer, batch);
  if (leaving.length === 0) return { count: 0, filled: [] };
  const filled: Member[] = [];
  for (const hearer of hearers) {
    const reaction = hearer.reactions.get(member.domain);
    const arriving = leaving.flatMap(({ event }) =>
      [...new Set(reaction?.buckets(event))].map((bucket) => ({ bucket, event })),
    );
    if (arriving.length === 0) continue;
    await inbox.fill(hearer.writer, member.domain, arriving);
    filled.push(hearer);
  }
  await outbox.drop(member.writer, leaving);
  return { count: leaving.length, filled };
}

/** Applies one batch; when it fails, its events one by one, so that the bad one is found and the rest go on. */
async function applyNext(member: Member, settings: LocalBusSettings): Promise<number> {
  if (member.reactions.size === 0) return 0;
  const now = settings.clock.now();
  for (const [aggregate, until] of member.resting) if (until <= now) member.resting.delete(aggregate);
  try {
    return await applyBatch(member, batch);
  } catch (error) {
    if (member.resting.size === 0) settings.log(`${member.domain} could not apply a batch of events`, error);
  }
  let applied = 0;
  for (let i = 0; i < batch; i++) {
    const tried: Arrival[] = [];
    try {
      const count = await applyBatch(member, 1, tried);
      if (count === 0) break;
      applied += count;
    } catch (error) {
      const [bad] = tried;
      if (!bad) throw error;
      settings.log(`${member.domain} could not apply ${bad.event.type} of ${bad.event.aggregate}`, error);
      member.resting.set(bad.event.aggregate, now + restMs);
    }
  }
  return applied;
}

function applyBatch(member: Member, limit: number, tried: Arrival[] = []): Promise<number> {
  return member.writer.transaction(async (transaction) => {
    const taken = await inbox.take(transaction, [...member.resting.keys()], limit);
    if (taken.length === 0) return 0;
    tried.push(...taken);
    const fresh = taken.filter((a) => a.event.version > a.applied);
    for (const [source, reaction] of member.reactions) {
      const mine = fresh.filter((a) => a.source === source);
      if (mine.length > 0) await reaction.apply(transaction, mine);
    }
    await inbox.settle(transaction, taken);
    return taken.length;
  });
}

interface Pump {
  poke(): void;
  idle(): Promise<void>;
  end(): Promise<void>;
}

/** Runs turns one at a time for as long as they find work; a poke while one runs makes it run once more. */
function pump(turn: () => Promise<boolean>, log: LocalBusSettings["log"]): Pump {
  let running: Promise<void> | undefined;
  let again = false;
  let ended = false;
  const run = async () => {
    do {
      again = false;
      const moved = await turn().catch((error) => {
        log("the bus could not take a turn; it looks again within a second", error);
        return false;
      });
      again ||= moved;
    } while (again && !ended);
  };
  const poke = () => {
    if (ended) return;
    again = true;
    running ??= run().finally(() => {
      running = undefined;
      // A poke that came after the last turn began to end, and before this line, would be lost.
      if (again) poke();
    });
  };
  return {
    poke,
    idle: () => running ?? Promise.resolve(),
    end: async () => {
      ended = true;
      await running;
    },
  };
}
