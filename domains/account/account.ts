/** Addresses are compared, kept and shown in lower case. */
export const lowerCase = (email: string): string => email.toLowerCase();

/**
 * Ten wrong passwords of one client within a quarter of an hour lock an address for that client, and a hundred of all
 * clients that are not known lock it for those, for a quarter of an hour after the last of them (docs/decisions/0010).
 */
export const lockOut = { failures: 10, failuresOfAll: 100, windowMs: 15 * 60_000 };

/** For how long a client is known from which whoever has an address signed in, and how often that is written anew. */
export const knownMs = 90 * 24 * 3_600_000;
export const renewMs = 24 * 3_600_000;

/** Not renewed by use: a stolen token ends too. */
export const sessionMs = 30 * 24 * 3_600_000;

/**
 * How old an unfinished claim of an address must be before another registration takes it over. Far above any
 * request's deadline, so that whoever made the claim is not about to finish it.
 */
export const abandonedAfterMs = 60_000;
