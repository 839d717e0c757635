import { AsyncLocalStorage } from "node:async_hooks";

/** What a stretch of work says of itself: names, codes and counts. Never what somebody wrote, owns, or is known by. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** `here`: the work is ours. `asks`: we wait for somebody else's, such as the database. */
export type Side = "here" | "asks";

/** A stretch of work in a trace that is kept. What is told after it has ended is lost. */
export interface Span {
  /** Begins a stretch within it. */
  begin(name: string, side: Side, facts?: Facts): Span;
  tell(facts: Facts): void;
  /** Adds to a count. */
  count(fact: string, howMany: number): void;
  /** `problem`: why it failed, as a code. */
  end(problem?: string): void;
  /** How it is named to others who take part: the header of W3C Trace Context. */
  readonly traceparent: string;
}

/** How a trace comes to this process. */
export interface Beginning {
  /** What somebody trusted said about the trace: its id, the stretch that this is part of, whether it is kept. */
  readonly traceparent?: string | undefined;
  /** A proxy that made that stretch and cannot tell of it: since when it has the request, in ms since 1970. */
  readonly proxy?: { readonly kind: string; readonly sinceMs: number } | undefined;
  /** Nobody waits for it: it answers events. */
  readonly reacts?: true;
  readonly facts?: Facts;
}

/** Where traces of this process begin, and from where they are sent to be looked at. */
export interface Traces {
  /**
   * Begins the part of a trace that happens in this process. Undefined where the trace is not kept: who names one has
   * decided that; of others every so many are.
   */
  begin(name: string, beginning?: Beginning): Span | undefined;
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>;
}

/** What is under way. It follows promises and timers; what outlives a request must be begun `apart`. */
const underWay = new AsyncLocalStorage<Span | undefined>();

/** The stretch of work that the caller is part of; undefined where no trace is kept. */
export const current = (): Span | undefined => underWay.getStore();

/** Does the work as part of a stretch, or of none. */
export const under = <T>(span: Span | undefined, work: () => T): T => underWay.run(span, work);

/** Does what many cause together, and none of their traces should hold. */
export const apart = <T>(work: () => T): T => (current() ? under(undefined, work) : work());

/** Does the work in a stretch of its own within the caller's, if a trace is kept; `learnt` is told of its outcome. */
export function during<T>(
  what: { readonly name: string; readonly side: Side; readonly facts?: Facts },
  work: () => Promise<T>,
  learnt?: (outcome: T) => Facts | undefined,
): Promise<T> {
  const over = current();
  return over ? within(over.begin(what.name, what.side, what.facts), work, learnt) : work();
}

/** Does the work under a span, and ends the span with it. */
export async function within<T>(
  span: Span,
  work: () => Promise<T>,
  learnt?: (outcome: T) => Facts | undefined,
): Promise<T> {
  try {
    const outcome = await under(span, work);
    const facts = learnt?.(outcome);
    if (facts) span.tell(facts);
    span.end();
    return outcome;
  } catch (error) {
    span.end(problemOf(error));
    throw error;
  }
}

const codePattern = /^[\w.-]{1,60}$/;

/** A failure by its code. Never by its message: databases quote in theirs what somebody typed. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" && codePattern.test(code) ? code : error.name;
}
