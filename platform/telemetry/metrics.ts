import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What the process measures of itself, in Prometheus' form. */
export interface Metrics {
  readonly registry: Registry;
  /** One answered request. */
  requested(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** Something that happened to the business, such as `order_placed`. */
  counted(what: string, howMany: number): void;
  /** Reads gauges when somebody looks, from these sources. */
  watch(sources: {
    pools(): readonly { domain: string; open: number; idle: number; waiting: number }[];
    boxes(): Promise<readonly { domain: string; box: string; waiting: number; oldestMs: number }[]>;
  }): void;
}

/** From 1 ms to 10 s: a product page takes 2 ms, a checkout 10 ms, a client gives up after 10 s. */
const latencyBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Makes a registry of its own, so that several servers can live in one process of tests. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "storey_" });
  const registers = [registry];
  const latency = new Histogram({
    name: "storey_http_request_seconds",
    help: "Time from the first byte of a request to the last of its answer",
    labelNames: ["method", "route", "status"],
    buckets: latencyBuckets,
    registers,
  });
  const business = new Counter({
    name: "storey_business_total",
    help: "What happened to the business",
    labelNames: ["what"],
    registers,
  });
  return {
    registry,
    requested: (labels, seconds) => latency.observe({ ...labels, status: String(labels.status) }, seconds),
    counted: (what, howMany) => {
      if (howMany > 0) business.inc({ what }, howMany);
    },
    watch: (sources) => {
      watchPools(registers, sources.pools);
      watchBoxes(registers, sources.boxes);
    },
  };
}

type Sources = Parameters<Metrics["watch"]>[0];
type Box = Awaited<ReturnType<Sources["boxes"]>>[number];

function watchPools(registers: Registry[], pools: Sources["pools"]): void {
  new Gauge({
    name: "storey_database_connections",
    help: "Connections of a domain's pool, and callers that wait for one",
    labelNames: ["domain", "state"],
    registers,
    collect() {
      for (const { domain, open, idle, waiting } of pools()) {
        this.set({ domain, state: "busy" }, open - idle);
        this.set({ domain, state: "idle" }, idle);
        this.set({ domain, state: "waiting" }, waiting);
      }
    },
  });
}

const boxesWithinMs = 1_000;

/** Throws when it takes longer; what was begun goes on. */
function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms).unref();
    work.finally(() => clearTimeout(timer)).catch(() => undefined);
  });
  return Promise.race([work, late]);
}

function watchBoxes(registers: Registry[], boxes: Sources["boxes"]): void {
  // One look serves both gauges. Where nobody can look, there is no figure rather than an old one; and where a look
  // waits behind others for a connection, the figures that say so must not wait with it.
  let look: ReturnType<typeof boxes> | undefined;
  const read = () => {
    look ??= boxes().finally(() => {
      look = undefined;
    });
    return within(boxesWithinMs, look).catch(() => []);
  };
  const gauge = (name: string, help: string, figure: (box: Box) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ["domain", "box"],
      registers,
      async collect() {
        const found = await read();
        this.reset();
        for (const each of found) this.set({ domain: each.domain, box: each.box }, figure(each));
      },
    });
  gauge("storey_events_waiting", "Events in an outbox or inbox", ({ waiting }) => waiting);
  gauge(
    "storey_events_oldest_seconds",
    "Age of the oldest event in an outbox or inbox",
    ({ oldestMs }) => oldestMs / 1_000,
  );
}
