import type { FastifyInstance } from "fastify";
import { auditShop } from "#apps/operator/audit";
import type { Clock } from "#kernel/clock";
import { refuse } from "#kernel/refusal";
import type { Doors } from "./compose.ts";
import { sendProblem } from "./problem.ts";

/** What operators ask of the whole shop rather than of one domain. */
export function operationRoutes(app: FastifyInstance, doors: Doors, clock: Clock): void {
  app.addHook("preHandler", async (request, reply) => {
    const { caller } = request.context;
    if (caller.kind === "account" && caller.operator) return undefined;
    const [code, message] =
      caller.kind === "account"
        ? (["request.forbidden", "Only operators may ask."] as const)
        : (["request.unauthenticated", "Sign in as an operator."] as const);
    return sendProblem(reply, refuse(code, message));
  });
  app.get("/audit", async (_request, reply) =>
    reply.header("cache-control", "private, no-store").send(await auditShop(doors, clock)),
  );
}
