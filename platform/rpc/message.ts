import { type Static, type TSchema, Type } from "typebox";
import type { Caller, Context, ReadToken } from "#kernel/context";
import { idOf } from "#kernel/schema";

const callerSchema = Type.Union([
  Type.Object({ kind: Type.Literal("anonymous") }),
  Type.Object({ kind: Type.Literal("guest"), cartToken: Type.String() }),
  Type.Object({
    kind: Type.Literal("account"),
    account: idOf("account"),
    session: idOf("session"),
    operator: Type.Boolean(),
    shops: Type.Array(idOf("shop")),
  }),
  Type.Object({ kind: Type.Literal("domain"), domain: Type.String() }),
]);

const contextSchema = Type.Object({
  caller: callerSchema,
  /**
   * How long the caller still waits, rather than until when: the clocks of two machines need not agree. What is lost
   * is the time on the way, by which the service gives up later than the caller.
   */
  leftMs: Type.Number(),
  idempotencyKey: Type.Optional(Type.String()),
  readToken: Type.Record(Type.String(), Type.String()),
  client: Type.Optional(Type.String()),
  trace: Type.String(),
  /** Of the stretch of a trace that asks, where one is kept (W3C Trace Context). */
  traceparent: Type.Optional(Type.String()),
});
type SentContext = Static<typeof contextSchema>;

/** What travels to an operation that takes `input`. */
export const callSchema = <Input extends TSchema>(input: Input) =>
  Type.Object({ context: contextSchema, input });
export interface Call {
  readonly context: SentContext;
  readonly input: unknown;
}

/** What travels back: exactly one of the first three, and what the caller must see from now on. */
export interface Answer {
  /** What the operation returned, a refusal among it. */
  readonly outcome?: unknown;
  readonly fault?: { readonly code: string; readonly message: string; readonly safeToRetry: boolean };
  /** A mistake of one of the two sides, in words for those who mend it. */
  readonly bug?: string;
  readonly readToken?: Readonly<Record<string, string>>;
}

/** As text; `undefined` in objects is left out, as everywhere in JSON. */
export function writeCall(
  context: Context,
  leftMs: number,
  input: unknown,
  traceparent?: string | undefined,
): string {
  const { caller, idempotencyKey, client, trace } = context;
  const sent: SentContext = {
    caller: caller as Sent<Caller>,
    leftMs,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    readToken: Object.fromEntries(context.readToken),
    ...(client === undefined ? {} : { client }),
    trace,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return JSON.stringify({ context: sent, input } satisfies Call);
}

/** What of a read token was not there before, or has moved on. */
export function grown(token: ReadToken, before: Readonly<Record<string, string>>): Pick<Answer, "readToken"> {
  const news = [...token].filter(([domain, position]) => before[domain] !== position);
  return news.length > 0 ? { readToken: Object.fromEntries(news) } : {};
}

/** A schema's lists are writable, the kernel's are not. */
type Sent<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };
