/**
 * Documents of settings, by name, that may change while processes run. Every process that follows one sees a change
 * within a second. What never changes while a process runs is in its wiring, not here.
 */
export interface Config {
  /**
   * Tells of a document as it is now, before this is done, and again whenever it has changed. Undefined: there is none.
   */
  follow(name: string, told: (text: string | undefined) => void): Promise<Following>;
  /**
   * Replaces a document by what `change` makes of it. Of two who change one at once neither undoes what the other did.
   */
  change(name: string, change: (text: string | undefined) => string): Promise<void>;
}

export interface Following {
  stop(): void;
}
