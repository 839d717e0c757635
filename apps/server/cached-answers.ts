import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "#kernel/clock";
import { openBrief } from "#platform/cache/brief";
import type {} from "#platform/http/request";
import type { Caches } from "./caches.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The answer to this request is one that others may be given. */
    drawing: Drawing | undefined;
  }
}

interface Drawing {
  readonly key: string;
  readonly at: number;
  /** How many drops there had been when it began. */
  readonly drops: number;
  readonly ended: Promise<void>;
  end(): void;
}

interface Answer {
  readonly at: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Beside the half second that what it is made of may be old (platform/cache/drivers/tier.ts). */
const keptMs = 150;
/** From here on the next who asks draws it anew, and the others are given what is there. */
const dueMs = 100;
const longestUrl = 1_000;
const keptHeaders = ["content-type", "cache-control", "vary", "etag", "location"] as const;
/** What may vary an answer that is kept for people without a session: they are all alike. */
const varies = new Set(["cookie", "authorization", "accept-encoding"]);

/**
 * Gives people who are not signed in the page, or the API's answer, that somebody was just given. Only what its
 * route calls public; nothing drawn before the last drop. A page that many ask for at once is drawn once.
 */
export function cachedAnswers(app: FastifyInstance, caches: Caches, clock: Clock): void {
  const { counted } = caches.tally;
  const kept = openKept(clock, caches.answersBytes);
  const drawings = openDrawings();
  /** Routes known to give public answers: nobody waits for another's answer of any other. */
  const publicRoutes = new Set<string>();
  let drops = 0;
  caches.onAnyDrop(() => {
    drops++;
    kept.clear();
  });

  app.decorateRequest("drawing", undefined);

  app.addHook("onRequest", (request, reply, done) => {
    if (!isForAnybody(request)) return done();
    const key = request.url;
    const found = kept.get(key);
    const age = found ? clock.now() - found.at : keptMs;
    const running = drawings.of(key);
    const hit = (answer: Answer) => {
      counted("answer", "hit_near", 1);
      give(request, reply, answer);
    };
    if (found && age < keptMs && (age < dueMs || running)) return hit(found);
    if (running && running.drops === drops && publicRoutes.has(request.routeOptions.url ?? "")) {
      void running.ended.then(() => {
        const now = kept.get(key);
        if (now) hit(now);
        else done();
      });
      return undefined;
    }
    request.drawing = drawings.begin(reply, { key, at: clock.now(), drops });
    return done();
  });

  function keep(
    request: FastifyRequest,
    reply: FastifyReply,
    { key, at, ...drawing }: Drawing,
    body: string,
  ) {
    counted("answer", "load", 1);
    publicRoutes.add(request.routeOptions.url ?? "");
    // What was drawn while something was dropped may show what was.
    if (drawing.drops === drops) kept.set(key, { at, headers: headersOf(reply), body });
  }

  app.addHook("onSend", (request, reply, payload, done) => {
    const { drawing } = request;
    if (drawing) {
      request.drawing = undefined;
      if (typeof payload === "string" && isPublic(reply)) keep(request, reply, drawing, payload);
      drawings.over(drawing);
    }
    done(null, payload);
  });
}

/** What is being drawn, so that nobody draws it beside it. */
function openDrawings() {
  const drawn = new Map<string, Drawing>();
  const over = (drawing: Drawing) => {
    if (drawn.get(drawing.key) === drawing) drawn.delete(drawing.key);
    drawing.end();
  };
  return {
    of: (key: string) => drawn.get(key),
    over,
    begin: (reply: FastifyReply, what: Pick<Drawing, "key" | "at" | "drops">): Drawing => {
      let end = () => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const drawing = { ...what, ended, end };
      drawn.set(what.key, drawing);
      reply.raw.once("close", () => over(drawing));
      return drawing;
    },
  };
}

const openKept = (clock: Clock, bytes: number) =>
  openBrief<Answer>({
    clock,
    untilOf: ({ at }) => at + keptMs,
    sizeOf: ({ body }) => 2 * body.length + 2_000,
    atMost: bytes,
  });

const isForAnybody = ({ method, url, headers, context }: FastifyRequest): boolean =>
  method === "GET" &&
  context.caller.kind === "anonymous" &&
  context.readToken.size === 0 &&
  headers.range === undefined &&
  url.length <= longestUrl;

function isPublic(reply: FastifyReply): boolean {
  const control = reply.getHeader("cache-control");
  const vary = String(reply.getHeader("vary") ?? "").toLowerCase();
  return (
    reply.statusCode === 200 &&
    typeof control === "string" &&
    control.startsWith("public") &&
    control.includes("s-maxage") &&
    reply.getHeader("set-cookie") === undefined &&
    vary.split(",").every((name) => name.trim() === "" || varies.has(name.trim()))
  );
}

function headersOf(reply: FastifyReply): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = reply.getHeader(name);
    if (value !== undefined) headers[name] = String(value);
  }
  return headers;
}

function give(request: FastifyRequest, reply: FastifyReply, { headers, body }: Answer): void {
  reply.headers(headers);
  const { etag } = headers;
  if (etag && request.headers["if-none-match"]?.includes(etag)) reply.code(304).send();
  else reply.send(body);
}
