import { Fault } from "#kernel/refusal";
import { KeyTaken } from "../api.ts";

const uniqueViolation = "23505";
/** The server is there, and takes no connections yet. */
const startingUp = "57P03";
/** It follows another: the statement was refused before it did anything. */
const readOnly = "25006";
/** Classes of SQLSTATE that mean "certainly not done, and may work the next time". */
const retriableStates = new Set(["40001", "40P01", "55P03", "53300", readOnly]);

const codeOf = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;

/** What the driver threw, in the words of the port: a Fault, a KeyTaken, or the mistake that it is. */
export function asFault(error: unknown): Error {
  if (error instanceof Fault || error instanceof KeyTaken) return error;
  if (!(error instanceof Error)) return new Fault("database.failed", String(error));
  const { code, constraint } = error as Error & { code?: string; constraint?: string };
  if (code === uniqueViolation) return new KeyTaken(constraint ?? "");
  const refused =
    code === "ECONNREFUSED" ||
    code === "ENOENT" ||
    code === startingUp ||
    error.message.includes("timeout exceeded when");
  if (refused || isBroken(error)) {
    return new Fault("database.unreachable", "The database cannot be reached.", {
      cause: error,
      safeToRetry: refused || isUnsent(error),
    });
  }
  if (code && retriableStates.has(code)) {
    return new Fault("database.busy", "The database asks to try again.", { cause: error, safeToRetry: true });
  }
  // What is left is a mistake of ours in a statement, or work of the domain that threw: passed on as it is.
  return error;
}

/** What no server was ever sent a statement for. */
const unsent = new WeakSet<object>();

const isUnsent = (error: unknown): boolean =>
  typeof error === "object" && error !== null && unsent.has(error);

/** Remembers of an error that came before anything was sent, so that nothing can have happened. */
export function nothingWasSent(error: unknown): unknown {
  if (typeof error === "object" && error !== null) unsent.add(error);
  return error;
}

/** The connection was lost, or there was none to be had. */
function isBroken(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code?.startsWith("08") === true ||
    code?.startsWith("57P") === true ||
    (code !== undefined && lostSockets.has(code)) ||
    /terminated|timeout expired/.test(error instanceof Error ? error.message : "")
  );
}
const lostSockets = new Set([
  "ECONNREFUSED",
  "ENOENT",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

/**
 * Whether another server, or the same one in a moment, is to be asked again: it certainly did nothing, because it was
 * never sent the statement or follows another.
 */
export const isForAnother = (error: unknown): boolean =>
  codeOf(error) === readOnly || (isUnsent(error) && isBroken(error));

/** Whether a read that failed so is to be asked of another: it may be repeated whatever became of it. */
export const isLost = (error: unknown): boolean => isForAnother(error) || isBroken(error);

/** A commit whose wait for a second disk was cut short: the server calls that a success. */
export const unconfirmed = (): Fault =>
  new Fault(
    "database.unconfirmed",
    "The database stopped waiting for a second disk: it is written on one, and may be lost with it.",
  );

/** The code of a server that keeps its answer to itself. */
export const silent = "database.silent";
