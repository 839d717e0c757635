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
      const { status, text } = await pool
        .request({ path: `/${door}/${operation}`, method: "POST", headers, body, signal })
        .then(async (response) => ({ status: response.statusCode, text: await response.body.text() }))
        .catch((error) => Promise.reject(asBroken(error)));
      if (status === 200) return text;
      // A service that is closing says so before it looks at what is asked.
      if (status === 503) throw new Broken("it is closing", { arrived: false });
      throw new Error(`calling ${door}.${operation} at ${s.url}: ${status} ${text}`);
    },
    close: () => pool.close(),
  };
}

function asBroken(error: Error & { code?: string }): Broken {
  const arrived = !neverConnected.has(error.code ?? "");
  return new Broken(error.message || (error.code ?? "no answer"), { arrived, cause: error });
}
