import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { systemClock } from "#kernel/clock";
import { type Context, newContext } from "#kernel/context";
import type { Door, DoorSpec, Operation } from "#kernel/door";
import { Fault } from "#kernel/refusal";
import { within as inSpan, type Traces } from "#platform/telemetry/traces";
import type { Answering } from "./api.ts";
import { type Answer, type Call, callSchema, grown } from "./message.ts";
import { within } from "./within.ts";

/** The doors that a process serves to others. */
export interface Host {
  serve<Spec extends DoorSpec>(spec: Spec, door: Door<Spec>): void;
  readonly answer: Answering;
}

interface Served {
  readonly operation: Operation;
  readonly run: (context: Context, input: unknown) => Promise<unknown>;
  /** Compiled when it is first called: 5 ms each, and most processes are asked for few. */
  fits?: ValidateFunction<Call>;
}

/** `log` hears of mistakes, with the id of the request. `traces`: those that callers keep go on here. */
export function openHost(log: (message: string, error: unknown) => void, traces?: Traces): Host {
  const served = new Map<string, Served>();
  // Nothing is filled in or turned into anything: what a function call would not do, a wire does not do.
  const ajv = new Ajv({ strict: false });
  // ajv-formats is CommonJS; its function is the module's default.
  (formats as unknown as (on: Ajv) => void)(ajv);
  return {
    serve: (spec, door) => {
      const runs = door as Record<string, Served["run"]>;
      for (const [name, operation] of Object.entries(spec.operations)) {
        const run = runs[name];
        if (!run) throw new Error(`${spec.name} does not implement ${name}`);
        served.set(`${spec.name}.${name}`, { operation, run });
      }
    },
    answer: async (door, operation, body) => {
      const name = `${door}.${operation}`;
      const found = served.get(name);
      return JSON.stringify(
        found
          ? await answerTraced(readCall(found, ajv, body), name, traces, (call) =>
              answerTo(found, name, call, log),
            )
          : mistake(`this process does not serve ${name}`),
      );
    },
  };
}

function readCall(found: Served, ajv: Ajv, body: string): Call | string {
  found.fits ??= ajv.compile<Call>(callSchema(found.operation.input));
  let call: unknown;
  try {
    call = JSON.parse(body);
  } catch {
    return "the call is not JSON";
  }
  return found.fits(call) ? call : `the call does not fit: ${ajv.errorsText(found.fits.errors)}`;
}

/** Who calls is trusted, and has decided whether the trace is kept. */
function answerTraced(
  call: Call | string,
  name: string,
  traces: Traces | undefined,
  answer: (call: Call | string) => Promise<Answer>,
): Promise<Answer> {
  const traceparent = typeof call === "string" ? undefined : call.context.traceparent;
  const span = traceparent === undefined ? undefined : traces?.begin(`serve ${name}`, { traceparent });
  return span ? inSpan(span, () => answer(call), faultOf) : answer(call);
}

const faultOf = ({ fault, bug }: Answer) =>
  fault || bug !== undefined ? { "error.type": fault?.code ?? "bug" } : undefined;

async function answerTo(
  { operation, run }: Served,
  name: string,
  call: Call | string,
  log: (message: string, error: unknown) => void,
): Promise<Answer> {
  if (typeof call === "string") return mistake(call);
  const { caller, leftMs, idempotencyKey, readToken, client, trace } = call.context;
  const tooLate = (begun: boolean) =>
    new Fault("rpc.too_late", `There was no time left for ${name}.`, {
      safeToRetry: !begun || operation.kind === "query",
    });
  const context = newContext({
    caller,
    deadline: systemClock.now() + leftMs,
    idempotencyKey,
    readToken: new Map(Object.entries(readToken)),
    client,
    trace,
  });
  try {
    if (leftMs <= 0) throw tooLate(false);
    const outcome = await within(
      leftMs,
      () => run(context, call.input),
      () => tooLate(true),
    );
    return { outcome, ...grown(context.readToken, readToken) };
  } catch (error) {
    // What was written before it failed must be seen too.
    const seen = grown(context.readToken, readToken);
    if (error instanceof Fault) {
      const { code, message, safeToRetry } = error;
      return { fault: { code, message, safeToRetry }, ...seen };
    }
    log(`${name} broke, in request ${trace}`, error);
    return { ...mistake(error instanceof Error ? error.message : String(error)), ...seen };
  }
}

const mistake = (bug: string): Answer => ({ bug });
