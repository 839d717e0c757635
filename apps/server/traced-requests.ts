import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Clock } from "#kernel/clock";
import type {} from "#platform/http/request";
import { type Beginning, type Span, type Traces, under } from "#platform/telemetry/traces";

declare module "fastify" {
  interface FastifyRequest {
    /** Its stretch of a trace, where one is kept. */
    span: Span | undefined;
  }
}

export interface TraceSettings {
  /** Where a collector takes OTLP over HTTP, such as http://127.0.0.1:4318. */
  readonly to: string;
  /** How many of all traces are kept, of those that nobody has decided about before: 0.01 is one in a hundred. */
  readonly sample: number;
  /** What kind of proxy of ours stands before this process. */
  readonly proxy?: string;
}

/** What those who watch ask several times a second. */
const forWatchers = /^\/(?:healthz|readyz|metrics|alerts)$/;

/**
 * Each request becomes a stretch of a trace: its route, its status, what kind of caller, its id in the log. Neither its
 * address nor anything that was sent.
 *
 * Only a trusted proxy is believed about the trace; `proxy` is what kind of it stands before this process, if it is one
 * of ours: those say since when they have had a request, and their own stretch is told for them.
 */
export function tracedRequests(
  app: FastifyInstance,
  traces: Traces,
  { proxy, clock }: { proxy?: string | undefined; clock: Clock },
): void {
  app.decorateRequest("span", undefined);
  app.addHook("onRequest", (request, _reply, done) => {
    if (!forWatchers.test(request.url)) {
      const name = `${request.method} ${request.routeOptions.url ?? "none"}`;
      request.span = traces.begin(name, beginningOf(request, proxy, clock.now()));
    }
    // Also where there is none: what runs before on this connection may be another request's.
    under(request.span, done);
  });
  // Between these two a body may have been read, piece by piece, by events that know nothing of requests.
  app.addHook("preValidation", (request, _reply, done) => under(request.span, done));
  app.addHook("onResponse", (request, reply, done) => {
    const { span } = request;
    if (span) {
      const { statusCode } = reply;
      span.tell({
        "http.response.status_code": statusCode,
        "storey.caller": request.context.caller.kind,
      });
      span.end(statusCode >= 500 ? String(statusCode) : undefined);
    }
    done();
  });
}

function beginningOf(request: FastifyRequest, kind: string | undefined, nowMs: number): Beginning {
  const facts = {
    "http.request.method": request.method,
    "http.route": request.routeOptions.url ?? "none",
    "storey.request": request.id,
  };
  const { traceparent } = request.headers;
  if (typeof traceparent !== "string" || !isFromProxy(request)) return { facts };
  const sinceMs = kind === undefined ? undefined : arrivalOf(request.headers["x-request-start"], nowMs);
  const proxy = kind === undefined || sinceMs === undefined ? undefined : { kind, sinceMs };
  return { traceparent, proxy, facts };
}

/** Whether the connection is that of a proxy whose X-Forwarded-For is believed, and which has sent one. */
const isFromProxy = ({ ips }: FastifyRequest): boolean => ips !== undefined && ips.length > 1;

/** A proxy gives up sooner (launcher/proxy.ts): what it says it had for longer, or will have, its clock got wrong. */
const longestMs = 60_000;

/** `t=1792706654.123` as Nginx says it, in seconds, or `t=1792706654123`, as HAProxy does, in milliseconds. */
function arrivalOf(text: string | string[] | undefined, nowMs: number): number | undefined {
  const [, number] = /^t=(\d{10}[.]\d{3}|\d{13})$/.exec(String(text ?? "")) ?? [];
  if (!number) return undefined;
  const ms = number.includes(".") ? Math.round(Number(number) * 1_000) : Number(number);
  return ms > nowMs - longestMs ? Math.min(ms, nowMs) : undefined;
}
