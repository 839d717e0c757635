import type { FastifyReply } from "fastify";
import { doorSpecs } from "#apps/client/operations";
import { requestRefusals } from "#kernel/door";
import { type Refusal, refuse } from "#kernel/refusal";
import { isForPerson } from "./refusal-page.ts";
import type {} from "./traced-requests.ts";

/** Status and title of every code that anything here refuses with. */
export const refusalCodes: ReadonlyMap<string, readonly [status: number, title: string]> = new Map([
  ...Object.entries(requestRefusals),
  ...doorSpecs.flatMap((spec) => Object.entries(spec.refusals)),
]);

/** Problem details (RFC 9457) of a refusal. `type` leads to the code's description in the OpenAPI document. */
export function problemOf(refusal: Refusal, trace: string) {
  const [status, title] = refusalCodes.get(refusal.refusal) ?? [500, "A refusal without a declaration"];
  return {
    type: `/api/problems#${refusal.refusal}`,
    title,
    status,
    code: refusal.refusal,
    detail: refusal.message,
    trace,
    ...(refusal.detail ? { more: refusal.detail } : {}),
  };
}

/**
 * Answers with a refusal: a person with a page, a program with problem details. A caller that is to come back later is
 * told when.
 */
export function sendProblem(reply: FastifyReply, refusal: Refusal, retryAfterSeconds?: number): FastifyReply {
  const problem = problemOf(refusal, reply.request.id);
  reply.request.span?.tell({ "storey.refusal": refusal.refusal });
  const later = retryAfterSeconds ?? refusal.detail?.["retryAfterSeconds"];
  if (later !== undefined) reply.header("retry-after", String(later));
  const { draw } = reply.server.refusalPage;
  if (draw && isForPerson(reply.request)) {
    return reply
      .code(problem.status)
      .header("content-type", "text/html; charset=utf-8")
      .header("cache-control", "private, no-store")
      .send(draw(problem));
  }
  return reply
    .code(problem.status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .send(JSON.stringify(problem));
}

export const overloaded = () => refuse("request.overloaded", "Too much at once. Try again in a second.");
