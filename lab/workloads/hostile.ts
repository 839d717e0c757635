import { randomBytes } from "node:crypto";
import { type Api, isLoopback, openApi, Unanswered } from "../shop/api.ts";
import { creepIn } from "./creep.ts";
import { mixed } from "./shop.ts";
import type { Session, Visit, Workload } from "./workload.ts";

const connections = 64;
/** All of them come from one address, as a single attacker's do. */
const theirAddress = "127.66.6.6";
const pagesScraped = 20;

/**
 * Half of those who come mean harm: bodies too large, half documents, ids that never were, whole listings taken page by
 * page, and connections that never come to the end of their headers. Each has to be refused in its own words, and the
 * shop's customers should notice nothing: their interactions are timed, those of the others only told.
 */
export const hostile: Workload = {
  name: "hostile",
  about: "the shopping mix, and as many again who send what is oversized, malformed or slow, or scrape",
  buys: true,
  open: async ({ api }) => {
    const theirs = openApi(api.url, connections, isLoopback(api.url) ? theirAddress : undefined);
    const shoppers = mixed(80);
    const sum = shoppers.reduce((total, { weight }) => total + weight, 0);
    const attack = (name: string, weight: number, run: (visit: Visit) => Promise<void>): Session => ({
      name,
      weight,
      run,
    });
    return {
      sessions: [
        ...shoppers.map((session) => ({ ...session, weight: (session.weight / sum) * 50 })),
        attack("oversized", 10, (visit) => refused(visit, "oversized", tooLarge(theirs))),
        attack("malformed", 20, (visit) => refused(visit, "malformed", malformed(theirs, visit))),
        attack("scraping", 15, (visit) => scrape(theirs, visit)),
        attack("slow", 5, async (visit) => visit.tell(`slow: ${await creepIn(api.url)}`)),
      ],
      close: () => theirs.close(),
    };
  },
};

const tooLarge = (api: Api) =>
  api.text({ method: "POST", path: "/api/v1/quotes", body: { lines: "x".repeat(3_000_000) } });

function malformed(api: Api, { random }: Visit): Promise<string> {
  const text = { type: "application/json", body: '{"email": "half@example' };
  switch (random.integer(0, 3)) {
    case 0:
      return api.text({ method: "POST", path: "/api/v1/sessions", text });
    case 1:
      return api.text({ path: `/api/v1/products/${"%00".repeat(20)}` });
    case 2:
      return api.text({ path: `/api/v1/search?q=${"a".repeat(5_000)}` });
    default:
      return api.text({
        method: "PUT",
        path: "/api/v1/cart/items/0000000000000",
        body: { quantity: 2 ** 53 },
      });
  }
}

/** What nobody else asks for: every page of the whole listing, and ids that never were. */
async function scrape(api: Api, visit: Visit): Promise<void> {
  let path = "/api/v1/products?limit=100";
  try {
    for (let page = 0; page < pagesScraped; page++) {
      const { next } = await api.json<{ next: string | null }>({ path });
      if (next === null) break;
      path = `/api/v1/products?limit=100&cursor=${encodeURIComponent(next)}`;
    }
    visit.tell("scraping: got what it wanted");
  } catch (error) {
    tellRefusal(visit, "scraping", error);
  }
  const unknown = randomBytes(7).toString("hex").slice(0, 13);
  await refused(visit, "unknown id", api.text({ path: `/api/v1/products/${unknown}` }));
}

/** A good answer, and one that says the machine failed, are the shop's defects here. */
async function refused(visit: Visit, what: string, asking: Promise<string>): Promise<void> {
  try {
    await asking;
  } catch (error) {
    return tellRefusal(visit, what, error);
  }
  throw new Unanswered("lab.not_refused", 200, `${what}: the shop said yes`);
}

function tellRefusal(visit: Visit, what: string, error: unknown): void {
  const isOurs = error instanceof Unanswered;
  // Whoever sends on when it has been refused may find the connection closed before the answer is read.
  if (!isOurs || (error.status >= 500 && error.status !== 503)) throw error;
  visit.tell(`${what}: ${error.status === 0 ? "cut off" : error.code}`);
}
