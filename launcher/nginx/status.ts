import { answerOf } from "../answer.ts";

/** What stub_status tells: words and numbers in four lines. Empty when there is no answer. */
export async function nginxNumbers(url: string): Promise<Record<string, number>> {
  const text = await answerOf(url).then(
    (answer) => answer.text,
    () => undefined,
  );
  if (text === undefined) return {};
  const [connections = 0, accepted = 0, handled = 0, requests = 0, reading = 0, writing = 0, waiting = 0] = [
    ...text.matchAll(/\d+/g),
  ].map(Number);
  return { connections, accepted, dropped: accepted - handled, requests, reading, writing, waiting };
}
