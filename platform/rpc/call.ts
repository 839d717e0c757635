import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "#kernel/clock";
import type { Context } from "#kernel/context";
import type { Door, DoorSpec, Operation } from "#kernel/door";
import { Fault } from "#kernel/refusal";
import { current, during } from "#platform/telemetry/traces";
import { Broken, type Wire } from "./api.ts";
import { type Answer, writeCall } from "./message.ts";
import { longestMs, within } from "./within.ts";

/** How a door that is elsewhere is reached. */
export interface Road {
  readonly wire: Wire;
  /**
   * Which of two positions of a store a caller must see: calls that ran side by side bring theirs back in any order,
   * and the farther must not be overwritten by the nearer. Where a database has `positions`, the kept one stays if it
   * reaches what was told.
   */
  later(kept: string, told: string): string;
}

/**
 * Before each delivery after the first. At once the first time: what breaks most is a connection that the other end
 * has just closed. All in all longer than a service takes to pass its socket on, shorter than a person's patience.
 */
const pausesMs = [0, 25, 100, 400] as const;

interface Target {
  readonly door: string;
  readonly name: string;
  readonly operation: Operation;
  readonly road: Road;
}

/**
 * The door that `spec` declares, served at the other end of a wire: the same interface as the one in process. Refusals
 * are returned; a `Fault` is thrown where the machine failed, on either side or between, and says whether it may have
 * happened; mistakes are thrown as errors. What came back over the wire is believed: both ends are of one release or of
 * two that follow each other.
 */
export function doorOver<Spec extends DoorSpec>(spec: Spec, road: Road): Door<Spec> {
  const open: Record<string, (context: Context, input: unknown) => Promise<unknown>> = {};
  for (const [name, operation] of Object.entries(spec.operations)) {
    const target = { door: spec.name, name, operation, road };
    const asks = { name: `rpc ${spec.name}.${name}`, side: "asks" } as const;
    open[name] = (context, input) =>
      current() ? during(asks, () => call(target, context, input)) : call(target, context, input);
  }
  return open as Door<Spec>;
}

/** Whether a call may be delivered twice: where an operation wants a key, the key is what makes it harmless. */
export const isRepeatable = (operation: Operation, context: Context): boolean =>
  operation.retriable &&
  (operation.idempotencyKey !== "required" || context.idempotencyKey !== undefined || isQuery(operation));

const isQuery = (operation: Operation) => operation.kind === "query";

async function call(target: Target, context: Context, input: unknown): Promise<unknown> {
  const { door, name, operation, road } = target;
  const repeatable = isRepeatable(operation, context);
  /** Whether a delivery before this one may have been carried out: what the next says of itself does not undo that. */
  let perhapsDone = false;
  for (let attempt = 1; ; attempt++) {
    const leftMs = Math.min(context.deadline - systemClock.now(), longestMs);
    if (leftMs <= 0) throw tooLate(target, perhapsDone);
    const body = writeCall(context, leftMs, input, current()?.traceparent);
    const parcel = { door, operation: name, repeatable, attempt, body };
    let text: string;
    try {
      text = await within(
        leftMs,
        (signal) => road.wire.carry(parcel, signal),
        () => tooLate(target, !isQuery(operation)),
      );
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      perhapsDone ||= error.arrived && !isQuery(operation);
      const pauseMs = pausesMs[attempt - 1];
      const mayGoAgain = repeatable || !error.arrived;
      if (pauseMs === undefined || !mayGoAgain || systemClock.now() + pauseMs >= context.deadline) {
        throw unreachable(target, perhapsDone, error);
      }
      await pause(pauseMs);
      continue;
    }
    return open(target, JSON.parse(text) as Answer, context, perhapsDone);
  }
}

function open(target: Target, answer: Answer, context: Context, perhapsDone: boolean): unknown {
  for (const [domain, told] of Object.entries(answer.readToken ?? {})) {
    const kept = context.readToken.get(domain);
    context.readToken.set(domain, kept === undefined ? told : target.road.later(kept, told));
  }
  if (answer.fault) {
    const { code, message, safeToRetry } = answer.fault;
    throw new Fault(code, message, { safeToRetry: safeToRetry && !perhapsDone });
  }
  if (answer.bug !== undefined)
    throw new Error(`${target.door}.${target.name}, in its service: ${answer.bug}`);
  return answer.outcome;
}

const tooLate = ({ door, name }: Target, perhapsDone: boolean): Fault =>
  new Fault("rpc.too_late", `The request ran out of time before ${door}.${name} answered.`, {
    safeToRetry: !perhapsDone,
  });

const unreachable = ({ door, name }: Target, perhapsDone: boolean, cause: Broken): Fault =>
  new Fault("rpc.unreachable", `The service of ${door} did not answer to ${name}: ${cause.message}`, {
    cause,
    safeToRetry: !perhapsDone,
  });
