import { Ajv } from "ajv";
import formats from "ajv-formats";
import type { FastifyInstance } from "fastify";

/** `verbose` has errors carry the schema they are about, whose description says what was expected. */
const options = {
  allErrors: false,
  useDefaults: true,
  strict: false,
  removeAdditional: false,
  verbose: true,
} as const;

/**
 * Bodies are taken as they are: "2" is no number, and an unknown field is an error rather than a silent loss. Paths and
 * queries can only carry text, so there it is turned into what the schema asks for.
 */
export function compileSchemas(app: FastifyInstance): void {
  // ajv-formats is CommonJS; its function is the module's default.
  const addFormats = formats as unknown as (ajv: Ajv) => void;
  const body = new Ajv(options);
  const text = new Ajv({ ...options, coerceTypes: "array" });
  addFormats(body);
  addFormats(text);
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === "body" ? body : text).compile(schema as object),
  );
}
