import type { Socket } from "node:net";
import { Server as TlsServer } from "node:tls";
import type { FastifyInstance } from "fastify";
import { refuse } from "#kernel/refusal";
import { sendProblem } from "./problem.ts";

/** As long as a request may take (edge.ts): what is still there then is nobody's who waits. */
const patienceMs = 10_000;
const lookEveryMs = 100;

/**
 * When the end has begun, refuses what still comes over open connections, and closes those on which nothing has come
 * yet: browsers open some to have them ready, and Node takes them for busy.
 */
export function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false;
  const unused = new Set<Socket>();
  // Over TLS a request knows only what lies on top of its connection.
  const opened = app.server instanceof TlsServer ? "secureConnection" : "connection";
  app.server.on(opened, (socket: Socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  app.server.on("request", ({ socket }) => unused.delete(socket));
  app.addHook("preClose", async () => {
    closing = true;
    for (const socket of unused) socket.destroy();
  });
  app.addHook("onRequest", (_request, reply, done) => {
    if (!closing) return done();
    const refusal = refuse("request.overloaded", "The shop is about to restart. Try again in a moment.");
    sendProblem(reply.header("connection", "close"), refusal, 1);
  });
}

/**
 * Ends the server when what it has begun is answered. Connections that their clients keep for later are closed as
 * soon as they rest; clients that send nothing, or take nothing, are left behind after a while: they must not decide
 * when a process ends.
 */
export async function closeOrderly(app: FastifyInstance): Promise<void> {
  const rest = setInterval(() => app.server.closeIdleConnections(), lookEveryMs);
  const cut = setTimeout(() => app.server.closeAllConnections(), patienceMs);
  try {
    await app.close();
  } finally {
    clearInterval(rest);
    clearTimeout(cut);
  }
}
