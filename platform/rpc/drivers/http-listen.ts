import { createHash, timingSafeEqual } from "node:crypto";
import Fastify from "fastify";
import type { Answering } from "../api.ts";

/** A merchant's file of 12 MB, every character of it written as two. */
const bodyBytes = 32 * 1_048_576;

/** Where a process serves its doors. */
export interface Listening {
  /** With the port it got. */
  readonly url: string;
  /** Answers what it has begun; what comes meanwhile is told that it was not begun. */
  close(): Promise<void>;
}

/**
 * Takes calls over HTTP: one POST each, to /<door>/<operation>. Whoever knows the secret of the instance may call in
 * anybody's name; nobody else gets further than 401. Not encrypted: for loopback and networks of our own.
 */
export async function listenForCalls(s: {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly secret: string;
  readonly answer: Answering;
}): Promise<Listening> {
  const app = Fastify({
    bodyLimit: bodyBytes,
    // Longer than callers keep theirs, so that the end that sends is the one that closes.
    keepAliveTimeout: 72_000,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 100 },
  });
  const expected = digestOf(`Bearer ${s.secret}`);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook("onRequest", (request, reply, done) => {
    // Digests are of one length, whatever was sent: the comparison takes the same time for all.
    if (timingSafeEqual(digestOf(request.headers.authorization ?? ""), expected)) return done();
    reply.code(401).send("only services of this instance may call");
  });
  app.post<{ Params: { door: string; operation: string }; Body: string }>(
    "/:door/:operation",
    async ({ params, body }, reply) => {
      const answer = await s.answer(params.door, params.operation, body);
      return reply.type("application/json").send(answer);
    },
  );
  const url = await app.listen({ host: s.host, port: s.port });
  return { url, close: () => app.close() };
}

const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();
