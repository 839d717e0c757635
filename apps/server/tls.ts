import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { Server as NetServer } from "node:net";
import { Server as TlsServer } from "node:tls";
import { answerPlain, sendToTls } from "./plain-on-tls.ts";
import type { ServerSettings, TlsSettings } from "./settings.ts";

/** What a server shows now: at first what it was given, later what that was renewed to. */
const shown = new WeakMap<TlsSettings, string>();

/** The chain that is shown now (PEM). */
export const certificateNow =
  (tls: TlsSettings): (() => string) =>
  () =>
    shown.get(tls) ?? tls.cert;

/**
 * What a server that ends TLS does besides: it tells plain HTTP where to go, on its own port and on the one meant for
 * that, and takes a renewed certificate for the next connection without closing any.
 */
export async function openTls(
  server: NetServer,
  { tls, publicUrl, port }: ServerSettings["http"],
  patienceMs: number,
): Promise<{ stop(): Promise<void> }> {
  if (!tls || !(server instanceof TlsServer)) return { stop: async () => undefined };
  const own = () => {
    const address = server.address();
    return typeof address === "object" && address ? address.port : port;
  };
  const answer = sendToTls(own, publicUrl);
  const closePlain = answerPlain(server, answer, patienceMs);
  const watching = tls.watch?.((renewed) => {
    server.setSecureContext(renewed);
    shown.set(tls, renewed.cert);
  });
  const plain = tls.plain && (await listenPlainly(createServer(answer), tls.plain));
  return {
    stop: async () => {
      await watching?.stop();
      plain?.close();
      plain?.closeAllConnections();
      closePlain();
    },
  };
}

async function listenPlainly(server: HttpServer, at: { host: string; port: number }): Promise<HttpServer> {
  server.listen({ host: at.host, port: at.port }).unref();
  await once(server, "listening");
  return server;
}
