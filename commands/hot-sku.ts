import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "#kernel/clock";
import { type Caller, newContext } from "#kernel/context";
import { bucketOf, type Id, newId } from "#kernel/id";
import { expectDone } from "#kernel/refusal";
import type { HotSku } from "#lab/report/operations-report";
import { type OpenDoors, openDoors } from "./doors.ts";
import { openInstanceWithDatabase } from "./instance.ts";

const callers = 256;
const processes = 2;
const plenty = 1_000_000;
const few = 500;

/**
 * Everybody wants one SKU: reservations a second through the inventory door in this process, then in two processes that
 * know nothing of each other, on an instance that vanishes again. And whether 500 pieces of another SKU are sold 500
 * times when they are asked for 2,000 times.
 */
export async function measureHotSku(forMs: number): Promise<HotSku> {
  const { runClosedLoop } = await import("#lab/generate/closed-loop");
  const data = await mkdtemp(join(tmpdir(), "storey-hot-"));
  await chmod(data, 0o711);
  const log = (message: string, error?: unknown) => {
    if (error) console.error(`${message}: ${(error as Error).message}`);
  };
  try {
    const instance = { name: "hot-sku", data };
    // Doors open on instances that exist.
    await (await openInstanceWithDatabase(instance, log)).close();
    const open = await openDoors(instance, log);
    try {
      const [hot, scarce, rare] = await sell(open);
      const reserve = () => reserveSurely(open, hot);
      await runClosedLoop({ callers, forMs: forMs / 5, once: reserve });
      const { perSecond, latency } = await runClosedLoop({ callers, forMs, once: reserve });
      const sold = await grab(open, scarce, { callers, attempts: 4 * few });
      const together = await hammerTogether({ ...instance, hot, scarce: rare, forMs });
      return { callers, perSecond, p99: latency.p99, pieces: few, sold, together };
    } finally {
      await open.close();
    }
  } finally {
    await rm(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

/** Asks for a SKU so often, many at once; answers how many were got. */
export async function grab(
  open: OpenDoors,
  sku: Id<"sku">,
  { callers, attempts }: { readonly callers: number; readonly attempts: number },
): Promise<number> {
  let sold = 0;
  let left = attempts;
  const caller = async () => {
    while (left-- > 0) if (await reserveOne(open, sku)) sold++;
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return sold;
}

/** What each of several processes is told to do. */
export interface Hammering {
  readonly name: string;
  readonly data: string;
  readonly hot: Id<"sku">;
  readonly scarce: Id<"sku">;
  readonly callers: number;
  readonly forMs: number;
  readonly attempts: number;
}

export interface Hammered {
  readonly perSecond: number;
  readonly p99: number;
  readonly sold: number;
}

/** The same callers, shared among processes that join the instance. */
async function hammerTogether(at: Omit<Hammering, "callers" | "attempts">): Promise<HotSku["together"]> {
  const each: Hammering = { ...at, callers: callers / processes, attempts: (4 * few) / processes };
  const children = Array.from({ length: processes }, () =>
    fork(join(import.meta.dirname, "hot-sku-process.ts"), [JSON.stringify(each)]),
  );
  try {
    await Promise.all(children.map(nextMessage));
    const hammered = children.map(nextMessage) as Promise<Hammered>[];
    for (const child of children) child.send("now");
    const found = await Promise.all(hammered);
    await Promise.all(children.map((child) => child.exitCode ?? once(child, "exit")));
    return {
      processes,
      callers: each.callers,
      perSecond: found.reduce((sum, { perSecond }) => sum + perSecond, 0),
      p99: Math.max(...found.map(({ p99 }) => p99)),
      pieces: few,
      sold: found.reduce((sum, { sold }) => sum + sold, 0),
    };
  } finally {
    for (const child of children) child.kill();
  }
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const message = once(child, "message", { signal: ended.signal });
  const exit = once(child, "exit", { signal: ended.signal }).then(([code]) => {
    throw new Error(`a process that should reserve ended with ${code}`);
  });
  try {
    return (await Promise.race([message, exit]))[0];
  } finally {
    exit.catch(() => undefined);
    ended.abort();
  }
}

const as = (caller: Caller) =>
  newContext({
    caller,
    deadline: systemClock.now() + 60_000,
    idempotencyKey: "hot-sku",
    trace: "hot-sku",
  });
const own = () => as({ kind: "domain", domain: "lab" });

async function sell({ doors, bus }: OpenDoors): Promise<readonly [Id<"sku">, Id<"sku">, Id<"sku">]> {
  const category = { slug: "hot", parent: null, name: "Hot", nameZh: "热", position: 0, image: null };
  expectDone(await doors.catalog.putCategories(own(), { items: [category] }));
  const owner = expectDone(
    await doors.account.register(own(), {
      email: "hot@example.com",
      name: "Hot",
      password: "a secret of the lab",
    }),
  );
  const session = newId<"session">(bucketOf(owner.id), systemClock.now());
  const shop = expectDone(
    await doors.shop.open(as({ kind: "account", account: owner.id, session, operator: false, shops: [] }), {
      name: "Hot",
      region: "Leeds, GB",
      shipping: { flat: 0, freeAbove: null },
    }),
  );
  const draft = (code: string, stock: number) => ({
    handle: code,
    draft: {
      title: code,
      category: "hot",
      status: "published" as const,
      skus: [{ code, price: { amount: 100, currency: "USD" }, stock }],
    },
  });
  const made = expectDone(
    await doors.catalog.importMany(own(), {
      shop: shop.id,
      products: [draft("hot", plenty), draft("scarce", few), draft("rare", few)],
    }),
  );
  const ids = made.flatMap(({ product }) => (product ? [product] : []));
  const products = expectDone(await doors.catalog.getMany(own(), { ids }));
  await bus.quiet();
  const skuOf = (code: string) => {
    const found = products.flatMap(({ skus }) => skus).find((sku) => sku.code === code);
    if (!found) throw new Error(`${code} was not imported`);
    return found.id;
  };
  return [skuOf("hot"), skuOf("scarce"), skuOf("rare")];
}

/** Throws where none is left. */
export async function reserveSurely(open: OpenDoors, sku: Id<"sku">): Promise<void> {
  if (!(await reserveOne(open, sku))) throw new Error("the hot SKU is sold out");
}

/** One piece for a checkout of its own; false where none is left. */
async function reserveOne({ doors }: OpenDoors, sku: Id<"sku">): Promise<boolean> {
  const now = systemClock.now();
  const line = { id: newId<"reservation">(bucketOf(sku), now), sku, quantity: 1 };
  const checkout = newId<"checkout">(bucketOf(sku), now);
  const [answer] = expectDone(await doors.inventory.reserve(own(), { checkout, lines: [line] }));
  return answer?.reserved === true;
}
