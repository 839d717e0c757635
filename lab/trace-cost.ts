// What traces cost: node lab/trace-cost.ts [--save]
// Three shops of stage 1 beside each other: traces off, one in a hundred kept, every one. Each round asks all three
// the same, in an order that turns, so that what else the machine does falls on all of them.
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runClosedLoop } from "./generate/closed-loop.ts";
import { readingOperations } from "./operations/reading.ts";
import { provenanceMarkdown, provenanceOf, saveReport } from "./report/save.ts";
import { openApi } from "./shop/api.ts";
import { fetchCatalogue } from "./shop/catalogue.ts";
import { freePort } from "./shop/free-port.ts";
import { cpuOf, type StartedShop, startShop } from "./shop/running.ts";

const checkout = join(import.meta.dirname, "..");
const products = 300;
const seed = 1;
const asked = ["product"] as const;
/** Compiling ends within it. */
const warmUpMs = 8_000;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "16" },
    seconds: { type: "string", default: "1.5" },
    save: { type: "boolean", default: false },
  },
});
const [rounds, forMs] = [Number(values.rounds), Number(values.seconds) * 1_000];

interface Taken {
  readonly operation: string;
  readonly traces: string;
  readonly round: number;
  readonly applicationMs: number;
  readonly databaseMs: number;
  readonly perSecond: number;
}

const loadBefore = loadavg()[0] ?? 0;
const dataRoot = await mkdtemp(join(tmpdir(), "storey-trace-cost-"));
// The database's own user passes through.
await chmod(dataRoot, 0o711);
const collector = createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
});
await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
const to = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
const kinds: readonly (readonly [string, readonly string[]])[] = [
  ["off", []],
  ["1 in 100", ["--trace-to", to, "--trace-sample", "0.01"]],
  ["all", ["--trace-to", to, "--trace-sample", "1"]],
];

const started: StartedShop[] = [];
try {
  const taken = await take();
  const markdown = report(taken);
  console.log(markdown);
  if (values.save) {
    const command = `node lab/trace-cost.ts --rounds ${rounds} --seconds ${forMs / 1_000}`;
    const provenance = provenanceOf(checkout, command, seed, loadBefore);
    const whole = `# What traces cost\n\n${provenanceMarkdown(provenance)}\n\n${markdown}\n`;
    const results = join(import.meta.dirname, "results/01");
    console.log(await saveReport(results, "traces", provenance, { json: { taken }, markdown: whole }));
  }
} finally {
  await Promise.all(started.map((each) => each.stop()));
  collector.closeAllConnections();
  collector.close();
  await rm(dataRoot, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

async function take(): Promise<Taken[]> {
  const sides = [];
  for (const [at, [traces, options]] of kinds.entries()) {
    const place = { checkout, dataRoot, name: `traces-${at}`, port: await freePort(), products };
    const shop = await startShop({ ...place, options });
    started.push(shop);
    const api = openApi(shop.shop.url, 16);
    const operations = readingOperations(api, await fetchCatalogue(api, seed), seed);
    sides.push({ traces, shop: shop.shop, operations });
  }
  const taken: Taken[] = [];
  // The first round is warm-up.
  for (let round = 0; round <= rounds; round++) {
    for (const operation of asked) {
      for (let turn = 0; turn < sides.length; turn++) {
        const side = sides[(round + turn) % sides.length];
        const how = side?.operations.find(({ name }) => name === operation);
        if (!side || !how) throw new Error(`nobody knows how to ask for "${operation}"`);
        const before = cpuOf(side.shop);
        const loop = { callers: how.callers, forMs: round === 0 ? warmUpMs : forMs, once: how.once };
        const outcome = await runClosedLoop(loop);
        // What waits to be sent is sent within a second.
        await new Promise((resolve) => setTimeout(resolve, 1_200));
        const after = cpuOf(side.shop);
        if (round === 0) continue;
        taken.push({
          operation,
          traces: side.traces,
          round,
          applicationMs: (after.application - before.application) / outcome.operations,
          databaseMs: (after.database - before.database) / outcome.operations,
          perSecond: outcome.perSecond,
        });
      }
    }
  }
  return taken;
}

function report(taken: readonly Taken[]): string {
  const median = (figures: readonly number[]) =>
    [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
  const rows = asked.flatMap((operation) => {
    const of = (traces: string) =>
      taken.filter((each) => each.operation === operation && each.traces === traces);
    const off = median(of("off").map((each) => each.applicationMs));
    return kinds.map(([traces]) => {
      const all = of(traces);
      const application = median(all.map((each) => each.applicationMs));
      const cells = [
        application.toFixed(3),
        `${(((application - off) / off) * 100).toFixed(0)} %`,
        median(all.map((each) => each.databaseMs)).toFixed(3),
        median(all.map((each) => each.perSecond)).toFixed(0),
      ];
      return `| ${operation} | ${traces} | ${cells.join(" | ")} |`;
    });
  });
  return [
    `Medians of ${rounds} rounds of ${forMs / 1_000} s. CPU in milliseconds an operation, ${products} products, no cache.`,
    "",
    "| operation | traces | CPU of the application | more than off | CPU of the database | a second |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
