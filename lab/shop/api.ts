import { isIP } from "node:net";
import { Pool } from "undici";

/** What to ask of the shop's public API. */
export interface Question {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With its query: `/api/v1/products?limit=24`. */
  readonly path: string;
  readonly token?: string;
  /** Idempotency-Key. */
  readonly key?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A body that is sent as it is, in its own type. */
  readonly text?: { readonly type: string; readonly body: string };
}

/** The shop answered, and it was a no; or it did not answer. `code` is the shop's own, or `network.…`. */
export class Unanswered extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = "Unanswered";
    this.code = code;
    this.status = status;
  }
}

/** The shop over HTTP, through connections that are kept. */
export interface Api {
  readonly url: string;
  /** The body of a good answer. Throws Unanswered. */
  text(question: Question): Promise<string>;
  json<T>(question: Question): Promise<T>;
  close(): Promise<void>;
}

/** A client of the shop gives up after this: as long as the server lets a request take. */
const patienceMs = 10_000;

/** Opens up to `connections` connections to the server at `url`, each with one request at a time. */
export function openApi(url: string, connections: number, localAddress?: string): Api {
  const pool = new Pool(url, {
    connections,
    pipelining: 1,
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
    keepAliveTimeout: 60_000,
    ...(localAddress ? { localAddress } : {}),
  });
  const text = async (question: Question): Promise<string> => {
    const { statusCode, answer } = await send(pool, question);
    if (statusCode >= 200 && statusCode < 400) return answer;
    const code = codeOf(answer) ?? `http.${statusCode}`;
    throw new Unanswered(
      code,
      statusCode,
      `${question.method ?? "GET"} ${question.path}: ${statusCode} ${answer.slice(0, 500)}`,
    );
  };
  return {
    url,
    text,
    json: async <T>(question: Question) => JSON.parse(await text(question)) as T,
    close: () => pool.close(),
  };
}

async function send(pool: Pool, question: Question): Promise<{ statusCode: number; answer: string }> {
  const { method = "GET", path, token, key, body, text } = question;
  const headers: Record<string, string> = { ...question.headers };
  if (token) headers["authorization"] = `Bearer ${token}`;
  if (key) headers["idempotency-key"] = key;
  if (text) headers["content-type"] = text.type;
  else if (body !== undefined) headers["content-type"] = "application/json";
  try {
    const { statusCode, body: stream } = await pool.request({
      method,
      path,
      headers,
      body: text?.body ?? (body === undefined ? null : JSON.stringify(body)),
    });
    return { statusCode, answer: await stream.text() };
  } catch (error) {
    const { code = "unknown", message } = error as NodeJS.ErrnoException;
    throw new Unanswered(`network.${code}`, 0, `${method} ${path}: ${message}`);
  }
}

function codeOf(answer: string): string | undefined {
  try {
    const { code } = JSON.parse(answer) as { code?: unknown };
    return typeof code === "string" ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the shop is on this machine, where a client can have any address of 127.0.0.0/8. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || (isIP(hostname) === 4 && hostname.startsWith("127."));
}
