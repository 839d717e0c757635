import { request } from "undici";

/** What readers and buyers got while something happened to the shop. */
export interface Steady {
  readonly requests: number;
  /** Everything that was not answered, or answered by a failure of the shop. */
  readonly failures: readonly string[];
}

const asOnce = 6;

/** Keeps reading and filling carts at `url` while `work` runs. */
export async function steadily(url: string, sku: string, work: () => Promise<void>): Promise<Steady> {
  const failures: string[] = [];
  let requests = 0;
  let ended = false;
  const ask = async (method: "GET" | "PUT", path: string, body?: object) => {
    requests += 1;
    const headers = { "content-type": "application/json" };
    const answer = request(`${url}${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const said = await answer.then(
      async ({ statusCode, body: rest }) => {
        await rest.dump();
        return statusCode >= 500 ? String(statusCode) : "";
      },
      (error: Error) => error.message,
    );
    if (said) failures.push(`${method} ${path}: ${said}`);
  };
  const visitor = async () => {
    while (!ended) {
      await ask("GET", "/api/v1/products?limit=5");
      await ask("GET", "/");
      await ask("PUT", `/api/v1/cart/items/${sku}`, { quantity: 1 });
    }
  };
  const visitors = Array.from({ length: asOnce }, visitor);
  try {
    await work();
  } finally {
    ended = true;
    await Promise.all(visitors);
  }
  return { requests, failures };
}
