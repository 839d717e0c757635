import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { at } from "#topology/address";

/** A second way into this server, for itself alone. */
export interface Inside {
  readonly url: string;
  /** Has requests answered from now on; until then they are told to come back. */
  answer(listener: RequestListener): void;
  close(): Promise<void>;
}

/** What the sandbox and this shop ask of each other, all of it signed, and what whoever watches this process asks. */
const asked = new RegExp(
  [
    "^/sandbox/(?:charges/|refunds$)",
    "^/api/v1/payments/callbacks/sandbox$",
    "^/(?:healthz|readyz|metrics|alerts)$",
  ].join("|"),
);

/**
 * Opens plain HTTP on any free port of the loopback address, or where whoever watches this process looks for it. Behind
 * a certificate the server cannot reach itself: it holds for a name, and that name may lead to a proxy, or nowhere from
 * here. Rejected: not looking at the certificate, which somebody copies to where it matters.
 */
export async function openInside(
  listen: { readonly host: string; readonly port: number } = { host: "127.0.0.1", port: 0 },
): Promise<Inside> {
  let answer: RequestListener | undefined;
  const server = createServer((request, response) => {
    if (!asked.test(request.url ?? "")) response.writeHead(404).end();
    else if (answer) answer(request, response);
    else response.writeHead(503, { "retry-after": "1" }).end();
  });
  // It never keeps a process alive that could not start.
  server.listen({ host: listen.host, port: listen.port }).unref();
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return {
    url: `http://${at({ host: listen.host, port: address.port })}`,
    answer: (listener) => {
      answer = listener;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
