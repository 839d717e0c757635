import { setTimeout as pause } from "node:timers/promises";
import { type Api, type Question, Unanswered } from "./api.ts";

const betweenMs = 100;

/** Whether nothing follows from an answer: the shop gave none, was at fault, or is still at it. */
export const isOpen = (error: unknown): error is Unanswered =>
  error instanceof Unanswered &&
  (error.status === 0 || error.status >= 500 || error.code === "order.in_progress");

/**
 * The shop for somebody who asks again until there is an answer that something follows from, for so long. For what may
 * be asked twice: readings, and what carries a key. Throws the last Unanswered when the time is up.
 */
export function persistent(api: Api, forMs: number): Api {
  const until = performance.now() + forMs;
  const text = async (question: Question): Promise<string> => {
    for (;;) {
      try {
        return await api.text(question);
      } catch (error) {
        if (!isOpen(error) || performance.now() > until) throw error;
      }
      await pause(betweenMs);
    }
  };
  return { ...api, text, json: async <T>(question: Question) => JSON.parse(await text(question)) as T };
}
