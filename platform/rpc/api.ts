/** One delivery of a call: to which operation, and what is said. */
export interface Parcel {
  readonly door: string;
  readonly operation: string;
  /** Whether another delivery of it does no harm. */
  readonly repeatable: boolean;
  /** 1 for the first delivery of a call, 2 when its answer did not come, and so on. */
  readonly attempt: number;
  readonly body: string;
}

/** Carries calls to whoever serves a door, and answers back. It neither repeats nor waits longer than it is told. */
export interface Wire {
  /**
   * The answer to the letter. Rejects with `Broken` when there is none, and with an `Error` when nobody at the other
   * end can make sense of it: another secret, no such operation.
   */
  carry(parcel: Parcel, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/** A call that got no answer. `arrived`: it may have been carried out; otherwise it certainly was not. */
export class Broken extends Error {
  readonly arrived: boolean;
  constructor(message: string, options: { arrived: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "Broken";
    this.arrived = options.arrived;
  }
}

/** Takes calls as they come off a wire; the answer always comes, whatever became of the call. */
export type Answering = (door: string, operation: string, body: string) => Promise<string>;
