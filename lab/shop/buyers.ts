import { randomInt } from "node:crypto";
import { type Api, isLoopback, openApi } from "./api.ts";

/** Somebody with an account, a session and an address. One visit at a time has one. */
export interface Buyer {
  readonly token: string;
  readonly address: string;
}

export const address = {
  recipient: "Ada Lovelace",
  line1: "12 Analytical Way",
  city: "London",
  postalCode: "N1 9GU",
  country: "GB",
} as const;

/** Buyers who wait to be sent shopping. */
export interface Buyers {
  /** One whom nobody else has; waits for one when all are out. */
  take(): Promise<Buyer>;
  giveBack(buyer: Buyer): void;
  readonly all: readonly Buyer[];
  /** How often somebody had to wait. */
  waited(): number;
}

/**
 * Registers and signs in `count` buyers. A password costs the shop 25 ms of a core twice, and an address may
 * try 30 times a minute: so they are prepared before the run, and on this machine every ten come from a
 * loopback address of their own.
 */
export async function prepareBuyers(url: string, count: number, run: string): Promise<Buyers> {
  const perAddress = 10;
  const all: Buyer[] = [];
  for (let first = 0; first < count; first += perAddress) {
    const api = openApi(url, 2, isLoopback(url) ? someLoopbackAddress() : undefined);
    try {
      const numbers = Array.from({ length: Math.min(perAddress, count - first) }, (_, i) => first + i);
      all.push(...(await Promise.all(numbers.map((number) => prepare(api, `${run}-${number}`)))));
    } finally {
      await api.close();
    }
  }
  return poolOf(all);
}

/** One of 4 million, so that the runs of one minute do not meet. */
function someLoopbackAddress(): string {
  const [high, middle, low] = [randomInt(64, 128), randomInt(0, 256), randomInt(1, 255)];
  return `127.${high}.${middle}.${low}`;
}

async function prepare(api: Api, name: string): Promise<Buyer> {
  const token = await register(api, name);
  const made = await api.json<{ id: string }>({
    method: "POST",
    path: "/api/v1/accounts/me/addresses",
    token,
    key: `address-${name}`,
    body: address,
  });
  return { token, address: made.id };
}

/** Registers and signs in somebody of that name, who must be new; the session's token. */
export async function register(api: Api, name: string): Promise<string> {
  const email = `load-${name}@example.com`;
  const password = `a secret of ${name}`;
  await api.text({ method: "POST", path: "/api/v1/accounts", body: { email, name, password } });
  const { token } = await api.json<{ token: string }>({
    method: "POST",
    path: "/api/v1/sessions",
    body: { email, password },
  });
  return token;
}

/** A pool of buyers, first come first served. */
export function poolOf(all: readonly Buyer[]): Buyers {
  const free = [...all];
  const queue: ((buyer: Buyer) => void)[] = [];
  let waited = 0;
  return {
    all,
    waited: () => waited,
    take: () => {
      const buyer = free.pop();
      if (buyer) return Promise.resolve(buyer);
      waited++;
      return new Promise((resolve) => queue.push(resolve));
    },
    giveBack: (buyer) => {
      const next = queue.shift();
      if (next) next(buyer);
      else free.push(buyer);
    },
  };
}

/** Signs in somebody who exists. */
export async function signIn(api: Api, who: { email: string; password: string }): Promise<string> {
  const { token } = await api.json<{ token: string }>({
    method: "POST",
    path: "/api/v1/sessions",
    body: { email: who.email, password: who.password },
  });
  return token;
}
