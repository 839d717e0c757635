import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A stretch of a trace as a collector was given it. */
export interface Collected {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
  /** `storey`, or `storey-nginx` and its like. */
  readonly service: string;
  /** Which process told of it. */
  readonly process: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Takes OTLP over HTTP as JSON, as collectors do, and keeps it. */
export interface Collector {
  readonly url: string;
  readonly spans: Collected[];
  /** Everything it was given, to the letter. */
  said(): string;
  /** Takes connections from now on, and answers nobody; again: answers. */
  hang(is: boolean): void;
  close(): Promise<void>;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes: readonly Attribute[];
      }[];
    }[];
  }[];
}

export async function openCollector(): Promise<Collector> {
  const spans: Collected[] = [];
  const bodies: string[] = [];
  let hangs = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (hangs) return;
      const body = Buffer.concat(chunks).toString();
      bodies.push(`${request.url} ${body}`);
      spans.push(...read(JSON.parse(body)));
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    said: () => bodies.join("\n"),
    hang: (is) => {
      hangs = is;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const read = ({ resourceSpans }: Sent): Collected[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const about = factsOf(resource.attributes);
    return scopeSpans
      .flatMap((scope) => scope.spans)
      .map((span) => ({
        name: span.name,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? "",
        service: String(about["service.name"]),
        process: String(about["service.instance.id"]),
        startMs: Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000,
        endMs: Number(BigInt(span.endTimeUnixNano) / 1_000n) / 1_000,
        facts: factsOf(span.attributes),
      }));
  });

const factsOf = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => {
      const [plain] = Object.values(value);
      return [key, "intValue" in value ? Number(plain) : plain];
    }),
  );

/** The names from a stretch up to the first of its trace; fails nothing: what was not collected is "?". */
export function wayTo(spans: readonly Collected[], span: Collected): string[] {
  if (span.parentSpanId === "") return [span.name];
  const above = spans.find((each) => each.traceId === span.traceId && each.spanId === span.parentSpanId);
  return [...(above ? wayTo(spans, above) : ["?"]), span.name];
}

/** A trace as a tree, for people. */
export function drawn(spans: readonly Collected[], traceId: string): string {
  const all = spans.filter((each) => each.traceId === traceId).sort((a, b) => a.startMs - b.startMs);
  const under = (parent: string, depth: number): string[] =>
    all
      .filter((each) => each.parentSpanId === parent)
      .flatMap((each) => [
        `${"  ".repeat(depth)}${each.name} ${(each.endMs - each.startMs).toFixed(1)} ms ${JSON.stringify(each.facts)}`,
        ...under(each.spanId, depth + 1),
      ]);
  return under("", 0).join("\n");
}
