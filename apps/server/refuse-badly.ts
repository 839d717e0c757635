import type { FastifyError, FastifyInstance } from "fastify";
import type { GuardRefusal } from "#kernel/door";
import { idPattern } from "#kernel/id";
import { Fault, type Refusal, refuse } from "#kernel/refusal";
import { overloaded, sendProblem } from "./problem.ts";

type BadRequest = Partial<FastifyError>;

/**
 * Turns whatever a request can die of into a coded problem; what is our fault is logged whole and told in
 * brief.
 */
export function refuseBadly(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof Fault) {
      request.log.error({ err: error }, "a fault");
      return sendProblem(reply, error.safeToRetry ? overloaded() : faultOf(), 1);
    }
    if (isUnspeakable(error)) {
      return sendProblem(
        reply,
        refuse("request.invalid", "Leave out the character U+0000: no text can hold it."),
      );
    }
    const refusal = refusalOf(error as BadRequest);
    if (refusal) return sendProblem(reply, refusal);
    request.log.error({ err: error }, "a bug");
    return sendProblem(
      reply,
      refuse("request.failed", "It is not your mistake, and we keep a note of it. Try again in a moment."),
    );
  });
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(
      reply,
      refuse("request.not_found", "The API is described at /api, for machines at /api/openapi.json."),
    ),
  );
}

/**
 * PostgreSQL keeps no U+0000, in text (22021) or in JSON (22P05): noticed there, since looking for it costs
 * every request.
 */
const isUnspeakable = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "22021" || error.code === "22P05");

function refusalOf(error: BadRequest): Refusal<GuardRefusal | string> | undefined {
  if (error.validation) return refuse("request.invalid", whatIsWrong(error));
  switch (error.statusCode) {
    case 413:
      return refuse("request.too_large", "Send less at once.");
    case 503:
      return overloaded();
    default:
      if (error.statusCode && error.statusCode >= 400 && error.statusCode < 500) {
        return refuse("request.invalid", error.message ?? "The request cannot be read.");
      }
      return undefined;
  }
}

function whatIsWrong({ validation = [], validationContext }: BadRequest): string {
  const [first] = validation;
  const where = `${validationContext ?? "request"}${(first?.instancePath ?? "").replaceAll("/", ".")}`;
  const expected = idExpected(first);
  if (expected)
    return `${where} is not ${expected}. Ids have 13 small letters and digits; take one from an answer.`;
  const extra = first?.params?.["additionalProperty"];
  return `${where} ${first?.message ?? "is not valid"}${extra ? `: ${String(extra)}` : ""}.`;
}

/** For an id that is none, what it should be the id of; the pattern would tell people nothing. */
function idExpected(error: NonNullable<FastifyError["validation"]>[number] | undefined): string | undefined {
  if (error?.keyword !== "pattern" || error.params["pattern"] !== idPattern) return undefined;
  const { parentSchema } = error as { parentSchema?: { description?: string } };
  const description = parentSchema?.description ?? "an id";
  return description.replace(
    /^The id of a (\w)/,
    (_, first: string) => `the id of ${"aeiou".includes(first) ? "an" : "a"} ${first}`,
  );
}

/** It may have happened: only a repeat with the same Idempotency-Key is safe. */
const faultOf = () =>
  refuse(
    "request.failed",
    "We cannot say whether it was done. Send it again with the same Idempotency-Key, or look at what is there.",
  );
