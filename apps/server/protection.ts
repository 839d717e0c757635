import underPressure from "@fastify/under-pressure";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "#kernel/refusal";
import type { Limiter } from "#platform/http/limiter";
import { clientOf } from "./client-address.ts";
import { overloaded, sendProblem } from "./problem.ts";
import type { Limits } from "./settings.ts";

const signInRoutes = new Set(["/api/v1/sessions", "/api/v1/accounts", "/sign-in", "/register"]);

const isSignIn = (request: FastifyRequest): boolean =>
  request.method === "POST" && signInRoutes.has(request.routeOptions.url ?? "");

/** Keeps one client from taking everybody's share, and everybody from taking more than there is. */
export async function protection(app: FastifyInstance, limiter: Limiter, limits: Limits): Promise<void> {
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
  limitClients(app, limiter, limits);
}

/** Those who watch must see most when there is most to do. */
const watching = new Set(["/healthz", "/readyz", "/metrics", "/alerts"]);

/** Pictures come by the dozen with a page, from memory or from a proxy. */
const unlimited = new Set([...watching, "/files/:name"]);

/** Before anything is looked up for them, so that a flood of made-up tokens is turned away too. */
function limitClients(app: FastifyInstance, limiter: Limiter, limits: Limits): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (unlimited.has(request.routeOptions.url ?? "")) return done();
    const client = clientOf(request.ip);
    const [key, most] = isSignIn(request)
      ? [`sign-in ${client}`, limits.signInsPerClientPerMinute]
      : [client, limits.perClientPerMinute];
    admit(limiter.take(key, most), most, reply, done);
  });
}

/**
 * An account may ask as much as an address, from however many addresses it comes: for after the edge, which knows
 * whose a token is.
 */
export function limitAccounts(app: FastifyInstance, limiter: Limiter, limits: Limits): void {
  const most = limits.perClientPerMinute;
  app.addHook("onRequest", ({ context: { caller } }, reply, done) => {
    if (caller.kind !== "account") return done();
    admit(limiter.take(`account ${caller.account}`, most), most, reply, done);
  });
}

function admit(
  wait: number | Promise<number>,
  most: number,
  reply: FastifyReply,
  done: (error?: Error) => void,
) {
  const decide = (waitMs: number) => {
    if (waitMs === 0) return done();
    const seconds = Math.ceil(waitMs / 1_000);
    const message = `More than ${most} requests in a minute. Try again in ${seconds} s.`;
    sendProblem(reply, refuse("request.too_many", message), seconds);
  };
  if (typeof wait === "number") decide(wait);
  else wait.then(decide).catch(done);
}

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
