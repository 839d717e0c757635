import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { Server as NetServer, Socket } from "node:net";

/** The first byte of whoever begins to speak TLS. */
const handshake = 22;

/** Where a plain request should have gone: to the public address, or to the same name over TLS. */
export function whereTls({ headers, url }: IncomingMessage, port: number, publicUrl?: string): string {
  const name = (headers.host ?? "").replace(/:\d*$/, "") || "localhost";
  const base = publicUrl ?? `https://${name}${port === 443 ? "" : `:${port}`}`;
  return `${base}${url?.startsWith("/") ? url : "/"}`;
}

/** Answers every plain request with the way to TLS. Nothing of a request is kept, and nothing is done. */
export const sendToTls =
  (port: () => number, publicUrl?: string): RequestListener =>
  (request, response) => {
    const location = whereTls(request, port(), publicUrl);
    const body = `The shop is reached over TLS: ${location}\n`;
    response.writeHead(308, {
      location,
      connection: "close",
      "content-type": "text/plain; charset=utf-8",
      "content-length": Buffer.byteLength(body),
    });
    response.end(request.method === "HEAD" ? undefined : body);
    request.resume();
  };

/**
 * Has a TLS server answer plain HTTP on its port too: somebody has left out the s, and a handshake that fails tells
 * them nothing. The first byte says which of the two it is. Connections that send nothing are closed after a while, or
 * by what is returned.
 */
export function answerPlain(server: NetServer, answer: RequestListener, patienceMs: number): () => void {
  const plain = createServer({ requestTimeout: patienceMs, headersTimeout: patienceMs }, answer);
  const secured = server.listeners("connection") as ((socket: Socket) => void)[];
  server.removeAllListeners("connection");
  const silent = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    silent.add(socket.once("close", () => silent.delete(socket)));
    const close = () => socket.destroy();
    socket.setTimeout(patienceMs, close);
    socket.on("error", close);
    socket.once("data", (first: Buffer) => {
      silent.delete(socket.pause());
      socket.removeListener("error", close).setTimeout(0).removeListener("timeout", close);
      socket.unshift(first);
      if (first[0] === handshake) for (const each of secured) each.call(server, socket);
      else plain.emit("connection", socket);
      // Whoever has it now reads what was looked at first.
      process.nextTick(() => socket.resume());
    });
  });
  return () => {
    for (const socket of silent) socket.destroy();
    plain.closeAllConnections();
  };
}
