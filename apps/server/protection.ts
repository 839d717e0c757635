import rateLimit from "@fastify/rate-limit";
import underPressure from "@fastify/under-pressure";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { refuse } from "#kernel/refusal";
import { clientOf } from "./client-address.ts";
import { overloaded, problemOf, sendProblem } from "./problem.ts";
import type { Limits } from "./settings.ts";

const signInRoutes = new Set(["/api/v1/sessions", "/api/v1/accounts", "/sign-in", "/register"]);

const isSignIn = (request: FastifyRequest): boolean =>
  request.method === "POST" && signInRoutes.has(request.routeOptions.url ?? "");

/** Keeps one client from taking everybody's share, and everybody from taking more than there is. */
export async function protection(app: FastifyInstance, limits: Limits): Promise<void> {
  countAtOnce(app, limits);
  // Above this the process answers nobody in time; new requests are turned away until it has caught up.
  await app.register(underPressure, {
    maxEventLoopDelay: limits.eventLoopDelayMs,
    // Over a shorter time one stall of that length leaves nothing to measure, which counts as endless delay.
    sampleInterval: Math.max(250, limits.eventLoopDelayMs),
    pressureHandler: (request, reply) => {
      if (!watching.has(request.routeOptions.url ?? "")) sendProblem(reply, overloaded(), 1);
    },
  });
  await app.register(rateLimit, {
    max: (request) => (isSignIn(request) ? limits.signInsPerClientPerMinute : limits.perClientPerMinute),
    timeWindow: 60_000,
    keyGenerator: (request) => (isSignIn(request) ? `sign-in ${clientOf(request.ip)}` : clientOf(request.ip)),
    errorResponseBuilder: (request, context) => {
      const seconds = Math.ceil(context.ttl / 1_000);
      const message = `More than ${context.max} requests in a minute. Try again in ${seconds} s.`;
      return Object.assign(new Error(message), {
        statusCode: 429,
        refusal: problemOf(refuse("request.too_many", message), request.id),
      });
    },
  });
}

/** Those who watch must see most when there is most to do. */
const watching = new Set(["/healthz", "/readyz", "/metrics", "/alerts"]);

/** Turns away what would be one request too many, or more bytes than memory is meant for. */
function countAtOnce(app: FastifyInstance, limits: Limits): void {
  let requests = 0;
  let bytes = 0;
  app.addHook("onRequest", (request, reply, done) => {
    const size = sizeOf(request);
    const isFull = requests >= limits.atOnce || (size > 0 && bytes + size > limits.bodyBytesAtOnce);
    if (isFull && !watching.has(request.routeOptions.url ?? "")) {
      sendProblem(reply, overloaded(), 1);
      return;
    }
    requests++;
    bytes += size;
    reply.raw.once("close", () => {
      requests--;
      bytes -= size;
    });
    done();
  });
}

/** The bytes a body may come to: what it says of itself, or all that its route takes. */
function sizeOf(request: FastifyRequest): number {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (length === undefined && encoding === undefined) return 0;
  const most = request.routeOptions.bodyLimit ?? 0;
  return encoding === undefined ? Math.min(Number(length), most) : most;
}
