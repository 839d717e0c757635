import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { Consumption } from "#launcher/hosts/consumption";
import { findHosts } from "#launcher/hosts/hosts";
import { openSecrets } from "#launcher/secrets";
import type { ComponentStatus } from "#launcher/status";
import type { Kind } from "#topology/model";
import { treeCpuMs } from "../machine/processes.ts";
import { type StagedShop, startStage } from "../shop/staged.ts";

/** What has been used up to a moment. */
export interface Reading {
  readonly atMs: number;
  readonly hosts: ReadonlyMap<string, Consumption>;
  /** Milliseconds of processors by kind of component. */
  readonly kinds: Readonly<Record<string, number>>;
}

/** A stage on hosts of its own, with the means of measuring it. */
export interface ClimbingShop {
  readonly url: string;
  readonly bootMs: number;
  readonly sandboxKey: string;
  /** What stands on each host. */
  readonly tenants: readonly Tenants[];
  read(): Promise<Reading>;
  /** Ends when no event waits. */
  quiet(): Promise<void>;
  /** Lets every host take what it needs, for work that is not to be measured; then each has its share again. */
  unlimited<T>(work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** What stands on a host. */
export interface Tenants {
  readonly host: string;
  readonly components: readonly { readonly name: string; readonly kind: Kind }[];
}

export interface ClimbingSize {
  /** Of one processor. */
  readonly cpuPercent: number;
  readonly memoryMb: number;
}

const quietWithinMs = 60_000;

/** Brings a stage up on hosts of that size, with so many products. Throws in the words of `storey up`. */
export async function climbingShop(at: {
  stage: number;
  dataRoot: string;
  port: number;
  products: number;
  size: ClimbingSize;
}): Promise<ClimbingShop> {
  const { stage, dataRoot, port, products, size } = at;
  const name = `climb-${stage}`;
  const options = [
    ...["--target", "hosts", "--host-cpu", String(size.cpuPercent), "--host-memory", String(size.memoryMb)],
    ...["--demo-products", String(products)],
  ];
  const shop = await startStage({ stage, name, dataRoot, port, options });
  try {
    const directory = join(dataRoot, name);
    const hosts = await findHosts(directory);
    if (!hosts) throw new Error("it came up and has no hosts");
    const secrets = await openSecrets(directory);
    const { components } = await shop.status();
    return {
      url: shop.url,
      bootMs: shop.bootMs,
      sandboxKey: secrets.secret("sandbox"),
      tenants: tenantsOf(components),
      read: async () => ({
        hosts: await hosts.consumption(),
        kinds: kindsOf(components),
        atMs: performance.now(),
      }),
      quiet: () => untilNoEventWaits(shop),
      unlimited: async (work) => {
        await hosts.limitAll(false);
        try {
          return await work();
        } finally {
          await hosts.limitAll(true);
        }
      },
      stop: () => shop.stop(),
    };
  } catch (error) {
    await shop.stop();
    throw error;
  }
}

const tenantsOf = (components: readonly ComponentStatus[]): Tenants[] =>
  [...Map.groupBy(components, ({ host }) => host)].map(([host, some]) => ({
    host,
    components: some.map(({ name, kind }) => ({ name, kind })),
  }));

function kindsOf(components: readonly { kind: string; pid: number }[]): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const { kind, pid } of components) kinds[kind] = (kinds[kind] ?? 0) + treeCpuMs(pid);
  return kinds;
}

async function untilNoEventWaits(shop: StagedShop): Promise<void> {
  for (const deadline = performance.now() + quietWithinMs; performance.now() < deadline; ) {
    const { components } = await shop.status();
    const waiting = components.reduce((sum, { metrics }) => sum + (metrics["eventsWaiting"] ?? 0), 0);
    if (waiting === 0) return;
    await pause(100);
  }
}
