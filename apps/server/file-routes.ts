import type { FastifyInstance } from "fastify";
import { refuse } from "#kernel/refusal";
import type { Files } from "#platform/files/api";
import { sendProblem } from "./problem.ts";

/**
 * Pictures by the hash of their content, so that a browser never asks twice. They came from merchants: nothing in
 * them may run, whatever they say they are.
 */
export function fileRoutes(app: FastifyInstance, files: Files): void {
  app.get("/files/:name", async (request, reply) => {
    const { name } = request.params as { name: string };
    const file = await files.open(name);
    if (!file) return sendProblem(reply, refuse("request.not_found", "There is no such file."));
    return reply
      .header("cache-control", "public, max-age=31536000, immutable")
      .header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .header("x-content-type-options", "nosniff")
      .type(file.contentType)
      .header("content-length", file.size)
      .send(file.stream);
  });
}
