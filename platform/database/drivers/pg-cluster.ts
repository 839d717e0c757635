import { Fault } from "#kernel/refusal";
import type { ServerState } from "../api.ts";
import {
  formatPosition,
  includes,
  openTimelines,
  type Position,
  parsePosition,
  type Timelines,
} from "../position.ts";
import type { Connections } from "./pg-connections.ts";
import type { Standing, Watch } from "./pg-watch.ts";

export type Mode = "read" | "write";

/** A server as the cluster knows it. */
export interface Member {
  /** Its address, for people. */
  readonly name: string;
  /** Connections to it as a domain's role; those for writes are not those for reads. */
  connections(domain: string, mode: Mode): Connections;
  /** Runs a read on it, which counts as its load until it has ended. */
  reading<T>(read: () => Promise<T>): Promise<T>;
  /** It failed: it gets no reads before it was looked at again. */
  distrust(): void;
}

/** Which of several servers takes writes, and which may answer a read; found out anew all the time. */
export interface Cluster {
  readonly timelines: Timelines;
  /**
   * The one that takes writes, waited for until `deadline` (by `performance.now()`). Where `token` names a timeline
   * that it has not reached, another one leads by now: that one is looked for. A write that `begins` waits also while
   * the lead is about to move. Throws a Fault that is safe to retry.
   */
  primary(token: string | undefined, deadline: number, begins: boolean): Promise<Member>;
  /** Of the data that the primary holds. */
  readonly incarnation: string | undefined;
  /** That one cannot be written to: ends when it, or another, was looked at again. */
  lookAgain(failed: Member): Promise<void>;
  /** A replica that has what `token` names and is not behind; undefined: the primary is asked. */
  replica(token: string | undefined): Member | undefined;
  /** Where the furthest server that reads go to stands at least, whichever it will be; undefined: nobody knows. */
  least(): string | undefined;
  state(): readonly ServerState[];
  /** Of a domain, to all servers. */
  load(domain: string): { open: number; idle: number; waiting: number };
  close(): Promise<void>;
}

/** What a member is made of. */
export interface MemberParts {
  readonly name: string;
  open(domain: string, mode: Mode): Connections;
  watch(told: () => void, held: (ms: number) => void): Watch;
}

/** A replica further behind than this, in milliseconds, gets no reads. */
const lagMostMs = 350;
/** Where the primary stood is remembered for so many looks: enough for the bound of the lag, and for people. */
const marksKept = 300;
/** Between two tries with a server that refuses. */
const pauseMs = 50;
/** Nobody leads: looked for again at least so often. */
const hearMs = 250;
/** Writes are held for so long at most, whoever asks for more: whoever moves the lead may have died. */
const holdMostMs = 5_000;
/** While writes are held the next primary is looked for so often. */
const heldLookMs = 25;
/** Looks at all servers for one on a timeline that somebody has seen; the first may have been under way already. */
const mostLooks = 2;

interface Mark {
  readonly at: string;
  readonly since: number;
}

/** Begins to look at every server at once. */
export const openCluster = (members: readonly MemberParts[]): Cluster => new Servers(members);

class Server implements Member {
  readonly name: string;
  readonly watch: Watch;
  readonly pools = new Map<string, Connections>();
  readonly #open: MemberParts["open"];
  atWork = 0;
  reads = 0;
  lagMs = Number.POSITIVE_INFINITY;
  /** Whether reads may go to it. */
  isFit = false;
  /** It failed, and has not answered a look that began afterwards. */
  isDoubted = false;
  #failedAt = 0;

  constructor(parts: MemberParts, told: (server: Server) => void, held: (ms: number) => void) {
    this.name = parts.name;
    this.#open = parts.open;
    this.watch = parts.watch(() => told(this), held);
  }

  connections(domain: string, mode: Mode): Connections {
    const key = `${domain} ${mode}`;
    const open = this.pools.get(key) ?? this.#open(domain, mode);
    this.pools.set(key, open);
    return open;
  }

  async reading<T>(read: () => Promise<T>): Promise<T> {
    this.atWork++;
    this.reads++;
    try {
      return await read();
    } finally {
      this.atWork--;
    }
  }

  distrust(): void {
    this.#failedAt = performance.now();
    this.isDoubted = true;
    this.isFit = false;
    void this.watch.look();
  }

  heard(): void {
    const { standing } = this.watch;
    if (standing && standing.askedAt >= this.#failedAt) this.isDoubted = false;
  }

  breakOff(): void {
    for (const pool of this.pools.values()) pool.breakOff();
  }
}

class Servers implements Cluster {
  readonly timelines = openTimelines();
  readonly #servers: readonly Server[];
  #primary: Server | undefined;
  /** The newest timeline that a primary was seen on, of which data; none on an older one is ever written to. */
  #newest: { incarnation: string; timeline: number } | undefined;
  #marks: Mark[] = [];
  #hearers: (() => void)[] = [];
  #failovers = 0;
  #turn = 0;
  #closed = false;
  /** Nobody begins to write before, unless somebody leads on a newer timeline. */
  #heldUntil = 0;

  constructor(members: readonly MemberParts[]) {
    this.#servers = members.map(
      (parts) =>
        new Server(
          parts,
          (server) => this.#heard(server),
          (ms) => this.#hold(ms),
        ),
    );
  }

  get incarnation(): string | undefined {
    return this.#newest?.incarnation;
  }

  async primary(token: string | undefined, deadline: number, begins: boolean): Promise<Member> {
    const wanted = token === undefined ? undefined : parsePosition(token);
    for (let looks = 0; ; ) {
      const isHeld = begins && performance.now() < this.#heldUntil;
      if (!isHeld && this.#primary && this.#leads(this.#primary)) {
        if (!this.#isBehind(wanted)) return this.#primary;
        if (looks === mostLooks)
          throw unreachable("The database that took the last write cannot be reached.");
        looks++;
        await Promise.all(this.#servers.map(({ watch }) => watch.look()));
        continue;
      }
      const leftMs = deadline - performance.now();
      if (this.#closed || leftMs <= 0) throw unreachable("No database takes writes now.");
      await this.#hears(Math.min(hearMs, leftMs));
    }
  }

  /** Somebody was given a position on a later timeline of this data: another server leads by now. */
  #isBehind(wanted: Position | undefined): boolean {
    const newest = this.#newest;
    return (
      wanted !== undefined && wanted.incarnation === newest?.incarnation && wanted.timeline > newest.timeline
    );
  }

  async lookAgain(failed: Member): Promise<void> {
    failed.distrust();
    await Promise.all([this.#hears(hearMs), pause(pauseMs)]);
  }

  replica(token: string | undefined): Member | undefined {
    const { length } = this.#servers;
    this.#turn = (this.#turn + 1) % length;
    let best: Server | undefined;
    for (let i = 0; i < length; i++) {
      const server = this.#servers[(this.#turn + i) % length];
      if (!server?.isFit || (best && server.atWork >= best.atWork)) continue;
      if (token === undefined || this.#has(server, token)) best = server;
    }
    return best;
  }

  least(): string | undefined {
    const primary = this.#primary?.watch.standing?.position;
    if (!primary) return undefined;
    let least = primary;
    for (const server of this.#servers) {
      const position = server.isFit ? server.watch.standing?.position : undefined;
      if (position && position.at < least.at) least = position;
    }
    return formatPosition(least);
  }

  state(): readonly ServerState[] {
    return this.#servers.map((server) => ({
      name: server.name,
      role: server === this.#primary ? "primary" : "replica",
      answers: server.watch.standing !== undefined,
      leftOut: server !== this.#primary && !server.isFit,
      lagMs: server.lagMs,
      reads: server.reads,
      failovers: this.#failovers,
    }));
  }

  load(domain: string): { open: number; idle: number; waiting: number } {
    const sum = { open: 0, idle: 0, waiting: 0 };
    for (const { pools } of this.#servers) {
      for (const mode of ["read", "write"]) {
        const { open, idle, waiting } = pools.get(`${domain} ${mode}`)?.load() ?? nothing;
        sum.open += open;
        sum.idle += idle;
        sum.waiting += waiting;
      }
    }
    return sum;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { watch } of this.#servers) watch.close();
    for (const hear of this.#hearers.splice(0)) hear();
    await Promise.all(this.#servers.flatMap(({ pools }) => [...pools.values()].map((pool) => pool.end())));
  }

  #hold(ms: number): void {
    const isNew = performance.now() >= this.#heldUntil;
    this.#heldUntil = performance.now() + Math.min(ms, holdMostMs);
    if (ms <= 0) for (const hear of this.#hearers.splice(0)) hear();
    else if (isNew) void this.#lookWhileHeld();
  }

  async #lookWhileHeld(): Promise<void> {
    while (!this.#closed && performance.now() < this.#heldUntil) {
      for (const { watch } of this.#servers) void watch.look();
      await pause(heldLookMs);
    }
  }

  /** Whoever was told to wait looks whether it is as they want it. */
  #hears(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, ms));
      this.#hearers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #heard(server: Server): void {
    if (this.#closed) return;
    server.heard();
    const { standing } = server.watch;
    if (standing?.position) {
      const { incarnation, timeline } = standing.position;
      this.timelines.learn(incarnation, timeline, standing.history);
    }
    // What was sent to a replica that does not answer is asked elsewhere; a primary may only be slow.
    if (server === this.#primary ? standing?.follows : !standing) server.breakOff();
    if (standing && !standing.follows) this.#sawPrimary(server, standing);
    for (const each of this.#servers) this.#judge(each);
    for (const hear of this.#hearers.splice(0)) hear();
  }

  #sawPrimary(server: Server, { position, answeredAt }: Standing): void {
    if (!position) return;
    const newest = this.#newest;
    const isOther = newest?.incarnation !== position.incarnation;
    // One that was left behind goes on taking writes of whoever knows no better.
    if (newest && !isOther && position.timeline < newest.timeline) {
      server.breakOff();
      return;
    }
    if (server !== this.#primary) {
      // Of two that both say so on one timeline, or with data of their own, who was there first leads.
      const isLater = !isOther && position.timeline > (newest?.timeline ?? 0);
      if (this.#primary && this.#leads(this.#primary) && !isLater) return;
      if (this.#primary) this.#failovers++;
      this.#primary?.breakOff();
      this.#primary = server;
    }
    if (isOther || position.timeline !== newest?.timeline) {
      this.#marks = [];
      this.#heldUntil = 0;
    }
    this.#newest = { incarnation: position.incarnation, timeline: position.timeline };
    if (this.#marks.at(-1)?.at !== position.at && !isPageEnd(position.at))
      this.#marks.push({ at: position.at, since: answeredAt });
    if (this.#marks.length > marksKept) this.#marks.shift();
  }

  /** One that does not answer is believed to lead until it fails, or another one does: it may only be slow. */
  #leads(server: Server): boolean {
    return !server.isDoubted && server.watch.standing?.follows !== true;
  }

  #judge(server: Server): void {
    server.lagMs = this.#lagOf(server);
    server.isFit = !server.isDoubted && this.#follows(server) && server.lagMs <= lagMostMs;
  }

  /** Whether it has the primary's data as they were at some time. */
  #follows(server: Server): boolean {
    const { standing } = server.watch;
    const position = standing?.position;
    const newest = this.#newest;
    if (!standing?.follows || !position || position.incarnation !== newest?.incarnation) return false;
    if (position.timeline >= newest.timeline) return position.timeline === newest.timeline;
    // It has not come to where the new timeline begins, or it was left behind and goes on where nobody follows.
    const left = this.timelines.ancestorsOf(newest)?.get(position.timeline);
    return left !== undefined && position.at <= left;
  }

  #has(server: Server, token: string): boolean {
    const needed = parsePosition(token);
    const { position } = server.watch.standing ?? {};
    if (!needed || !position) return false;
    return includes(position, needed, this.timelines.ancestorsOf(position));
  }

  /** For how long the primary has been further than this server, as it was at the last looks at both; milliseconds. */
  #lagOf(server: Server): number {
    const { standing } = server.watch;
    const at = standing?.position?.at;
    if (!standing || at === undefined) return Number.POSITIVE_INFINITY;
    const missed = this.#marks.find((mark) => mark.at > at);
    return missed ? Math.max(0, standing.answeredAt - missed.since) : 0;
  }
}

/**
 * Whole pages of the log are written as they fill, in the middle of a record if need be, and what is left of it only
 * with the next commit: until then no replica can come as far, and none lags for that.
 */
const isPageEnd = (at: string): boolean => (Number.parseInt(at.slice(-4), 16) & 0x1fff) === 0;

const nothing = { open: 0, idle: 0, waiting: 0 };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const unreachable = (message: string, cause?: unknown): Fault =>
  new Fault("database.unreachable", message, { cause, safeToRetry: true });
