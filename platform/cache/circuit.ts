/** When to stop asking what does not answer. */
export interface CircuitSettings {
  /** Milliseconds after which an answer no longer helps: a read from the database takes 1 to 5. */
  readonly timeoutMs: number;
  /** So many failures in a row open the circuit; one alone may be a pause of our own. */
  readonly failures: number;
  /** Milliseconds for which nobody asks; then one asks for all. */
  readonly restMs: number;
}

export const defaultCircuit: CircuitSettings = { timeoutMs: 50, failures: 3, restMs: 1_000 };

export interface Circuit {
  /** What `work` answers; undefined if it fails, is late, or is not begun because it would be. */
  run<T>(work: () => Promise<T>): Promise<T | undefined>;
  readonly isOpen: boolean;
}

/** Passes by what is dead or slow, so that waiting for it costs a few callers and not all. */
export function openCircuit(settings: CircuitSettings, told: (what: "error" | "passed_by") => void): Circuit {
  let failures = 0;
  let restsUntil = 0;
  let isTrying = false;
  const isOpen = () => failures >= settings.failures;
  const failed = () => {
    told("error");
    failures++;
    if (isOpen()) restsUntil = performance.now() + settings.restMs;
  };
  return {
    get isOpen() {
      return isOpen();
    },
    run: async (work) => {
      if (isOpen()) {
        if (isTrying || performance.now() < restsUntil) {
          told("passed_by");
          return undefined;
        }
        isTrying = true;
      }
      const tries = isTrying;
      try {
        const answer = await within(settings.timeoutMs, work());
        failures = 0;
        return answer;
      } catch {
        failed();
        return undefined;
      } finally {
        if (tries) isTrying = false;
      }
    },
  };
}

function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // An answer that came while this process was busy is read before the time is said to be up.
    const late = () => setImmediate(() => reject(new Error(`no answer in ${timeoutMs} ms`)));
    const timer = setTimeout(late, timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
