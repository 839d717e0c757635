import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Database } from "#platform/database/api";
import type { Metrics } from "#platform/telemetry/metrics";

const local = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);

/** For those who watch: is the process alive, can it work, what does it measure of itself. */
export function readiness(app: FastifyInstance, parts: { database: Database; metrics: Metrics }): void {
  const { registry } = parts.metrics;
  app.get("/healthz", { config: { rateLimit: false } }, async () => ({ alive: true }));
  app.get("/readyz", { config: { rateLimit: false } }, async (_request, reply) => {
    try {
      await parts.database.ready();
      return { ready: true };
    } catch {
      return reply.code(503).header("retry-after", "1").send({ ready: false, waitsFor: "the database" });
    }
  });
  // Figures of the business are nobody's but the operator's: they are read from the machine itself.
  app.get("/metrics", { config: { rateLimit: false } }, async (request, reply) => {
    if (!isLocal(request)) return reply.callNotFound();
    return reply.type(registry.contentType).send(await registry.metrics());
  });
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
