/**
 * What several processes count together, each sum for some time. Like a cache it may be late, lose anything and be
 * away, and never fails.
 */
export interface Counts {
  /**
   * Says how far this process has counted by itself, and answers how far all have come together; undefined for what
   * could not be told or kept. To tell the same again changes nothing, so what may have been lost is told again.
   */
  tell(own: readonly Own[]): Promise<readonly (number | undefined)[]>;
  close(): Promise<void>;
}

export interface Own {
  readonly key: string;
  readonly count: number;
  /** For how long the sum is kept after it last changed. */
  readonly ttlMs: number;
}
