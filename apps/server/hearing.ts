import type { Event } from "#kernel/event";
import type { Reaction } from "#platform/bus/api";

/** The same reactions, with somebody who hears what each has been given. */
export const hearing = (
  reactions: readonly Reaction[],
  heard: (events: readonly Event[]) => void,
): Reaction[] =>
  reactions.map((reaction) => ({
    ...reaction,
    apply: async (transaction, arrivals) => {
      await reaction.apply(transaction, arrivals);
      heard(arrivals.map(({ event }) => event));
    },
  }));
