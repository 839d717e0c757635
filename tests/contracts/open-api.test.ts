import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { text as streamText } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { inputPart, inQuery, type PublicOperation, publicOperations } from "#apps/client/operations";
import { fromNothing } from "#apps/server/open-api-page";
import { askFor } from "../support/ask.ts";
import { bought } from "../support/bought.ts";
import { categories, merchant, sell } from "../support/people.ts";
import { openShop, type TestShop } from "../support/shop.ts";

interface Body {
  readonly required?: boolean;
  readonly content: Record<string, { schema: object; example?: unknown }>;
}
interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Record<string, readonly string[]>[];
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: object }[];
  readonly requestBody?: Body;
  readonly responses: Record<string, { description: string; content?: Body["content"] }>;
}
interface Document {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly servers: readonly { url: string }[];
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { securitySchemes: Record<string, object>; schemas: Record<string, object> };
}

const ajv = new Ajv({ strict: false });
// ajv-formats is CommonJS; its function is the module's default.
(formats as unknown as (ajv: Ajv) => void)(ajv);

/** Every `$ref` in a document. */
function refsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "$ref" ? [String(inner)] : refsIn(inner)));
}

describe("the OpenAPI document", () => {
  let shop: TestShop;
  let document: Document;
  const each = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({ path, method, described })),
    );
  before(async () => {
    shop = await openShop();
    const answer = await fetch(`${shop.url}/api/openapi.json`);
    assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
    document = (await answer.json()) as Document;
  });
  after(() => shop.close());

  it("is of version 3.1 and says where the shop is", () => {
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.deepEqual(document.servers, [{ url: shop.url }]);
    assert.ok(document.info.title && document.info.version);
  });

  it("holds every public operation of the doors, and nothing else", () => {
    const declared = publicOperations().map(
      ({ domain, name, method, path }) => `${method.toLowerCase()} /api/v1${path} ${domain}.${name}`,
    );
    const written = each().map(({ path, method, described }) => `${method} ${path} ${described.operationId}`);
    assert.deepEqual(written.sort(), declared.sort());
    assert.equal(new Set(each().map(({ described }) => described.operationId)).size, declared.length);
  });

  it("says of each operation who may ask, and names only schemes it describes", () => {
    const schemes = Object.keys(document.components.securitySchemes);
    for (const { path, described } of each()) {
      assert.ok(described.security.length > 0, path);
      for (const one of described.security.flatMap((way) => Object.keys(way)))
        assert.ok(schemes.includes(one), one);
      assert.ok(described.summary.length > 3, path);
      assert.ok(
        (described.description ?? "").length > 20,
        `${described.operationId} says too little of itself`,
      );
    }
  });

  it("names in each path the parameters it takes, all of them required", () => {
    for (const { path, described } of each()) {
      const inPath = described.parameters.filter((parameter) => parameter.in === "path");
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      assert.deepEqual(inPath.map(({ name }) => name).sort(), named.sort(), path);
      assert.ok(inPath.every(({ required }) => required));
    }
  });

  it("leads every reference to something", () => {
    const refs = new Set(refsIn(document));
    assert.ok(refs.size > 0);
    for (const ref of refs) {
      const found = ref
        .split("/")
        .slice(1)
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      assert.ok(found, ref);
    }
  });

  it("holds schemas that can be compiled, every one", () => {
    for (const { path, described } of each()) {
      const bodies = [described.requestBody, ...Object.values(described.responses)];
      const schemas = bodies.flatMap((body) =>
        Object.values(body?.content ?? {}).map(({ schema }) => schema),
      );
      for (const schema of [...schemas, ...described.parameters.map((parameter) => parameter.schema)]) {
        if (!("$ref" in schema)) assert.doesNotThrow(() => ajv.compile(schema), path);
      }
    }
  });

  it("gives an example of every body that must be sent, true to its own schema", () => {
    for (const { path, described } of each()) {
      const body = described.requestBody?.content["application/json"];
      if (!body || described.operationId === "payment.callback") continue;
      const isNeeded = described.requestBody?.required === true;
      if (body.example === undefined) {
        assert.ok(!isNeeded, `${described.operationId} (${path}) needs a body and has no example`);
        continue;
      }
      const check = ajv.compile(body.schema);
      assert.ok(check(body.example), `${described.operationId}: ${ajv.errorsText(check.errors)}`);
    }
  });

  it("names for each operation only refusals that a door declares, under their status", async () => {
    const { items } = (await (await fetch(`${shop.url}/api/problems`)).json()) as {
      items: { code: string; status: number }[];
    };
    const known = new Map(items.map(({ code, status }) => [code, status]));
    for (const { path, described } of each()) {
      for (const [status, { description, content }] of Object.entries(described.responses)) {
        if (Number(status) < 400) continue;
        const codes = [...description.matchAll(/`([a-z_.]+)`/g)].map(([, code = ""]) => code);
        assert.ok(codes.length > 0, `${path} ${status}`);
        for (const code of codes) assert.equal(known.get(code), Number(status), `${path}: ${code}`);
        assert.ok(content?.["application/problem+json"], path);
      }
    }
    for (const { domain, name, operation } of publicOperations()) {
      const written = each().find(({ described }) => described.operationId === `${domain}.${name}`);
      const text = JSON.stringify(written?.described.responses);
      for (const code of operation.refusals)
        assert.ok(text.includes(`\`${code}\``), `${domain}.${name}: ${code}`);
    }
  });
});

describe("the API's page for people", () => {
  let shop: TestShop;
  before(async () => {
    shop = await openShop();
    await categories(shop);
    await sell(shop, await merchant(shop));
  });
  after(() => shop.close());

  it("tells of every operation, needs no script, and keeps to the policy of every page", async () => {
    const answer = await fetch(`${shop.url}/api`);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/html/);
    const storefront = await fetch(shop.url);
    await storefront.body?.cancel();
    const policy = answer.headers.get("content-security-policy");
    assert.equal(policy, storefront.headers.get("content-security-policy"));
    const page = await answer.text();
    for (const { domain, name, path } of publicOperations()) {
      assert.ok(page.includes(`<article id="${domain}.${name}">`), `${domain}.${name}`);
      assert.ok(page.includes(`<code>/api/v1${path}</code>`), path);
    }
    assert.doesNotMatch(page, /<script|<style| style=| on\w+=|undefined|\[object/);
    const style = await fetch(new URL(/href="(\/api\/[^"]+\.css)"/.exec(page)?.[1] ?? "", shop.url));
    assert.match(await style.text(), /--paper:[\s\S]+article \{/);
  });

  const tools = ["bash", "curl", "jq"];
  const missing = tools.filter((tool) => spawnSync(tool, ["--version"]).status !== 0);
  const skip = missing.length > 0 ? `${missing.join(" and ")} not installed` : false;
  it("shows a way from nothing to a paid order that leads there", { skip }, async () => {
    const script = `set -euo pipefail\nTOKEN=\n${fromNothing(shop.url)}`;
    const child = spawn("bash", ["-c", script], { stdio: ["ignore", "pipe", "inherit"] });
    assert.match(await streamText(child.stdout), /"captured"\s*$/);
  });
});

describe("every operation of the OpenAPI document", () => {
  let shop: TestShop;
  let there: Awaited<ReturnType<typeof bought>>;
  before(async () => {
    shop = await openShop();
    there = await bought(shop);
  });
  after(() => shop.close());

  const queries: Record<string, string> = { "search.find": "?q=cup", "search.suggest": "?q=cu" };

  /** Asks with the door's own example, as somebody who may, and gives the status with what was answered. */
  const ask = async (each: PublicOperation) => {
    const id = `${each.domain}.${each.name}`;
    const answer = await askFor(shop.url, each, {
      idOf: (kind) => there.ids[kind] ?? "sandbox",
      query: id === "inventory.available" ? `?skus=${there.ids["sku"]}` : (queries[id] ?? ""),
      token: (each.operation.who.includes("merchant") ? there.merchant : there.buyer).token,
      body: each.operation.example,
    });
    return { id, status: answer.status, text: await answer.text() };
  };

  it("answers as it is described: with a status it names, and a body true to that status", async () => {
    const document = (await (await fetch(`${shop.url}/api/openapi.json`)).json()) as Document;
    // Signing out ends what the others need.
    const operations = publicOperations().sort(
      (a, b) => Number(a.name === "signOut") - Number(b.name === "signOut"),
    );
    let done = 0;
    for (const each of operations) {
      const described = document.paths[`/api/v1${each.path}`]?.[each.method.toLowerCase()];
      const { id, status, text } = await ask(each);
      const response = described?.responses[status];
      assert.ok(response, `${id} answered ${status}, which it does not describe: ${text}`);
      assert.notEqual(status, 500, `${id}: ${text}`);
      const schema = response.content?.["application/json"]?.schema;
      if (schema) {
        const check = ajv.compile(schema);
        assert.ok(check(JSON.parse(text)), `${id}: ${ajv.errorsText(check.errors)} in ${text}`);
      }
      if (status < 300) done += 1;
      else
        assert.ok(
          response.description.includes(`\`${(JSON.parse(text) as { code: string }).code}\``),
          `${id}: ${text}`,
        );
    }
    assert.ok(done >= 25, `only ${done} of ${operations.length} did what was asked`);
  });

  it("refuses a field that it does not describe", async () => {
    for (const each of publicOperations()) {
      if (inQuery(each.method) || each.operation.rawBody) continue;
      const rest = inputPart(each.operation, (name) => !each.pathNames.includes(name));
      const operation = {
        ...each.operation,
        example: { ...(each.operation.example as object), unheardOf: 1 },
      };
      const { id, status, text } = await ask({ ...each, operation });
      assert.equal(status, 400, `${id}: ${text}`);
      if (rest?.required.length === 0) assert.match(text, /unheardOf/, id);
    }
  });
});
