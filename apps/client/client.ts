import type { Static } from "typebox";
import { Pool } from "undici";
import type { AuditReport, operationsDoor } from "#apps/operator/api";
import type { accountDoor } from "#domains/account/api";
import type { cartDoor } from "#domains/cart/api";
import type { catalogDoor } from "#domains/catalog/api";
import type { inventoryDoor } from "#domains/inventory/api";
import type { orderDoor } from "#domains/order/api";
import type { paymentDoor } from "#domains/payment/api";
import type { searchDoor } from "#domains/search/api";
import type { settlementDoor } from "#domains/settlement/api";
import type { shopDoor } from "#domains/shop/api";
import type { DoorSpec, GuardRefusal } from "#kernel/door";
import { type Refusal, refuse } from "#kernel/refusal";
import { inQuery, type PublicOperation, publicOperations } from "./operations.ts";

interface Specs {
  readonly account: typeof accountDoor;
  readonly shop: typeof shopDoor;
  readonly catalog: typeof catalogDoor;
  readonly search: typeof searchDoor;
  readonly inventory: typeof inventoryDoor;
  readonly operations: typeof operationsDoor;
  readonly cart: typeof cartDoor;
  readonly order: typeof orderDoor;
  readonly payment: typeof paymentDoor;
  readonly settlement: typeof settlementDoor;
}

/** What any request may be refused with, over and above what its operation declares. */
type AnyRefusal = GuardRefusal | `request.${string}`;

type Calls<Spec extends DoorSpec> = {
  readonly [Name in keyof Spec["operations"] as Spec["operations"][Name] extends { http: string }
    ? Name
    : never]: (
    input: Static<Spec["operations"][Name]["input"]>,
    options?: CallOptions,
  ) => Promise<
    | Static<Spec["operations"][Name]["output"]>
    | Refusal<Spec["operations"][Name]["refusals"][number] | AnyRefusal>
  >;
};

export interface CallOptions {
  /** Sent as Idempotency-Key; without it a new one is drawn, so that only a caller who names one can repeat. */
  readonly key?: string;
}

/** The public API as functions: typed by the doors, routed by them too. */
export type Client = { readonly [Domain in keyof Specs]: Calls<Specs[Domain]> } & {
  /** The same shop in somebody else's name: with another session, or another guest's cart. */
  as(who: { token?: string; cartToken?: string }): Client;
  /** The audit of the whole shop, for operators. */
  audit(): Promise<AuditReport>;
  close(): Promise<void>;
};

/** A client of the shop at `url`. Refusals are values, as behind the doors; a broken connection throws. */
export function openClient(url: string, who: { token?: string; cartToken?: string } = {}): Client {
  const pool = new Pool(url, { connections: 64, pipelining: 1 });
  return clientOn(pool, { ...who, seen: undefined });
}

interface Asking {
  readonly token?: string;
  readonly cartToken?: string;
  /** What it has written, as the shop told it last: sent back, so that it is read whichever server is asked. */
  seen: string | undefined;
}
const seenHeader = "storey-read";

function clientOn(pool: Pool, who: Asking): Client {
  const domains: Record<string, Record<string, unknown>> = {};
  for (const operation of publicOperations()) {
    const door = domains[operation.domain] ?? {};
    domains[operation.domain] = door;
    door[operation.name] = (input: Record<string, unknown>, options?: CallOptions) =>
      call(pool, who, operation, input, options);
  }
  return Object.assign(domains, {
    as: (other: { token?: string; cartToken?: string }) => clientOn(pool, { ...other, seen: who.seen }),
    audit: () => audit(pool, who),
    close: () => pool.close(),
  }) as unknown as Client;
}

async function call(
  pool: Pool,
  who: Asking,
  { operation, method, path, pathNames }: PublicOperation,
  input: Record<string, unknown>,
  options: CallOptions = {},
): Promise<unknown> {
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !pathNames.includes(name)));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])));
  const body = inQuery(method) ? null : JSON.stringify(rest);
  const answer = await pool.request({
    method,
    path: `/api/v1${filled}${inQuery(method) ? queryOf(rest) : ""}`,
    headers: {
      ...(body === null ? {} : { "content-type": "application/json" }),
      ...(who.token ? { authorization: `Bearer ${who.token}` } : {}),
      ...(who.cartToken ? { "cart-token": who.cartToken } : {}),
      ...(who.seen ? { [seenHeader]: who.seen } : {}),
      ...(operation.idempotencyKey ? { "idempotency-key": options.key ?? crypto.randomUUID() } : {}),
    },
    body,
  });
  const { [seenHeader]: seen } = answer.headers;
  if (typeof seen === "string") who.seen = seen;
  const text = await answer.body.text();
  if (answer.statusCode < 300) return text === "" ? null : JSON.parse(text);
  const problem = JSON.parse(text) as { code: string; detail: string; more?: Record<string, unknown> };
  return refuse(problem.code, problem.detail, problem.more);
}

async function audit(pool: Pool, who: { token?: string }): Promise<AuditReport> {
  const headers = who.token ? { authorization: `Bearer ${who.token}` } : {};
  const answer = await pool.request({ method: "GET", path: "/api/v1/operations/audit", headers });
  if (answer.statusCode === 200) return (await answer.body.json()) as AuditReport;
  throw new Error(`the audit answered ${answer.statusCode}: ${await answer.body.text()}`);
}

function queryOf(rest: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) query.append(name, String(each));
    }
  }
  const text = query.toString();
  return text && `?${text}`;
}
