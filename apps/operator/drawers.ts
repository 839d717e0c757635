import { access, appendFile, constants, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bucketOf, type Id } from "#kernel/id";
import type { EntryFact, Facts, OrderFact, PaymentFact, ReservationFact } from "./fact.ts";

/** What lies in a drawer: everything of some buyers, by which domain told it. */
export type Laid = Omit<Facts, "checkouts">;

/**
 * A place for more facts than memory holds. Domains tell theirs in orders of their own: reservations by SKU, some
 * entries by shop. Each fact is laid into the drawer of the buyer's bucket it belongs to, in which everything lies that
 * it is held against, and drawers are looked through one at a time. Rejected: asking each domain for one bucket after
 * the other, which has inventory and settlement read all they have 1,024 times over.
 */
export interface Drawers {
  lay<Kind extends keyof Laid>(kind: Kind, facts: Laid[Kind]): Promise<void>;
  /** Every drawer that is not empty, once. */
  each(): AsyncGenerator<Laid, void>;
  /** Removes whatever was put on the disk. */
  close(): Promise<void>;
}

/** So many characters are held before they are put on the disk: a shop of some 10,000 orders needs no disk at all. */
const charactersHeld = 16_000_000;

/** Where temporary files may be large: /tmp is memory on many systems, /var/tmp on none. */
const scratch = () =>
  access("/var/tmp", constants.W_OK).then(
    () => "/var/tmp",
    () => tmpdir(),
  );

const drawerOf: { [Kind in keyof Laid]: (fact: Laid[Kind][number]) => Id<string> } = {
  orders: (order: OrderFact) => order.id,
  reservations: (reservation: ReservationFact) => reservation.checkout,
  payments: (payment: PaymentFact) => payment.checkout,
  entries: (entry: EntryFact) => entry.order ?? entry.payment ?? entry.id,
};

/** Opens an empty chest of drawers; `held` is for tests. */
export function openDrawers(held = charactersHeld): Drawers {
  const inMemory = new Map<number, string[]>();
  const onDisk = new Set<number>();
  let folder: string | undefined;
  let characters = 0;

  /** Facts name customers' orders: nobody else may read them. `mkdtemp` makes its folder for its owner alone. */
  const putAway = async () => {
    const place = folder ?? (await mkdtemp(join(await scratch(), "storey-audit-")));
    folder = place;
    for (const [drawer, lines] of inMemory) {
      await appendFile(join(place, String(drawer)), `${lines.join("\n")}\n`, { mode: 0o600 });
      onDisk.add(drawer);
    }
    inMemory.clear();
    characters = 0;
  };

  const linesOf = async (drawer: number): Promise<string[]> => {
    const written = folder && onDisk.has(drawer) ? await readFile(join(folder, String(drawer)), "utf8") : "";
    return [...written.split("\n").filter(Boolean), ...(inMemory.get(drawer) ?? [])];
  };

  return {
    lay: async (kind, facts) => {
      for (const fact of facts) {
        const line = JSON.stringify([kind, fact]);
        const drawer = bucketOf(drawerOf[kind](fact as never));
        const lines = inMemory.get(drawer) ?? [];
        if (lines.length === 0) inMemory.set(drawer, lines);
        lines.push(line);
        characters += line.length;
      }
      if (characters > held) await putAway();
    },
    each: async function* () {
      for (const drawer of new Set([...onDisk, ...inMemory.keys()])) {
        const laid = { orders: [], reservations: [], payments: [], entries: [] } as Laid;
        for (const line of await linesOf(drawer)) {
          const [kind, fact] = JSON.parse(line) as [keyof Laid, never];
          (laid[kind] as unknown[]).push(fact);
        }
        yield laid;
      }
    },
    close: async () => {
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}
