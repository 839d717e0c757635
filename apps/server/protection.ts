import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import underPressure from "@fastify/under-pressure";
import type { FastifyInstance } from "fastify";
import { refuse } from "#kernel/refusal";
import { overloaded, problemOf, sendProblem } from "./problem.ts";
import type { Limits } from "./settings.ts";

const signInRoutes = new Set(["/api/v1/sessions", "/api/v1/accounts", "/sign-in", "/register"]);

/** Keeps one client from taking everybody's share, and everybody from taking more than there is. */
export async function protection(app: FastifyInstance, limits: Limits, secure: boolean): Promise<void> {
  countAtOnce(app, limits.atOnce);
  // Above this the process answers nobody in time; new requests are turned away until it has caught up.
  await app.register(underPressure, {
    maxEventLoopDelay: 1_000,
    sampleInterval: 250,
    pressureHandler: (_request, reply) => {
      sendProblem(reply, overloaded(), 1);
    },
  });
  await app.register(rateLimit, {
    max: (request) =>
      request.method === "POST" && signInRoutes.has(request.routeOptions.url ?? "")
        ? limits.signInsPerClientPerMinute
        : limits.perClientPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) =>
      request.method === "POST" && signInRoutes.has(request.routeOptions.url ?? "")
        ? `sign-in ${request.ip}`
        : request.ip,
    errorResponseBuilder: (request, context) => {
      const seconds = Math.ceil(context.ttl / 1_000);
      const message = `More than ${context.max} requests in a minute. Try again in ${seconds} s.`;
      return Object.assign(new Error(message), {
        statusCode: 429,
        refusal: problemOf(refuse("request.too_many", message), request.id),
      });
    },
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        // Merchants' imported pictures may lie on their own hosts.
        imgSrc: ["'self'", "https:", "data:"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        objectSrc: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure,
    // Helmet's no-referrer makes browsers send our own forms with `Origin: null`, which the edge refuses as foreign.
    referrerPolicy: { policy: "same-origin" },
    // The pictures of /files may be shown by a merchant's own site.
    crossOriginResourcePolicy: { policy: "cross-origin" },
  });
}

function countAtOnce(app: FastifyInstance, most: number): void {
  let now = 0;
  app.addHook("onRequest", async (request, reply) => {
    if (now >= most && !request.url.startsWith("/healthz")) return sendProblem(reply, overloaded(), 1);
    now++;
    reply.raw.once("close", () => {
      now--;
    });
    return undefined;
  });
}
