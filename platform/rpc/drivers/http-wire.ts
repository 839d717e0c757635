import { Pool } from "undici";
import { Broken, type Wire } from "../api.ts";

/** What `connect` fails with: nothing has been said yet. */
const neverConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * A wire to what `listenForCalls` serves at `url`. One for each door, not for each process: a call that waits for a
 * call of its own holds a connection meanwhile, and because doors call each other in no circle, a pool of a door is
 * never filled by those who wait for it.
 */
export function openHttpWire(s: {
  readonly url: string;
  readonly secret: string;
  /** Calls under way at once; more wait for one to end. */
  readonly connections: number;
}): Wire {
  // How long an answer may take, the caller's signal says.
  const pool = new Pool(s.url, {
    connections: s.connections,
    connectTimeout: 1_000,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const headers = { "content-type": "application/json", authorization: `Bearer ${s.secret}` };
  return {
    carry: async ({ door, operation, body }, signal) => {
      const { status, text } = await send(pool, { path: `/${door}/${operation}`, headers, body }, signal);
      if (status === 200) return text;
      // A service that is closing says so before it looks at what is asked.
      if (status === 503) throw new Broken("it is closing", { arrived: false });
      throw new Error(`calling ${door}.${operation} at ${s.url}: ${status} ${text}`);
    },
    close: () => pool.close(),
  };
}

interface Sent {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** As `pool.request`, without the stream it makes of every answer: a quarter of what a call costs its caller. */
const send = (pool: Pool, sent: Sent, signal: AbortSignal): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    pool.dispatch(
      { ...sent, method: "POST" },
      {
        onRequestStart: (controller) => {
          if (signal.aborted) return controller.abort(signal.reason);
          signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
        },
        onResponseStart: (_controller, statusCode) => {
          status = statusCode;
        },
        onResponseData: (_controller, chunk) => {
          chunks.push(chunk);
        },
        onResponseEnd: () => resolve({ status, text: Buffer.concat(chunks).toString() }),
        onResponseError: (_controller, error) => reject(asBroken(error)),
      },
    );
  });

function asBroken(error: Error & { code?: string }): Broken {
  const arrived = !neverConnected.has(error.code ?? "");
  return new Broken(error.message || (error.code ?? "no answer"), { arrived, cause: error });
}
