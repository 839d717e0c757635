/** Where the time comes from: handed to whoever needs it, so that tests and faults can bend it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** A time of the wire and of documents: ISO 8601 in UTC with milliseconds. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

/** Milliseconds since 1970 of an ISO 8601 time. */
export const parseTime = (iso: string): number => Date.parse(iso);
