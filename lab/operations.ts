import { loadavg } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { buyingOperations } from "./operations/buying.ts";
import { type Measured, measure } from "./operations/measure.ts";
import { readingOperations } from "./operations/reading.ts";
import { measureStatements } from "./raw/database-limits.ts";
import { measureHttp } from "./raw/http-limit.ts";
import type { Limit } from "./raw/limit.ts";
import { hotRow, oneStatementOrder, pointRead } from "./raw/statements.ts";
import type { HotSku, OperationsReport, Round } from "./report/operations-report.ts";
import { openApi } from "./shop/api.ts";
import { prepareBuyers, signIn } from "./shop/buyers.ts";
import { fetchCatalogue } from "./shop/catalogue.ts";
import { ownProvider } from "./shop/provider.ts";
import { memoryOf, type RunningShop, type StartedShop } from "./shop/running.ts";
import { stockUp } from "./shop/stock-up.ts";

export interface OperationsOptions {
  readonly rounds: number;
  /** For each operation and each limit, in each round. */
  readonly seconds: number;
  readonly seed: number;
  readonly operator?: { readonly email: string; readonly password: string };
  /** Starts the shop of an instance with data; measured once a round. Left out where it runs already. */
  readonly start?: () => Promise<StartedShop>;
  readonly running?: RunningShop;
  /** One hot SKU through the inventory door, in this process. Left out: not measured. */
  readonly hotSku?: (forMs: number) => Promise<HotSku>;
  say(line: string): void;
}

/** A process that has just answered still tidies up; idle is what it is after this. */
const idleAfterMs = 3_000;
const connections = 64;
const buyers = 32;

/** The figures of DESIGN section 10: each operation in a closed loop beside the raw limits, in several rounds. */
export async function runOperations(options: OperationsOptions): Promise<OperationsReport> {
  const loadBefore = loadavg()[0] ?? 0;
  const starts: { ms: number; idleBytes: number }[] = [];
  let started: StartedShop | undefined;
  try {
    for (let turn = 0; options.start && turn < options.rounds; turn++) {
      await started?.stop();
      started = await options.start();
      await pause(idleAfterMs);
      starts.push({ ms: started.startedInMs, idleBytes: await memoryOf(started.shop) });
      options.say(`started in ${Math.round(started.startedInMs)} ms`);
    }
    const shop = started?.shop ?? options.running;
    if (!shop) throw new Error("there is no shop to measure");
    return { loadBefore, starts, ...(await measureShop(options, shop)) };
  } finally {
    await started?.stop();
  }
}

async function measureShop(options: OperationsOptions, shop: RunningShop) {
  const { seed, say, operator } = options;
  const api = openApi(shop.url, connections);
  try {
    const catalogue = await fetchCatalogue(api, seed);
    say(`${catalogue.products.length} products`);
    if (operator) await stockUp(api, catalogue, await signIn(api, operator));
    const run = `${Date.now().toString(36)}-${process.pid}`;
    const pool = await prepareBuyers(shop.url, buyers, run);
    const provider = ownProvider(api, shop.secrets.secret("sandbox"));
    const operations = [
      ...readingOperations(api, catalogue, seed),
      ...(await buyingOperations({ api, catalogue, buyers: pool.all, provider, seed, run })),
    ];
    const forMs = options.seconds * 1_000;
    const rounds: Round[] = [];
    for (let round = 0; round < options.rounds; round++) {
      say(`round ${round + 1} of ${options.rounds}`);
      const limits: Limit[] = [
        await measureHttp(forMs),
        ...(await measureStatements(
          shop.database,
          [pointRead, oneStatementOrder, hotRow],
          forMs,
          seed + round,
        )),
      ];
      const measured: Measured[] = [];
      for (const operation of operations) {
        const found = await measure({ shop, api, forMs }, operation);
        measured.push(found);
        const { application, database } = found.cpuMs;
        say(
          `  ${found.name}: ${Math.round(found.perSecond)}/s, CPU ${application.toFixed(3)} + ${database.toFixed(3)} ms`,
        );
      }
      const hotSku = await options.hotSku?.(forMs);
      if (hotSku) say(`  hot SKU: ${Math.round(hotSku.perSecond)}/s`);
      rounds.push({ limits, measured, ...(hotSku ? { hotSku } : {}) });
    }
    return {
      settings: {
        rounds: options.rounds,
        seconds: options.seconds,
        seed,
        products: catalogue.products.length,
      },
      rounds,
    };
  } finally {
    await api.close();
  }
}
