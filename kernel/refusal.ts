/**
 * Three kinds of failure, three words. A refusal is an expected "no" with a stable code, returned as a value. A
 * fault means that the machine failed and that the work may have happened; it is thrown. A bug is an assertion.
 */
export interface Refusal<Code extends string = string> {
  readonly refusal: Code;
  /** A sentence for the person who asked, saying what to do next. */
  readonly message: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** An expected "no". Callers match on the code, never on identity, which does not survive a wire. */
export function refuse<const Code extends string>(
  refusal: Code,
  message: string,
  detail?: Readonly<Record<string, unknown>>,
): Refusal<Code> {
  return detail ? { refusal, message, detail } : { refusal, message };
}

/** Whether an outcome is a refusal. No output of any door has a key named `refusal`. */
export function isRefusal<T>(outcome: T): outcome is Extract<T, Refusal> {
  return typeof outcome === "object" && outcome !== null && "refusal" in outcome;
}

/** What a failed machine throws. `safeToRetry`: the work certainly did not happen. */
export class Fault extends Error {
  readonly code: string;
  readonly safeToRetry: boolean;
  constructor(code: string, message: string, options: { cause?: unknown; safeToRetry?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.name = "Fault";
    this.code = code;
    this.safeToRetry = options.safeToRetry ?? false;
  }
}

/** The outcome, where a refusal would be a bug of the caller: "this cannot be refused here". */
export function expectDone<T>(outcome: T): Exclude<T, Refusal> {
  if (isRefusal(outcome)) throw new Error(`unexpected refusal ${outcome.refusal}: ${outcome.message}`);
  return outcome as Exclude<T, Refusal>;
}
