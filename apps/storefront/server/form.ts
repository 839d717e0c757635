import type { FastifyInstance, FastifyRequest } from "fastify";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import type { Context } from "#kernel/context";
import { randomToken } from "#kernel/id";
import type { FormState } from "../client/said.ts";

/** Lets forms arrive as browsers send them; the body is then a URLSearchParams. */
export function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: 65_536 },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
}

/** The form that was sent; an empty one if there was none. */
export const formOf = (request: FastifyRequest): URLSearchParams =>
  request.body instanceof URLSearchParams ? request.body : new URLSearchParams();

/** The named fields, trimmed, those left empty left out: what the doors' schemas expect. */
export function fieldsOf(form: URLSearchParams, names: readonly string[]): Record<string, string> {
  const pairs = names.map((name): [string, string] => [name, form.get(name)?.trim() ?? ""]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ""));
}

/**
 * What a door's schema has against these values, field by field, in the words of `messages` (or of `otherwise`).
 * Doors called in one process do not check their input: whoever takes it from outside does.
 */
export function problemsOf(
  schema: TSchema,
  values: Record<string, unknown>,
  messages: Readonly<Record<string, string>>,
): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const error of Value.Errors(schema, values)) {
    const names =
      error.keyword === "required" && error.instancePath === ""
        ? error.params.requiredProperties
        : [error.instancePath.slice(1).split("/")[0] ?? ""];
    for (const name of names) problems[name] ??= messages[name] ?? "Check this, please.";
  }
  return problems;
}

export const emptyForm: FormState = { values: {}, problems: {} };

/** The form as it was sent, to be shown again. A password is never sent back. */
export function sentForm(values: Record<string, string>, problems: Record<string, string>): FormState {
  const { password: _, ...shown } = values;
  return { values: shown, problems };
}

/** A fresh idempotency key for a form that must do its work once, however often it is sent. */
export const newKey = randomToken;

/** The request, under the key its form carried; a key of the wrong form is replaced, so the work is still done once. */
export function underKey(context: Context, key: string | null, purpose: string): Context {
  const own = key && /^[0-9a-f]{32}$/.test(key) ? key : newKey();
  return { ...context, idempotencyKey: `${own}-${purpose}` };
}

/** A path of this shop to go on to; anything else, such as another site, becomes the front page. */
export function safePath(path: string | null | undefined): string {
  const isLocal = path?.startsWith("/") && !/^\/[/\\]|[\\\s\p{Cc}]/u.test(path) && path.length <= 2_000;
  return isLocal && path ? path : "/";
}
