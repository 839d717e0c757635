import { hash, verify } from "@node-rs/argon2";
import { systemClock } from "#kernel/clock";
import { Fault } from "#kernel/refusal";

/**
 * argon2id with 19 MiB, two passes and one lane: the first choice of OWASP's Password Storage Cheat Sheet
 * (cheatsheetseries.owasp.org, "Argon2id"). About 25 ms of one core here; argon2id is the library's default.
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A hash that no password has, of the same cost: what is checked for an address that nobody has. */
export const decoyHash = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$${"A".repeat(22)}$${"A".repeat(43)}`;

/**
 * Two are half of the threads that Node also reads files and looks up names with; 200 are two to three
 * seconds of work for them on an idle machine: whoever comes later is better told so at once.
 */
const limits = { atOnce: 2, mayWait: 200 };

/** Hashes and checks passwords, so few at once that a flood of sign-ins starves nothing else. */
export interface Passwords {
  hash(password: string, deadline: number): Promise<string>;
  matches(hashed: string, password: string, deadline: number): Promise<boolean>;
}

/** One per process. Throws `account.busy` when too many wait already, or when the caller no longer does. */
export function openPasswords({ atOnce, mayWait } = limits): Passwords {
  const turn = gate(atOnce, mayWait);
  // One text has several encodings, and keyboards differ in which they send (NIST SP 800-63B, 3.1.1.2).
  const normal = (password: string) => password.normalize("NFKC");
  return {
    hash: (password, deadline) => turn(deadline, () => hash(normal(password), cost)),
    matches: (hashed, password, deadline) => turn(deadline, () => verify(hashed, normal(password))),
  };
}

/** Lets `atOnce` pieces of work run and `mayWait` wait, first come first served. */
export function gate(atOnce: number, mayWait: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  const enter = (): Promise<void> => {
    if (running < atOnce) {
      running++;
      return Promise.resolve();
    }
    if (waiting.length >= mayWait) throw busy("Too many people sign in at once. Try again in a few seconds.");
    return new Promise((resolve) => waiting.push(resolve));
  };
  // A place is handed on, so that nobody slips in between.
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else running--;
  };
  return async <T>(deadline: number, work: () => Promise<T>): Promise<T> => {
    await enter();
    try {
      if (systemClock.now() > deadline)
        throw busy("The request ran out of time before its password was looked at.");
      return await work();
    } finally {
      leave();
    }
  };
}

const busy = (message: string) => new Fault("account.busy", message, { safeToRetry: true });
