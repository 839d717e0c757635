import type { Database, Reader, Store, Transaction, Writer } from "#platform/database/api";

/** A database that remembers what was sent to it: statements by name, `begin` and `commit` among them. */
export interface CountingDatabase {
  readonly database: Database;
  /** What `work` sent, as `domain.statement`, in the order of sending. */
  sentBy(work: () => Promise<unknown>): Promise<readonly string[]>;
}

/** Counts what goes through the stores of `counted`. */
export function countingDatabase(counted: Database): CountingDatabase {
  let sent: string[] = [];
  const reader = (domain: string, on: Reader): Reader => ({
    all: (statement, parameters) => {
      sent.push(`${domain}.${statement.name}`);
      return on.all(statement, parameters);
    },
    one: (statement, parameters) => {
      sent.push(`${domain}.${statement.name}`);
      return on.one(statement, parameters);
    },
  });
  const inTransaction =
    <T>(domain: string, work: (transaction: Transaction) => Promise<T>) =>
    async (transaction: Transaction): Promise<T> => {
      sent.push(`${domain}.begin`);
      const outcome = await work({ ...reader(domain, transaction), open: true });
      sent.push(`${domain}.commit`);
      return outcome;
    };
  const writer = (domain: string, on: Writer): Writer => ({
    ...reader(domain, on),
    transaction: (work) => on.transaction(inTransaction(domain, work)),
  });
  const store = (domain: string, on: Store): Store => ({
    read: (context, bucket) => reader(domain, on.read(context, bucket)),
    readEach: (context, keys, bucketOf, statement, parameters) => {
      if (keys.length > 0) sent.push(`${domain}.${statement.name}`);
      return on.readEach(context, keys, bucketOf, statement, parameters);
    },
    write: (context, bucket) => writer(domain, on.write(context, bucket)),
    writeEach: (context, keys, bucketOf, statement, parameters) => {
      if (keys.length > 0) sent.push(`${domain}.${statement.name}`);
      return on.writeEach(context, keys, bucketOf, statement, parameters);
    },
    sweep: (range) => {
      const sweeping = on.sweep(range);
      const snapshot: typeof sweeping.snapshot = (work) => sweeping.snapshot(inTransaction(domain, work));
      return { ...writer(domain, sweeping), snapshot };
    },
  });
  return {
    database: { ...counted, store: (domain) => store(domain, counted.store(domain)) },
    sentBy: async (work) => {
      sent = [];
      await work();
      return [...sent];
    },
  };
}
