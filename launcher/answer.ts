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
  // Connections that are kept belong to a process that may be gone since.
  const { statusCode, body } = await request(url, {
    ...rest,
    reset: true,
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: statusCode, text: await body.text() };
}

/** The same for whoever can do without: nothing where no good answer comes. */
export async function textIfGood(url: string): Promise<string | undefined> {
  try {
    const { status, text } = await answerOf(url);
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
