import type { FastifyInstance } from "fastify";
import { inputPart, inQuery, type PublicOperation, publicOperations } from "#apps/client/operations";
import { requestRefusals, type Who } from "#kernel/door";
import type { Described, OpenApi, Parameter, Schema } from "./described.ts";
import { openApiPage } from "./open-api-page.ts";
import { refusalCodes } from "./problem.ts";
import { refusedWhileOff } from "./switched-doors.ts";

const security: Record<Who, readonly object[]> = {
  anyone: [{}, { session: [] }, { cookie: [] }, { cart: [] }],
  guest: [{ cart: [] }],
  buyer: [{ session: [] }, { cookie: [] }],
  merchant: [{ session: [] }, { cookie: [] }],
  operator: [{ session: [] }, { cookie: [] }],
  domain: [],
};

/** The OpenAPI 3.1 document, derived from the doors: what it says is what is served, because both are made from one. */
export function openApi(url: string): OpenApi {
  const paths: Record<string, Record<string, Described>> = {};
  for (const each of publicOperations()) {
    const path = `/api/v1${each.path}`;
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: describe(each) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Storey",
      version: "1",
      description:
        "A marketplace. Amounts are in the smallest unit of their currency, times are UTC, ids sort by time. " +
        "Whatever creates or charges takes an Idempotency-Key: repeat a request with the same key and it is done once. " +
        "For people, with examples: /api.",
    },
    servers: [{ url }],
    tags: [...new Set(publicOperations().map((each) => each.domain))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        session: { type: "http", scheme: "bearer", description: "`token` of POST /api/v1/sessions" },
        cookie: { type: "apiKey", in: "cookie", name: "session" },
        cart: { type: "apiKey", in: "header", name: "cart-token", description: "`token` of a guest's cart" },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

const problemSchema = {
  type: "object",
  description: "Problem details (RFC 9457). `code` is stable; match on it.",
  required: ["type", "title", "status", "code", "detail", "trace"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string", description: "What to do next" },
    trace: { type: "string", description: "Name it when you ask for help" },
    more: { type: "object" },
  },
};

function describe(each: PublicOperation): Described {
  const { domain, name, operation, method, pathNames } = each;
  const inPath = inputPart(operation, (key) => pathNames.includes(key));
  const rest = inputPart(operation, (key) => !pathNames.includes(key));
  const query = inQuery(method) ? rest : undefined;
  const status = operation.status ?? 200;
  return {
    operationId: `${domain}.${name}`,
    summary: operation.summary,
    ...(operation.description ? { description: operation.description } : {}),
    "x-who": operation.who.filter((who) => who !== "domain"),
    tags: [domain],
    security: operation.who.flatMap((who) => security[who]),
    parameters: [
      ...parameters(inPath, "path"),
      ...parameters(query, "query", operation.example),
      ...(operation.idempotencyKey ? [idempotencyKey] : []),
    ],
    ...(inQuery(method) ? {} : { requestBody: bodyOf(operation, rest) }),
    responses: {
      [status]: {
        description: "Done",
        ...(status === 204 ? {} : { content: { "application/json": { schema: operation.output } } }),
      },
      ...problems(each),
    },
  };
}

const idempotencyKey: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: true,
  description: "A new random value for each thing that is to be done once; the same one for a repeat",
  schema: { type: "string" },
};

function parameters(
  part: ReturnType<typeof inputPart>,
  place: "path" | "query",
  example: unknown = {},
): Parameter[] {
  if (!part) return [];
  const examples = example as Record<string, unknown>;
  return Object.entries(part.properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === "path" || part.required.includes(name),
    schema: schema as Parameter["schema"],
    ...(examples[name] === undefined ? {} : { example: examples[name] }),
  }));
}

function bodyOf(
  operation: PublicOperation["operation"],
  rest: ReturnType<typeof inputPart>,
): NonNullable<Described["requestBody"]> {
  if (operation.rawBody) {
    return {
      required: true,
      content: { "application/json": { schema: { description: "As the provider signs it" } } },
    };
  }
  const { example } = operation;
  return {
    required: (rest?.required.length ?? 0) > 0,
    content: {
      "application/json": {
        schema: (rest as Schema | undefined) ?? { type: "object" },
        ...(example === undefined ? {} : { example }),
      },
    },
  };
}

/** Refusals by status: several codes can share one. */
function problems({ domain, name, operation, method }: PublicOperation): Described["responses"] {
  const codes = [
    ...operation.refusals,
    "request.invalid",
    "request.too_many",
    "request.failed",
    "request.overloaded",
    ...(`${domain}.${name}` in refusedWhileOff ? ["request.switched_off"] : []),
    ...(operation.who.includes("anyone") ? [] : ["request.unauthenticated"]),
    // A page of another site is refused whatever it asks to be done; whoever is no operator, whatever operators ask.
    ...(method === "GET" && operation.who[0] !== "operator" ? [] : ["request.forbidden"]),
    ...(inQuery(method) ? [] : ["request.too_large"]),
    ...(operation.idempotencyKey ? ["request.idempotency_key_missing"] : []),
  ];
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const [status] = refusalCodes.get(code) ?? [500];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, named]) => [
      status,
      {
        description: named.map((code) => `\`${code}\`: ${refusalCodes.get(code)?.[1] ?? ""}`).join("; "),
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    ]),
  );
}

/** `/api/openapi.json`, `/api` for people, and `/api/problems`, where the `type` of every problem leads. */
export function openApiRoutes(app: FastifyInstance, url: string): void {
  const described = openApi(url);
  const document = JSON.stringify(described);
  openApiPage(app, described);
  app.get("/api/openapi.json", async (_request, reply) =>
    reply.type("application/json").header("cache-control", "public, max-age=300").send(document),
  );
  const known = Object.keys(requestRefusals).length;
  app.get("/api/problems", async () => ({
    items: [...refusalCodes].map(([code, [status, title]], i) => ({
      code,
      status,
      title,
      raisedBy: i < known ? "any request" : code.split(".", 1)[0],
    })),
  }));
}
