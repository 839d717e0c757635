import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { TSchema } from "typebox";
import { type Caller, type Context, newContext } from "#kernel/context";
import type { Door, DoorSpec } from "#kernel/door";
import { refuse } from "#kernel/refusal";
import type { Wire } from "#platform/rpc/api";
import { doorOver } from "#platform/rpc/call";
import { type Listening, listenForCalls } from "#platform/rpc/drivers/http-listen";
import { openHttpWire } from "#platform/rpc/drivers/http-wire";
import { openHost } from "#platform/rpc/serve";
import { doorSpecs } from "../support/wire.ts";

type Run = (context: Context, input: unknown) => Promise<unknown>;

describe("what every operation says and is told", () => {
  let listening: Listening;
  let wire: Wire;
  /** What the door behind the wire was asked last, and what it answers. */
  let asked: { context: Context; input: unknown } | undefined;
  let answer: unknown;
  const host = openHost((_, error) => assert.fail(String(error)));
  const parrot: Run = async (context, input) => {
    asked = { context, input };
    return answer;
  };
  before(async () => {
    for (const spec of Object.values(doorSpecs)) {
      const names = Object.keys(spec.operations);
      host.serve(spec, Object.fromEntries(names.map((name) => [name, parrot])) as Door<DoorSpec>);
    }
    listening = await listenForCalls({ host: "127.0.0.1", port: 0, secret: "s", answer: host.answer });
    wire = openHttpWire({ url: listening.url, secret: "s", connections: 1 });
  });
  after(async () => {
    await wire.close();
    await listening.close();
  });

  for (const spec of Object.values(doorSpecs)) {
    it(`survives the wire: ${spec.name}`, async () => {
      const over = doorOver(spec, { wire, later: (_, told) => told }) as unknown as Record<string, Run>;
      for (const [name, operation] of Object.entries(spec.operations)) {
        const refusal = fc
          .tuple(fc.constantFrom("request.forbidden", ...operation.refusals), text(), fc.option(details))
          .map(([code, message, detail]) => refuse(code, message, detail ?? undefined));
        const outcome = fc.oneof(allowedBy(operation.output), refusal);
        const call = fc.asyncProperty(
          allowedBy(operation.input),
          contexts,
          outcome,
          async (input, from, to) => {
            const context = newContext({ ...from, deadline: Date.now() + 10_000 });
            answer = to;
            const told = await over[name]?.(context, input);
            assert.deepEqual(told, to, `the answer of ${name}`);
            assert.deepEqual(asked?.input, input, `the input of ${name}`);
            const { deadline, ...rest } = asked?.context ?? context;
            assert.deepEqual(rest, { ...from });
            assert.ok(Math.abs(deadline - context.deadline) < 5_000);
          },
        );
        await fc.assert(call, { numRuns: 20 });
      }
    });
  }
});

const text = () => fc.string({ unit: "grapheme", maxLength: 20 });
const key = () => fc.string({ maxLength: 20 }).filter((name) => name !== "__proto__");
const details = fc.dictionary(key(), fc.oneof(fc.integer(), text(), fc.constant(null)), {
  noNullPrototype: true,
});
const id = fc.stringMatching(/^[0-7][0-9a-hjkmnp-tv-z]{12}$/);

const plain = { noNullPrototype: true };
const callers = fc.oneof(
  fc.constant({ kind: "anonymous" }),
  fc.record({ kind: fc.constant("guest"), cartToken: text() }, plain),
  fc.record(
    {
      kind: fc.constant("account"),
      account: id,
      session: id,
      operator: fc.boolean(),
      shops: fc.array(id, { maxLength: 3 }),
    },
    plain,
  ),
  fc.record({ kind: fc.constant("domain"), domain: text() }, plain),
) as fc.Arbitrary<Caller>;

const contexts = fc.record({
  caller: callers,
  idempotencyKey: fc.option(text(), { nil: undefined }),
  readToken: fc.array(fc.tuple(fc.constantFrom("order", "cart"), text())).map((entries) => new Map(entries)),
  trace: text(),
});

/** The words of JSON Schema that doors use; another is a reason to teach this one. */
interface Words {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly TSchema[];
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxProperties?: number;
}

/** Anything that a schema allows. */
function allowedBy(schema: TSchema): fc.Arbitrary<unknown> {
  const words = schema as Words;
  if (words.const !== undefined) return fc.constant(words.const);
  if (words.anyOf) return fc.oneof(...words.anyOf.map(allowedBy));
  switch (words.type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: words.minimum ?? -(2 ** 31), max: words.maximum ?? 2 ** 31 });
    case "number":
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n));
    case "string":
      return textOf(words);
    case "array":
      return fc.array(allowedBy(words.items ?? {}), {
        minLength: words.minItems ?? 0,
        maxLength: Math.min(words.maxItems ?? 3, Math.max(3, words.minItems ?? 0)),
      });
    case "object":
      return words.patternProperties ? recordOf(words) : objectOf(words);
    default:
      throw new Error(`nothing is known of ${JSON.stringify(schema)}`);
  }
}

function textOf({ pattern, format, minLength = 0, maxLength = 20 }: Words): fc.Arbitrary<string> {
  if (format === "date-time")
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((d) => d.toISOString());
  if (format === "email") return fc.stringMatching(/^[a-z]{1,10}@[a-z]{1,10}\.com$/);
  const fits = (value: string) => [...value].length >= minLength && [...value].length <= maxLength;
  if (pattern) return fc.stringMatching(new RegExp(pattern, "u")).filter(fits);
  return fc
    .string({ unit: "binary", minLength, maxLength: Math.min(maxLength, minLength + 20) })
    .filter(fits);
}

const recordOf = ({ patternProperties = {}, maxProperties = 5 }: Words): fc.Arbitrary<unknown> => {
  const [value = {}] = Object.values(patternProperties);
  return fc.dictionary(key(), allowedBy(value), {
    maxKeys: Math.min(maxProperties, 5),
    noNullPrototype: true,
  });
};

const objectOf = ({ properties = {}, required = [] }: Words): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, allowedBy(part)])), {
    requiredKeys: [...required],
    noNullPrototype: true,
  });
