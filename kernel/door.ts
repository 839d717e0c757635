import type { Static, TSchema } from "typebox";
import type { Caller, Context } from "./context.ts";
import { type Refusal, refuse } from "./refusal.ts";

/**
 * A door is the only way into a domain: one declaration from which types, validation, routes, the OpenAPI
 * document and the typed client are derived.
 */
export interface DoorSpec {
  readonly name: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Every code this domain refuses with, its HTTP status and its short title. */
  readonly refusals: Readonly<Record<string, readonly [status: number, title: string]>>;
  /** What this domain tells others, by name; `placed` of order travels as `order.placed`. */
  readonly events: Readonly<Record<string, TSchema>>;
}

export type Who = "anyone" | "guest" | "buyer" | "merchant" | "operator" | "domain";
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Operation {
  readonly kind: "query" | "command";
  /** Whether the same call may be delivered twice without harm (with the same idempotency key, where it takes one). */
  readonly retriable: boolean;
  readonly who: readonly Who[];
  readonly summary: string;
  /** What somebody who calls it must know beyond the summary, in a few sentences; each public operation has one. */
  readonly description?: string;
  readonly input: TSchema;
  readonly output: TSchema;
  readonly refusals: readonly string[];
  /** The public route under /api/v1, if it has one. Names in braces are taken from the input, so are query and body. */
  readonly http?: `${Method} /${string}`;
  /** 200 unless said. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Whether the route demands an Idempotency-Key: whatever creates or charges. */
  readonly idempotencyKey?: "required";
  /** Seconds for which an anonymous answer may be kept by caches. */
  readonly cacheSeconds?: number;
  /** The body goes to the operation to the letter, as `raw`, with the header `<provider>-signature` as `signature`. */
  readonly rawBody?: true;
  /** How large a body may be, in bytes, where the general limit would be too small. */
  readonly bodyBytes?: number;
  /** An example of the input for the OpenAPI document. */
  readonly example?: unknown;
}

/** Declares a door; keeps every literal for the compiler. */
export const door = <const Spec extends DoorSpec>(spec: Spec): Spec => spec;

type OutcomeOf<Op extends Operation> = Static<Op["output"]> | Refusal<Op["refusals"][number] | GuardRefusal>;

/** The interface that a door's declaration describes: what callers hold and modules implement. */
export type Door<Spec extends DoorSpec> = {
  readonly [Name in keyof Spec["operations"]]: (
    context: Context,
    input: Static<Spec["operations"][Name]["input"]>,
  ) => Promise<OutcomeOf<Spec["operations"][Name]>>;
};

export type GuardRefusal = "request.unauthenticated" | "request.forbidden";

/** Refusals that any door may answer with, before its domain is asked. */
export const requestRefusals = {
  "request.invalid": [400, "The request is not of the right form"],
  "request.unauthenticated": [401, "Sign in first"],
  "request.forbidden": [403, "Not yours to do"],
  "request.not_found": [404, "No such address"],
  "request.too_large": [413, "The request is too large"],
  "request.idempotency_key_missing": [400, "An Idempotency-Key is needed"],
  "request.too_many": [429, "Too many requests"],
  "request.failed": [500, "Something broke on our side"],
  "request.overloaded": [503, "Busy: try again in a moment"],
  "request.switched_off": [503, "Switched off for now: try again in a few minutes"],
} as const satisfies DoorSpec["refusals"];

const admits: Record<Who, (caller: Caller) => boolean> = {
  anyone: () => true,
  guest: (caller) => caller.kind === "guest",
  buyer: (caller) => caller.kind === "account",
  merchant: (caller) => caller.kind === "account",
  operator: (caller) => caller.kind === "account" && caller.operator,
  domain: (caller) => caller.kind === "domain",
};

/**
 * The one place where a door decides who may call at all. Whose order, shop or address it is, the operation
 * decides itself, because only its data tells.
 */
export function guarded<Spec extends DoorSpec>(spec: Spec, implementation: Door<Spec>): Door<Spec> {
  const open: Record<string, (context: Context, input: never) => Promise<unknown>> = {};
  for (const [name, operation] of Object.entries(spec.operations)) {
    const call = implementation[name as keyof Spec["operations"]] as (
      c: Context,
      i: never,
    ) => Promise<unknown>;
    open[name] = (context, input) => {
      if (operation.who.some((who) => admits[who](context.caller))) return call(context, input);
      return Promise.resolve(guardRefusal(context.caller));
    };
  }
  return open as Door<Spec>;
}

function guardRefusal(caller: Caller): Refusal<GuardRefusal> {
  return caller.kind === "account"
    ? refuse("request.forbidden", "Your account may not do this.")
    : refuse("request.unauthenticated", "Sign in, then try again.");
}

const json = Symbol("json");

/** Reads an answer when somebody looks into it, and lets nobody change it. */
class Reader<T extends object> implements ProxyHandler<T> {
  readonly #text: string;
  #read: T | undefined;
  constructor(text: string) {
    this.#text = text;
  }
  #all(): T {
    // Itself it is guarded here, and a proxy may not show what is frozen before its target is.
    this.#read ??= freezeParts(JSON.parse(this.#text) as T);
    return this.#read;
  }
  get(_: T, name: string | symbol): unknown {
    if (name === json) return this.#text;
    // Asked for by every `await`; no answer has one.
    return name === "then" ? undefined : Reflect.get(this.#all(), name);
  }
  has(_: T, name: string | symbol): boolean {
    // Asked of every outcome; no output has one.
    return name !== "refusal" && name in this.#all();
  }
  ownKeys(): (string | symbol)[] {
    return Reflect.ownKeys(this.#all());
  }
  getOwnPropertyDescriptor(own: T, name: string | symbol): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(Object.isExtensible(own) ? this.#all() : own, name);
  }
  /** Whoever freezes it reads it: then it has to have by itself what it shows. */
  preventExtensions(own: T): boolean {
    return Reflect.preventExtensions(Object.assign(own, this.#all()));
  }
  defineProperty(own: T, name: string | symbol, what: PropertyDescriptor): boolean {
    return !Object.isExtensible(own) && Reflect.defineProperty(own, name, what);
  }
  set(): boolean {
    return false;
  }
  deleteProperty(): boolean {
    return false;
  }
}

/**
 * An answer of an operation that is kept as JSON, in the words of its door. It is read when somebody looks into it;
 * who only sends it on need not: to read a page of 24 products and write it again was a seventh of what the application
 * did for it [m].
 */
export const unread = <T extends object>(text: string): T => new Proxy({} as T, new Reader<T>(text));

/** Everybody is handed the same value: whoever changes it hears of it. An answer that is kept as JSON stays unread. */
export function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  return jsonOf(value) === undefined ? Object.freeze(freezeParts(value)) : value;
}

function freezeParts<T extends object>(value: T): T {
  for (const part of Object.values(value)) freeze(part);
  return value;
}

/** The JSON of an answer that is kept so. */
export const jsonOf = (answer: unknown): string | undefined =>
  typeof answer === "object" && answer !== null ? (answer as { [json]?: string })[json] : undefined;
