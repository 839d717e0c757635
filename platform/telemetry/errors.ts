import { Counter, type Registry } from "prom-client";
import type { Clock } from "#kernel/clock";

/** Something that was logged as an error. It names nobody: no tokens, no addresses, no bodies. */
export interface LoggedError {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly message: string;
  /** What the machine said, on a line. */
  readonly detail: string | null;
  /** The id of the request in whose course it happened. */
  readonly trace: string | null;
}

export interface RecentErrors {
  /** Takes what is logged with these arguments, in the course of a request or of none. */
  logged(args: readonly unknown[], trace: string | undefined): void;
  /** The newest first, at most `keptMost`. */
  recent(): readonly LoggedError[];
}

const keptMost = 20;
const longest = 200;

/** Keeps the last errors of the log where they can be looked at, and counts all of them. */
export function openRecentErrors(registry: Registry, clock: Clock): RecentErrors {
  const kept: LoggedError[] = [];
  const counter = new Counter({
    name: "storey_errors_logged_total",
    help: "Lines of the log at level error",
    registers: [registry],
  });
  return {
    logged: (args, trace) => {
      counter.inc();
      const [first, second] = args;
      const fields = typeof first === "object" && first !== null ? first : {};
      const error = first instanceof Error ? first : (fields as { err?: unknown }).err;
      const said = error instanceof Error ? wordsOf(error) : null;
      const message = typeof first === "string" ? first : typeof second === "string" ? second : said;
      kept.unshift({
        at: clock.now(),
        message: discreet(message ?? "an error"),
        detail: said === null || said === message ? null : discreet(said),
        trace: trace ?? null,
      });
      kept.length = Math.min(kept.length, keptMost);
    },
    recent: () => kept,
  };
}

function wordsOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return `${error.message.split("\n", 1)[0]}${code === undefined ? "" : ` (${code})`}`;
}

/** Tokens, passwords in addresses and e-mail addresses may stand in what a library says. */
const discreet = (words: string): string =>
  words
    .replaceAll(/\/\/[^/@\s]+@/g, "//…@")
    .replaceAll(/[^\s@<"']+@[^\s@>"']+[.][a-z]+/gi, "…@…")
    .replaceAll(/\b[0-9a-f]{24,}\b|\b[\w-]{40,}\b/gi, "…")
    .slice(0, longest);
