/** Addresses are compared, kept and shown in lower case. */
export const lowerCase = (email: string): string => email.toLowerCase();

/**
 * Ten wrong passwords within a quarter of an hour lock an address for a quarter of an hour after the tenth.
 */
export const lockOut = { failures: 10, windowMs: 15 * 60_000 };

/** When the lock of an address opens, in milliseconds since 1970; undefined when it is not locked. */
export const lockedUntil = (failures: number, untilMs: number, nowMs: number): number | undefined =>
  failures >= lockOut.failures && untilMs > nowMs ? untilMs : undefined;

/** Not renewed by use: a stolen token ends too. */
export const sessionMs = 30 * 24 * 3_600_000;

/**
 * How old an unfinished claim of an address must be before another registration takes it over. Far above any
 * request's deadline, so that whoever made the claim is not about to finish it.
 */
export const abandonedAfterMs = 60_000;
