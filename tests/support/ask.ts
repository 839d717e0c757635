import assert from "node:assert/strict";
import { inQuery, type PublicOperation, publicOperations } from "#apps/client/operations";

/** A public operation by its full name, such as `order.pay`. */
export function operationCalled(name: string): PublicOperation {
  const found = publicOperations().find((each) => `${each.domain}.${each.name}` === name);
  assert.ok(found, `there is no operation ${name}`);
  return found;
}

/** What `{id}` of a path is the id of, by domain; an order wherever nothing is said. */
const kinds: Record<string, string> = {
  shop: "shop",
  catalog: "product",
  payment: "payment",
  account: "address",
};

/** The kind of thing that a part of an operation's path names: `order` for `{id}` of `/orders/{id}`. */
export function kindIn({ domain, name }: PublicOperation, part: string): string {
  if (part !== "id") return part;
  return `${domain}.${name}` === "order.checkout" ? "checkout" : (kinds[domain] ?? "order");
}

/** Asks for an operation by its path, as a client that was not derived from the doors would. */
export function askFor(
  url: string,
  operation: PublicOperation,
  how: { idOf: (kind: string) => string; token?: string | undefined; query?: string; body?: unknown },
): Promise<Response> {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, part: string) =>
    how.idOf(kindIn(operation, part)),
  );
  const hasBody = !inQuery(operation.method);
  return fetch(`${url}/api/v1${path}${how.query ?? ""}`, {
    method: operation.method,
    headers: {
      "idempotency-key": crypto.randomUUID(),
      ...(hasBody ? { "content-type": "application/json" } : {}),
      ...(how.token ? { authorization: `Bearer ${how.token}` } : {}),
    },
    ...(hasBody ? { body: JSON.stringify(how.body ?? {}) } : {}),
  });
}
