import type { Checkout } from "../shop/acknowledged.ts";
import type { Api, Question } from "../shop/api.ts";
import { Unanswered } from "../shop/api.ts";
import { isOpen, persistent } from "../shop/persistent.ts";

/** A checkout that was acknowledged. Times are of `performance.now()`. */
export interface Taken {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/** A question without an answer, or one to which the shop said that it was at fault. */
export interface Failure {
  readonly atMs: number;
  readonly code: string;
}

/** Sees everything that is asked of a shop, and what came of it. */
export interface Witness {
  /** The shop; whoever asks here is seen. */
  readonly api: Api;
  readonly taken: readonly Taken[];
  readonly failures: readonly Failure[];
  readonly questions: () => number;
  /**
   * Asks every checkout that is open again with its key, until each is placed or refused. Answers those placed, and
   * what came of none in the time given.
   */
  settle(withinMs: number): Promise<Settled>;
  /** Compares the orders of everybody who asked for some with what they were told. Names those nobody was told of. */
  untold(withinMs: number): Promise<readonly string[]>;
}

export interface Settled {
  readonly asked: number;
  readonly placed: readonly { readonly token: string; readonly checkout: Checkout }[];
  readonly unsettled: readonly string[];
}

const atOnce = 8;
const checkouts = "/api/v1/checkouts";

/** Opens one in front of `api`. */
export function openWitness(api: Api): Witness {
  const taken: Taken[] = [];
  const failures: Failure[] = [];
  const open = new Map<string, Question>();
  const told = new Map<string, Set<string>>();
  let questions = 0;
  const acknowledge = ({ token = "", key = "" }: Question, checkout: Checkout) => {
    open.delete(`${token} ${key}`);
    const known = told.get(token) ?? new Set();
    for (const { id } of checkout.orders) known.add(id);
    told.set(token, known);
  };
  const text = async (question: Question): Promise<string> => {
    const { token = "", key = "" } = question;
    const isCheckout = question.method === "POST" && question.path === checkouts;
    const askedAtMs = performance.now();
    questions++;
    if (isCheckout && !told.has(token)) told.set(token, new Set());
    try {
      const answer = await api.text(question);
      if (isCheckout) {
        acknowledge(question, JSON.parse(answer) as Checkout);
        taken.push({ askedAtMs, answeredAtMs: performance.now() });
      }
      return answer;
    } catch (error) {
      if (isCheckout && isOpen(error)) open.set(`${token} ${key}`, question);
      if (isOpen(error) && error.status !== 409) failures.push({ atMs: performance.now(), code: error.code });
      throw error;
    }
  };
  return {
    taken,
    failures,
    questions: () => questions,
    api: { ...api, text, json: async <T>(question: Question) => JSON.parse(await text(question)) as T },
    settle: async (withinMs) => {
      const patient = persistent(api, withinMs);
      const asked = [...open.values()];
      const placed: { token: string; checkout: Checkout }[] = [];
      const unsettled: string[] = [];
      await eachOf(asked, async (question) => {
        try {
          const checkout = await patient.json<Checkout>(question);
          acknowledge(question, checkout);
          placed.push({ token: question.token ?? "", checkout });
        } catch (error) {
          if (isOpen(error)) unsettled.push(`${question.key} was told ${error.message}`);
          else if (!(error instanceof Unanswered)) throw error;
        }
      });
      return { asked: asked.length, placed, unsettled };
    },
    untold: async (withinMs) => {
      const patient = persistent(api, withinMs);
      const found: string[] = [];
      await eachOf([...told], async ([token, known]) => {
        const there = await ordersOf(patient, token);
        found.push(...there.filter((id) => !known.has(id)));
      });
      return found;
    },
  };
}

async function eachOf<T>(things: readonly T[], work: (thing: T) => Promise<void>): Promise<void> {
  const left = [...things];
  const next = async () => {
    for (let thing = left.shift(); thing !== undefined; thing = left.shift()) await work(thing);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly next: string | null;
}

async function ordersOf(api: Api, token: string): Promise<string[]> {
  const ids: string[] = [];
  for (let next: string | null = ""; next !== null; ) {
    const path = `/api/v1/orders?limit=100${next ? `&cursor=${encodeURIComponent(next)}` : ""}`;
    const page: Page = await api.json<Page>({ path, token });
    ids.push(...page.items.map(({ id }) => id));
    next = page.next;
  }
  return ids;
}
