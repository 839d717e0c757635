import { request } from "undici";

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** What a server of ours says at an address, over a connection of its own. Throws where no answer comes in time. */
export async function answerOf(
  url: string,
  options: {
    timeoutMs?: number;
    method?: "GET" | "POST" | "PATCH";
    body?: string;
    headers?: Record<string, string>;
  } = {},
): Promise<HttpAnswer> {
  const { timeoutMs = 1_500, ...rest } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  // Connections that are kept belong to a process that may be gone since.
  const answer = request(url, { ...rest, reset: true, signal });
  // The signal is heard once there is a connection; to a host that is cut off there is none for ten seconds.
  const { statusCode, body } = await Promise.race([answer, whenOver(signal)]);
  return { status: statusCode, text: await body.text() };
}

const whenOver = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

/**
 * The same for whoever can do without: nothing where no good answer comes. Figures are told from another host only to
 * who shows the token of those who watch.
 */
export async function textIfGood(url: string, token?: string): Promise<string | undefined> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const { status, text } = await answerOf(url, { headers });
    return status === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with a server that should answer 200 there, in words for people; undefined when it does. */
export async function ailmentAt(url: string): Promise<string | undefined> {
  try {
    const { status } = await answerOf(url);
    return status === 200 ? undefined : `answers ${status} when asked how it is`;
  } catch (error) {
    return (error as Error).name === "TimeoutError" ? "does not answer in time" : (error as Error).message;
  }
}
