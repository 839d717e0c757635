import pg from "pg";
import type { Parameter, Statement } from "../api.ts";
import { ask } from "./pg-asked.ts";
import { nothingWasSent, unconfirmed } from "./pg-faults.ts";

/** A prepared statement with what it is given, or a text that the server takes as it is. */
export type Query = (Statement & { readonly values?: readonly Parameter[] }) | string;
export type Rows = Record<string, unknown>[];

/** A connection that is somebody's own until it is given back. */
export interface Borrowed {
  /** What is sent before the answer to the one before is done in that order, whether or not that one fails. */
  send(query: Query): Promise<Rows>;
  /** `broken`: it is closed, since nobody knows what state it is in. */
  giveBack(broken: boolean): void;
}

/** What a process holds of connections to one server as one role: none at first, and none after minutes of quiet. */
export interface Connections {
  /**
   * Sends a statement that commits by itself. It gets a connection that does nothing, else it is sent behind others, so
   * that the server has it at hand when it has done those. Where that would take long it gets a new connection, if
   * there may be one more.
   */
  send(query: Query): Promise<Rows>;
  /** As `send`, with a second one behind it on the same connection, whether or not the first one fails. */
  sendBoth(query: Query, next: Query): readonly [Promise<Rows>, Promise<Rows>];
  /** Lends a connection, for a transaction. */
  borrow(): Promise<Borrowed>;
  load(): { open: number; idle: number; waiting: number };
  /** Closes every connection at once: what was sent and not answered fails, and nobody knows what became of it. */
  breakOff(): void;
  /** Ends what was sent, waits for what was lent, and closes. */
  end(): Promise<void>;
}

interface Line {
  readonly client: pg.Client;
  /** Rejects when the server could not be reached. */
  readonly opened: Promise<void>;
  isOpen: boolean;
  isGone: boolean;
  isLent: boolean;
  /** It gets no more statements, so that it becomes free for somebody who waits for one of their own. */
  isReserved: boolean;
  /** The commit that is answered next was not waited for to the end. */
  isUnconfirmed: boolean;
  /** What is sent waits for what else is sent in the same turn of the event loop. */
  isGathering: boolean;
  /** Sent and not answered. */
  unanswered: number;
  /** When it began to be busy, or answered last, by `performance.now()`. */
  movedAt: number;
}

interface Waiter {
  /** Wants a connection of its own. */
  readonly alone: boolean;
  take(line: Line): void;
  refuse(error: Error): void;
}

/**
 * A new connection costs its server 10 to 25 ms of CPU: a process, a handshake, and every statement planned anew.
 * Closed after 10 s of rest they were opened again by every small crowd, about one a second at five orders a second,
 * each of which stopped a small host for a tenth of a second [m].
 */
const idleMs = 300_000;
/** So many statements go behind each other on a connection that answers before another one is opened. */
const worthOpening = 4;
/** Longer than this nobody waits for a connection, or for the server to take one. */
const waitMs = 5_000;
/** A connection that has not answered for so long does something slow: others are better to wait behind. */
const slowMs = 5;

/** Opens nothing yet. `told` hears of connections that break while nobody uses them. */
export const openConnections = (
  config: pg.ClientConfig,
  most: number,
  told: (message: string) => void,
): Connections => new Lines(config, most, told);

class Lines implements Connections {
  readonly #config: pg.ClientConfig;
  readonly #most: number;
  readonly #told: (message: string) => void;
  readonly #lines: Line[] = [];
  readonly #queue: Waiter[] = [];
  #ended = false;
  #sweeping: NodeJS.Timeout | undefined;
  #onGivenBack: (() => void) | undefined;

  constructor(config: pg.ClientConfig, most: number, told: (message: string) => void) {
    this.#config = { ...config, pipeline: true, connectionTimeoutMillis: waitMs };
    this.#most = most;
    this.#told = told;
  }

  send(query: Query): Promise<Rows> {
    if (this.#ended) return Promise.reject(closed());
    const line = this.#queue.length === 0 ? this.#choose() : undefined;
    return line ? this.#ask(line, query) : this.#wait(false, (free) => this.#ask(free, query));
  }

  sendBoth(query: Query, next: Query): readonly [Promise<Rows>, Promise<Rows>] {
    let second: Promise<Rows> | undefined;
    const both = (line: Line) => {
      const first = this.#ask(line, query);
      second = this.#ask(line, next);
      second.catch(() => undefined);
      return first;
    };
    const line = this.#queue.length === 0 && !this.#ended ? this.#choose() : undefined;
    const first = line ? both(line) : this.#ended ? Promise.reject(closed()) : this.#wait(false, both);
    const answered = first.then(
      () => second ?? [],
      (error) => second ?? Promise.reject(error),
    );
    return [first, answered];
  }

  async borrow(): Promise<Borrowed> {
    if (this.#ended) throw closed();
    const free = this.#queue.length === 0 ? this.#chooseAlone() : undefined;
    const line = free ? lend(free) : await this.#wait(true, lend);
    await openedFirst(line);
    return {
      send: (query) => this.#ask(line, query),
      giveBack: (broken) => this.#takeBack(line, broken),
    };
  }

  load(): { open: number; idle: number; waiting: number } {
    return {
      open: this.#lines.length,
      idle: this.#lines.filter(isFree).length,
      waiting:
        this.#queue.length + this.#lines.reduce((sum, line) => sum + Math.max(0, line.unanswered - 1), 0),
    };
  }

  breakOff(): void {
    for (const line of [...this.#lines]) {
      this.#forget(line);
      line.client.connection.stream.destroy();
    }
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#sweeping);
    for (const waiter of this.#queue.splice(0)) waiter.refuse(closed());
    while (this.#lines.some((line) => line.isLent)) {
      await new Promise<void>((resolve) => {
        this.#onGivenBack = resolve;
      });
    }
    const ending = this.#lines.splice(0);
    await Promise.all(ending.map((line) => line.opened.then(() => line.client.end()).catch(() => undefined)));
  }

  #open(): Line {
    const client = new pg.Client(this.#config);
    const opened = client.connect().then(
      () => {
        line.isOpen = true;
        line.movedAt = performance.now();
      },
      (error) => {
        this.#forget(line);
        throw error;
      },
    );
    // Whoever waits for it hears it; a rejection that nobody waits for would end the process.
    opened.catch(() => undefined);
    const line: Line = { client, opened, ...fresh, movedAt: performance.now() };
    client.on("notice", ({ routine }) => {
      if (routine === syncRepWait) line.isUnconfirmed = true;
    });
    client.on("error", ({ message }) => {
      if (!line.isGone && line.isOpen && isFree(line) && !this.#ended) this.#told(message);
      this.#forget(line);
    });
    this.#lines.push(line);
    return line;
  }

  #forget(line: Line): void {
    if (line.isGone) return;
    line.isGone = true;
    const index = this.#lines.indexOf(line);
    if (index >= 0) this.#lines.splice(index, 1);
    this.#serveNext();
  }

  #close(line: Line): void {
    this.#forget(line);
    line.client.end().catch(() => undefined);
  }

  /** Where a statement goes; undefined while every connection is somebody's own and there may be no more. */
  #choose(): Line | undefined {
    const now = performance.now();
    let best: Line | undefined;
    for (const line of this.#lines) {
      if (line.isLent || line.isReserved) continue;
      if (line.unanswered === 0) return line;
      if (!best || rank(line, now) < rank(best, now)) best = line;
    }
    const isLong = !best || rank(best, now) >= worthOpening;
    return isLong && this.#mayOpen() ? this.#open() : best;
  }

  #chooseAlone(): Line | undefined {
    return this.#lines.find(isFree) ?? (this.#mayOpen() ? this.#open() : undefined);
  }

  #mayOpen(): boolean {
    return this.#lines.length < this.#most;
  }

  async #ask(line: Line, query: Query): Promise<Rows> {
    if (line.unanswered === 0) line.movedAt = performance.now();
    line.unanswered++;
    try {
      if (!line.isOpen) await openedFirst(line);
      return await answerOf(line, query);
    } finally {
      line.unanswered--;
      line.movedAt = performance.now();
      if (line.unanswered === 0 && !line.isLent) this.#rest(line);
    }
  }

  #takeBack(line: Line, broken: boolean): void {
    line.isLent = false;
    if (broken) this.#close(line);
    else if (!line.isGone) this.#rest(line);
    this.#onGivenBack?.();
  }

  #rest(line: Line): void {
    line.isReserved = false;
    this.#serveNext();
    if (!this.#ended) this.#sweeping ??= setTimeout(() => this.#sweep(), idleMs).unref();
  }

  #sweep(): void {
    const before = performance.now() - idleMs;
    for (const line of [...this.#lines]) {
      if (line.isOpen && isFree(line) && line.movedAt <= before) this.#close(line);
    }
    this.#sweeping = this.#lines.length > 0 ? setTimeout(() => this.#sweep(), idleMs / 2).unref() : undefined;
  }

  /** A connection became free, or there may be one more: who waits is served in the order of coming. */
  #serveNext(): void {
    if (this.#queue.length === 0 || this.#ended) return;
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      const line = next.alone ? this.#chooseAlone() : this.#choose();
      if (!line) break;
      this.#queue.shift();
      next.take(line);
    }
    this.#reserve();
  }

  /** For each who waits for a connection of their own, one gets no more statements. */
  #reserve(): void {
    const wanted = this.#queue.filter((waiter) => waiter.alone).length;
    let missing = wanted - this.#lines.filter((line) => line.isReserved).length;
    for (const line of this.#lines) {
      if (missing <= 0) return;
      if (line.isLent || line.isReserved) continue;
      line.isReserved = true;
      missing--;
    }
  }

  #wait<T>(alone: boolean, take: (line: Line) => T | Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(waiter), 1);
        reject(new Error("timeout exceeded when waiting for a connection"));
      }, waitMs);
      const waiter: Waiter = {
        alone,
        take: (line) => {
          clearTimeout(timer);
          resolve(take(line));
        },
        refuse: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#queue.push(waiter);
      this.#serveNext();
    });
  }
}

function lend(line: Line): Line {
  line.isLent = true;
  return line;
}

const fresh = {
  isOpen: false,
  isGone: false,
  isLent: false,
  isReserved: false,
  isUnconfirmed: false,
  isGathering: false,
  unanswered: 0,
};
const closed = () => new Error("the connections are closed");
const isFree = (line: Line): boolean => line.unanswered === 0 && !line.isLent;

/**
 * How long a statement would wait behind what a connection has to do, as far as it can be told from outside. One that
 * is still being opened is not slow: another would not be open before it.
 */
const rank = (line: Line, now: number): number =>
  line.unanswered + (line.isOpen && now - line.movedAt > slowMs ? 1_000 : 0);

async function openedFirst(line: Line): Promise<void> {
  try {
    await line.opened;
  } catch (error) {
    throw nothingWasSent(error);
  }
}

/**
 * Where the server says that it stopped to wait for a second disk, because somebody cancelled the statement or its time
 * was up. The commit stands on its own disk, and is answered like any other; only a warning tells them apart. By its
 * place in the server's code, which no language changes.
 */
const syncRepWait = "SyncRepWaitForLSN";

/**
 * Statements that follow each other in one turn of the event loop (a begin and its first one, a last one and its
 * commit) leave in one write and wake the server once: a write costs as much as a small statement [m].
 */
function gather(line: Line): void {
  if (line.isGathering) return;
  line.isGathering = true;
  const { stream } = line.client.connection;
  stream.cork();
  process.nextTick(() => {
    line.isGathering = false;
    stream.uncork();
  });
}

/** By callback: a promise of the driver's own would cost another one, and a stack that nobody reads. */
const answerOf = (line: Line, query: Query): Promise<Rows> =>
  new Promise((resolve, reject) => {
    const answered = (error: Error | null, rows: Rows) => {
      const isUnconfirmed = line.isUnconfirmed;
      line.isUnconfirmed = false;
      if (error) reject(error);
      else if (isUnconfirmed) reject(unconfirmed());
      else resolve(rows);
    };
    gather(line);
    if (typeof query === "string") {
      line.client.query(query, (error: Error | null, result: pg.QueryResult) =>
        answered(error, result?.rows),
      );
    } else ask(line.client, query, query.values ?? [], answered);
  });
