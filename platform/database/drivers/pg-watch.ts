import pg from "pg";
import { digitsOf, type Position } from "../position.ts";

/** What a server said of itself, and between when and when, by `performance.now()`. */
export interface Standing {
  readonly follows: boolean;
  /** Undefined while it does not say on which timeline it is, or holds no data of the shop yet. */
  readonly position: Position | undefined;
  /** The file of its timeline's history; empty for the first. */
  readonly history: string;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** One server, looked at again and again over a connection of its own. */
export interface Watch {
  /** Undefined: it does not answer. */
  readonly standing: Standing | undefined;
  /** Looks now rather than at its turn; ends when it has answered, or has not. */
  look(): Promise<void>;
  close(): void;
}

/** A replica that lags or is dead is left out within a second: this twice, and the bound of the lag, are less. */
const lookEveryMs = 200;
const answerWithinMs = 400;
/** A connection over TLS costs some round trips more, on a machine that has just been started some time. */
const connectWithinMs = 1_000;

/**
 * Whoever is about to move the lead says here for how many milliseconds nobody begins to write; 0: go on. Each watch
 * answers by its name, which the server shows to whoever waits for all of them.
 */
export const holdChannel = "storey_hold";
export const watchName = { usual: "storey watch", held: "storey watch, held" } as const;

const standing = "select * from platform.standing_1()";

interface StandingRow {
  readonly incarnation: string | null;
  readonly follows: boolean;
  readonly timeline: string | null;
  readonly reached: string | null;
  readonly history: string | null;
}

/** Begins to look at once. `told` hears after every look, `held` for how long this server asks to hold writes. */
export function openWatch(config: pg.ClientConfig, told: () => void, held: (ms: number) => void): Watch {
  let listening: pg.Client | undefined;
  let client: pg.Client | undefined;
  let now: Standing | undefined;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  /** Whatever is wrong with it: the next look begins with a new connection. */
  function lost(which: pg.Client): void {
    if (client !== which) return;
    client = undefined;
    now = undefined;
    which.connection.stream.destroy();
    if (!closed && !looking) told();
  }

  async function connected(): Promise<pg.Client> {
    if (client) return client;
    const opening = clientThatHears(config, held);
    client = opening;
    opening.on("error", () => lost(opening));
    opening.on("end", () => lost(opening));
    await opening.connect();
    return opening;
  }

  async function ask(): Promise<void> {
    const asked = connected();
    const which = client;
    try {
      const on = await asked;
      const askedAt = performance.now();
      const { rows } = await within(answerWithinMs, on.query<StandingRow>(standing));
      now = rows[0] && standingOf(rows[0], askedAt);
      // One that follows admits nobody who listens; it may lead by the next look.
      if (now && !now.follows && listening !== on) {
        await within(answerWithinMs, on.query(`listen ${holdChannel}`));
        listening = on;
      }
    } catch {
      now = undefined;
      if (which) lost(which);
    }
  }

  function look(): Promise<void> {
    if (closed) return Promise.resolve();
    clearTimeout(timer);
    looking ??= ask().finally(() => {
      looking = undefined;
      if (closed) return;
      timer = setTimeout(look, lookEveryMs);
      told();
    });
    return looking;
  }
  void look();
  return {
    get standing() {
      return now;
    },
    look,
    close: () => {
      closed = true;
      clearTimeout(timer);
      if (client) lost(client);
    },
  };
}

/** It hears once it listens, and shows by its name what it was told. */
function clientThatHears(config: pg.ClientConfig, held: (ms: number) => void): pg.Client {
  const as = { application_name: watchName.usual, connectionTimeoutMillis: connectWithinMs };
  const client = new pg.Client({ ...config, ...as });
  client.on("notification", ({ payload }) => {
    const ms = Number(payload);
    held(ms);
    const name = ms > 0 ? watchName.held : watchName.usual;
    client.query(`set application_name to '${name}'`).catch(() => undefined);
  });
  return client;
}

function standingOf(row: StandingRow, askedAt: number): Standing {
  const { incarnation, follows, timeline, reached, history } = row;
  const said = incarnation !== null && timeline !== null && reached !== null;
  return {
    follows,
    position: said ? { incarnation, timeline: Number(timeline), at: digitsOf(reached) } : undefined,
    history: history ?? "",
    askedAt,
    answeredAt: performance.now(),
  };
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer in time")), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
