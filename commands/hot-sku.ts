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
const plenty = 1_000_000;
const few = 500;

/**
 * Everybody wants one SKU: reservations a second through the inventory door in this process, on an instance that
 * vanishes again; and whether 500 pieces of a second SKU are sold 500 times when they are asked for 2,000 times.
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
      const [hot, scarce] = await sellTwo(open);
      const once = async () => {
        if (!(await reserveOne(open, hot))) throw new Error("the hot SKU is sold out");
      };
      await runClosedLoop({ callers, forMs: forMs / 5, once });
      const { perSecond, latency } = await runClosedLoop({ callers, forMs, once });
      let sold = 0;
      let left = 4 * few;
      const grab = async () => {
        while (left-- > 0) if (await reserveOne(open, scarce)) sold++;
      };
      await Promise.all(Array.from({ length: callers }, grab));
      return { callers, perSecond, p99: latency.p99, pieces: few, sold };
    } finally {
      await open.close();
    }
  } finally {
    await rm(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
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

async function sellTwo({ doors, bus }: OpenDoors): Promise<readonly [Id<"sku">, Id<"sku">]> {
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
      products: [draft("hot", plenty), draft("scarce", few)],
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
  return [skuOf("hot"), skuOf("scarce")];
}

async function reserveOne({ doors }: OpenDoors, sku: Id<"sku">): Promise<boolean> {
  const now = systemClock.now();
  const line = { id: newId<"reservation">(bucketOf(sku), now), sku, quantity: 1 };
  const checkout = newId<"checkout">(bucketOf(sku), now);
  const [answer] = expectDone(await doors.inventory.reserve(own(), { checkout, lines: [line] }));
  return answer?.reserved === true;
}
