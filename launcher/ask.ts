import { request } from "undici";

const answerWithinMs = 2_000;

/** Asks a component over HTTP: the status is 0 where no answer came within 2 s. Never throws. */
export async function ask(url: string): Promise<{ status: number; body: string }> {
  try {
    const answer = await request(url, { signal: AbortSignal.timeout(answerWithinMs) });
    return { status: answer.statusCode, body: await answer.body.text() };
  } catch {
    return { status: 0, body: "" };
  }
}
