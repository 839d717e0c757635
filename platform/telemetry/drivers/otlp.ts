import {
  type Attributes,
  type SpanContext as Named,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  SamplingDecision,
  type Span as SdkSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { Counter, type Registry } from "prom-client";
import type { Beginning, Facts, Side, Span, Traces } from "../traces.ts";

/** Loading this file loads OpenTelemetry: it is imported where traces are on, and nowhere else. */
export interface OtlpSettings {
  /** Where a collector takes OTLP over HTTP, such as http://127.0.0.1:4318. */
  readonly to: string;
  /** How many of the traces that begin here are kept: 0.01 is one in a hundred. */
  readonly sample: number;
  /** Which process of which shop this is. */
  readonly place: { readonly instance: string; readonly process: string; readonly version: string };
  readonly registry: Registry;
  readonly log: (message: string, error: unknown) => void;
}

/**
 * What waits to be sent. More than that is dropped: whoever looks at traces may miss some, whoever buys must not wait.
 * 2,048 stretches are some 2 MB, and what 100 requests a second at one in five leave behind in two seconds.
 */
const queue = { maxQueueSize: 2_048, maxExportBatchSize: 512, scheduledDelayMillis: 1_000 } as const;
const sendMs = 5_000;
const closeMs = 2_000;

/** Keeps traces, and sends them to a collector from a bounded queue; nothing and nobody waits for that. */
export function openOtlp(s: OtlpSettings): Traces {
  const ids = new Ids();
  const exporter = new OTLPTraceExporter({
    url: `${s.to.replace(/\/+$/, "")}/v1/traces`,
    timeoutMillis: sendMs,
  });
  const processor = new BatchSpanProcessor({
    ...queue,
    exporter: counted(exporter, s),
    exportTimeoutMillis: sendMs + 1_000,
  });
  const tracerOf = (service: string, own: string): Tracer => {
    const { instance, version } = s.place;
    const resource = resourceFromAttributes({
      "service.name": service,
      "service.namespace": instance,
      "service.instance.id": own,
      "service.version": version,
    });
    return new TracerProvider({ resource, idGenerator: ids, spanProcessors: [processor] }).getTracer(
      "storey",
    );
  };
  const ours = tracerOf("storey", s.place.process);
  const proxies = new Map<string, Tracer>();
  const proxyOf = (kind: string) => {
    const tracer = proxies.get(kind) ?? tracerOf(`storey-${kind}`, kind);
    proxies.set(kind, tracer);
    return tracer;
  };
  const share = new TraceIdRatioBasedSampler(s.sample);
  const isChosen = (traceId: string) =>
    share.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
  return {
    begin: (name, { traceparent, proxy, reacts, facts = {} }: Beginning = {}) => {
      const from = parseTraceparent(traceparent);
      if (from && !isKept(from)) return undefined;
      if (!from) {
        const traceId = ids.generateTraceId();
        if (!isChosen(traceId)) return undefined;
        ids.next(traceId);
      }
      const above = from && proxy ? proxySpan(proxyOf(proxy.kind), from, proxy) : undefined;
      const parent = from ? trace.setSpanContext(ROOT_CONTEXT, from) : ROOT_CONTEXT;
      const attributes = facts as Attributes;
      const kind = reacts ? SpanKind.CONSUMER : SpanKind.SERVER;
      const own = ours.startSpan(name, { kind, attributes }, parent) as SdkSpan;
      return new Kept(ours, own, above);
    },
    close: () => endSoon(processor.shutdown()),
  };

  /** The stretch of a proxy that has no words of its own for it: its id is the one that the proxy has handed on. */
  function proxySpan(tracer: Tracer, from: Named, { kind, sinceMs }: NonNullable<Beginning["proxy"]>) {
    ids.next(from.traceId, from.spanId);
    const told = { kind: SpanKind.SERVER, startTime: sinceMs, root: true };
    return tracer.startSpan(kind, told, ROOT_CONTEXT) as SdkSpan;
  }
}

class Kept implements Span {
  readonly #tracer: Tracer;
  readonly #span: SdkSpan;
  /** What ends with it. */
  readonly #above: SdkSpan | undefined;

  constructor(tracer: Tracer, span: SdkSpan, above?: SdkSpan) {
    this.#tracer = tracer;
    this.#span = span;
    this.#above = above;
  }

  get traceparent(): string {
    const { traceId, spanId } = this.#span.spanContext();
    return `00-${traceId}-${spanId}-01`;
  }

  begin(name: string, side: Side, facts: Facts = {}): Span {
    const kind = side === "asks" ? SpanKind.CLIENT : SpanKind.INTERNAL;
    const parent = trace.setSpan(ROOT_CONTEXT, this.#span);
    const attributes = facts as Attributes;
    return new Kept(this.#tracer, this.#tracer.startSpan(name, { kind, attributes }, parent) as SdkSpan);
  }

  tell(facts: Facts): void {
    if (!this.#span.ended) this.#span.setAttributes(facts as Attributes);
  }

  count(fact: string, howMany: number): void {
    const before = this.#span.attributes[fact];
    this.tell({ [fact]: (typeof before === "number" ? before : 0) + howMany });
  }

  end(problem?: string): void {
    if (this.#span.ended) return;
    if (problem !== undefined) {
      this.#span.setAttribute("error.type", problem);
      for (const span of [this.#span, this.#above]) span?.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
    // By the same clock: one that was given its beginning would count whole milliseconds.
    this.#above?.end(this.#span.endTime);
  }
}

/** Ids at random, unless the next one is given: one stretch is named by a proxy, and one trace is chosen by its id. */
class Ids implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #trace: string | undefined;
  #span: string | undefined;

  next(traceId: string, spanId?: string): void {
    this.#trace = traceId;
    this.#span = spanId;
  }

  generateTraceId(): string {
    const given = this.#trace;
    this.#trace = undefined;
    return given ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    const given = this.#span;
    this.#span = undefined;
    return given ?? this.#random.generateSpanId();
  }
}

const traceparentPattern =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

function parseTraceparent(text: string | undefined): Named | undefined {
  const [, traceId, spanId, flags] = traceparentPattern.exec(text ?? "") ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

const isKept = ({ traceFlags }: Named): boolean => (traceFlags & TraceFlags.SAMPLED) !== 0;

/** Counts what was sent and what was lost on the way, and says once that nobody takes it. */
function counted(exporter: OTLPTraceExporter, { to, registry, log }: OtlpSettings): SpanExporter {
  const spans = new Counter({
    name: "storey_trace_spans_total",
    help: "Stretches of traces that a collector took, and that it could not be given",
    labelNames: ["outcome"],
    registers: [registry],
  });
  let isAway = false;
  return {
    export: (all, done) =>
      exporter.export(all, (result) => {
        const isLost = result.error !== undefined || result.code !== 0;
        spans.inc({ outcome: isLost ? "lost" : "sent" }, all.length);
        if (isLost && !isAway) log(`traces are lost: ${to} does not take them`, result.error);
        isAway = isLost;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}

/** A collector that does not answer keeps nobody from ending. */
async function endSoon(ending: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeMs);
  });
  await Promise.race([ending.catch(() => undefined), late]);
  clearTimeout(timer);
}
