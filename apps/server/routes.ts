import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { inputPart, inQuery, type PublicOperation, publicOperations } from "#apps/client/operations";
import type { OperationsDoor } from "#apps/operator/api";
import type { Context } from "#kernel/context";
import { jsonOf } from "#kernel/door";
import { isRefusal, refuse } from "#kernel/refusal";
import type { Doors } from "./compose.ts";
import { sendProblem } from "./problem.ts";

/** Every door with a public operation. */
export type OpenedDoors = Doors & { readonly operations: OperationsDoor };

type Call = (context: Context, input: unknown) => Promise<unknown>;

/** The public API: one route for every operation that declares one, and nothing more than the declaration says. */
export function apiRoutes(app: FastifyInstance, doors: OpenedDoors): void {
  const operations = publicOperations();
  for (const operation of operations) {
    if (!operation.operation.rawBody) addRoute(app, operation, callOf(doors, operation));
  }
  app.register((raw, _options, registered) => {
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser("*", { parseAs: "string", bodyLimit: 65_536 }, (_request, body, done) =>
      done(null, body),
    );
    for (const operation of operations) {
      if (operation.operation.rawBody) addRawRoute(raw, operation, callOf(doors, operation));
    }
    registered();
  });
}

function callOf(doors: OpenedDoors, { domain, name }: PublicOperation): Call {
  const door = doors[domain as keyof OpenedDoors] as unknown as Record<string, Call>;
  const call = door[name];
  if (!call) throw new Error(`${domain} does not implement ${name}`);
  return call;
}

const fastifyPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ":$1");

function addRoute(
  app: FastifyInstance,
  { operation, method, path, pathNames }: PublicOperation,
  call: Call,
): void {
  const rest = inputPart(operation, (name) => !pathNames.includes(name));
  const params = inputPart(operation, (name) => pathNames.includes(name));
  const asQuery = inQuery(method);
  const successful = operation.status ?? 200;
  app.route({
    method,
    url: fastifyPath(path),
    ...(operation.bodyBytes ? { bodyLimit: operation.bodyBytes } : {}),
    schema: {
      ...(params ? { params } : {}),
      querystring: (asQuery && rest) || nothing,
      ...(asQuery ? {} : { body: bodySchema(rest) }),
      ...(successful === 204 ? {} : { response: { [successful]: operation.output } }),
    },
    handler: async (request, reply) => {
      const key = request.headers["idempotency-key"];
      if (operation.idempotencyKey && !isKey(key)) return sendProblem(reply, keyMissing());
      // Only what was checked is taken: what travels in the wrong place has been refused, or was never looked at.
      const input = Object.assign({}, asQuery ? request.query : request.body, request.params);
      return answer(request, reply, operation, await call(request.context, input));
    },
  });
}

const nothing = { type: "object", additionalProperties: false } as const;

/** Where nothing must be said, the body may be left out. */
function bodySchema(rest: ReturnType<typeof inputPart>): object {
  const body = rest ?? nothing;
  return rest && rest.required.length > 0 ? body : { ...body, type: ["object", "null"] };
}

function addRawRoute(app: FastifyInstance, { operation, method, path }: PublicOperation, call: Call): void {
  app.route({
    method,
    url: fastifyPath(path),
    handler: async (request, reply) => {
      const { provider = "" } = request.params as { provider?: string };
      const signature = request.headers[`${provider}-signature`];
      const input = { provider, raw: String(request.body ?? ""), signature: String(signature ?? "") };
      return answer(request, reply, operation, await call(request.context, input));
    },
  });
}

/** As Fastify says it of what it writes itself. */
const jsonType = "application/json; charset=utf-8";

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  operation: PublicOperation["operation"],
  outcome: unknown,
): FastifyReply {
  if (isRefusal(outcome)) return sendProblem(reply, outcome as never);
  const shared = operation.cacheSeconds !== undefined && request.context.caller.kind === "anonymous";
  reply.header(
    "cache-control",
    shared ? `public, max-age=0, s-maxage=${operation.cacheSeconds}` : "private, no-store",
  );
  reply.header("vary", "cookie, authorization");
  reply.code(operation.status ?? 200);
  const json = jsonOf(outcome);
  if (json !== undefined) return reply.header("content-type", jsonType).send(json);
  return operation.status === 204 ? reply.send() : reply.send(outcome);
}

const isKey = (key: unknown): key is string => typeof key === "string" && key.length > 0 && key.length <= 200;

const keyMissing = () =>
  refuse(
    "request.idempotency_key_missing",
    "Send a header Idempotency-Key with a new random value, and the same value when you repeat the request.",
  );
