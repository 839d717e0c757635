import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Database } from "#platform/database/api";
import type { Metrics } from "#platform/telemetry/metrics";
import type { Alert } from "#topology/alerts/rule";

const local = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** For those who watch: is the process alive, can it work, what does it measure of itself. */
export function readiness(
  app: FastifyInstance,
  parts: {
    database: Database;
    metrics: Metrics;
    /** What those who watch from another machine show. */
    token: string;
    alerts(): readonly Alert[];
  },
): void {
  const { registry } = parts.metrics;
  const isWatcher = (request: FastifyRequest) => isLocal(request) || hasToken(request, parts.token);
  app.get("/healthz", async () => ({ alive: true }));
  app.get("/readyz", async (_request, reply) => {
    try {
      await parts.database.ready();
      return { ready: true };
    } catch {
      return reply.code(503).header("retry-after", "1").send({ ready: false, waitsFor: "the database" });
    }
  });
  // Figures of the business are nobody's but the operator's: they are read from the machine itself, or with a secret.
  app.get("/metrics", async (request, reply) => {
    if (!isWatcher(request)) return reply.callNotFound();
    return reply.type(registry.contentType).send(await registry.metrics());
  });
  app.get("/alerts", async (request, reply) =>
    isWatcher(request) ? { alerts: parts.alerts() } : reply.callNotFound(),
  );
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "none";
    parts.metrics.requested(
      { method: request.method, route, status: reply.statusCode },
      reply.elapsedTime / 1_000,
    );
    done();
  });
}

/** What a proxy on this machine adds to what it passes on for others. */
const passedOn = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

const isLocal = (request: FastifyRequest) =>
  local.has(request.socket.remoteAddress ?? "") &&
  passedOn.every((name) => request.headers[name] === undefined);

function hasToken({ headers }: FastifyRequest, token: string): boolean {
  const [given, wanted] = [Buffer.from(headers.authorization ?? ""), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
