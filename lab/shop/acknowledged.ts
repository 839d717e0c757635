import type { Api } from "./api.ts";

/** A checkout as the API shows it. */
export interface Checkout {
  readonly id: string;
  readonly total: { readonly amount: number; readonly currency: string };
  readonly orders: readonly { readonly id: string; readonly state: string }[];
}

/** Every order the shop said yes to, so that it can be held to it. */
export interface Acknowledged {
  placed(token: string, checkout: Checkout): void;
  /** The shop has acknowledged the money for it. */
  paid(checkout: string): void;
  readonly count: () => { checkouts: number; orders: number; paid: number };
  /** Looks each one up again; names every one that is not as it was acknowledged, or not paid in the time given. */
  check(api: Api, paidWithinMs?: number): Promise<readonly string[]>;
}

interface Remembered {
  readonly token: string;
  readonly checkout: Checkout;
  isPaid: boolean;
}

/** Between the acknowledgement of money and the order that says so lies an event: a second, or a queue of them. */
const usuallyPaidWithinMs = 30_000;
const atOnce = 16;

/** An empty memory. */
export function openAcknowledged(): Acknowledged {
  const byId = new Map<string, Remembered>();
  return {
    placed: (token, checkout) => {
      byId.set(checkout.id, { token, checkout, isPaid: false });
    },
    paid: (checkout) => {
      const found = byId.get(checkout);
      if (found) found.isPaid = true;
    },
    count: () => {
      const all = [...byId.values()];
      return {
        checkouts: all.length,
        orders: all.reduce((sum, each) => sum + each.checkout.orders.length, 0),
        paid: all.filter((each) => each.isPaid).length,
      };
    },
    check: async (api, paidWithinMs = usuallyPaidWithinMs) => {
      const left = [...byId.values()];
      const wrong: string[] = [];
      const until = Date.now() + paidWithinMs;
      const look = async () => {
        for (let next = left.pop(); next; next = left.pop()) {
          const problem = await lookUp(api, next, until);
          if (problem) wrong.push(`checkout ${next.checkout.id}: ${problem}`);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, look));
      return wrong;
    },
  };
}

async function lookUp(api: Api, known: Remembered, until: number): Promise<string | undefined> {
  const { token, checkout, isPaid } = known;
  for (let waitMs = 10; ; waitMs = Math.min(waitMs * 2, 500)) {
    let found: Checkout;
    try {
      found = await api.json<Checkout>({ path: `/api/v1/checkouts/${checkout.id}`, token });
    } catch (error) {
      return (error as Error).message;
    }
    if (idsOf(found) !== idsOf(checkout))
      return `has the orders ${idsOf(found)}, acknowledged were ${idsOf(checkout)}`;
    if (found.total.amount !== checkout.total.amount) {
      return `costs ${found.total.amount}, acknowledged was ${checkout.total.amount}`;
    }
    const unpaid = found.orders.filter((order) => order.state === "pending");
    if (!isPaid || unpaid.length === 0) return undefined;
    if (Date.now() > until)
      return `its money was acknowledged, and ${unpaid.map((o) => o.id).join(", ")} is not paid`;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

const idsOf = (checkout: Checkout) =>
  checkout.orders
    .map((order) => order.id)
    .sort()
    .join(" ");
