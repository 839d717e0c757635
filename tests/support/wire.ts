import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import type { Doors, Reach } from "#apps/server/compose";
import { accountDoor } from "#domains/account/api";
import { cartDoor } from "#domains/cart/api";
import { catalogDoor } from "#domains/catalog/api";
import { inventoryDoor } from "#domains/inventory/api";
import { orderDoor } from "#domains/order/api";
import { paymentDoor } from "#domains/payment/api";
import { searchDoor } from "#domains/search/api";
import { settlementDoor } from "#domains/settlement/api";
import { shopDoor } from "#domains/shop/api";
import { type DoorSpec, type Operation, requestRefusals } from "#kernel/door";
import { isRefusal } from "#kernel/refusal";
import { Broken, type Parcel, type Wire } from "#platform/rpc/api";
import { doorOver } from "#platform/rpc/call";
import { listenForCalls } from "#platform/rpc/drivers/http-listen";
import { openHttpWire } from "#platform/rpc/drivers/http-wire";
import type { Answer } from "#platform/rpc/message";
import { openHost } from "#platform/rpc/serve";
import { testSeed } from "./test-seed.ts";

/**
 * `calls`: as in one process. `wire`: every door over HTTP on loopback. `twice`: every call that may be repeated is
 * delivered twice, in turn or both at once, and either answer is given. `lost`: it is carried out, its answer is
 * lost, and the caller repeats it.
 */
export const wirings = ["calls", "wire", "twice", "lost"] as const;
export type Wiring = (typeof wirings)[number];

/** What STOREY_TEST_WIRE says; calls unless it is set. */
export function wiringOfAll(): Wiring {
  const said = process.env["STOREY_TEST_WIRE"] ?? "calls";
  const wiring = wirings.find((each) => each === said);
  assert.ok(wiring, `STOREY_TEST_WIRE is one of ${wirings.join(", ")}, not ${said}`);
  return wiring;
}

export const doorSpecs: { readonly [Name in keyof Doors]: DoorSpec } = {
  account: accountDoor,
  shop: shopDoor,
  catalog: catalogDoor,
  search: searchDoor,
  inventory: inventoryDoor,
  cart: cartDoor,
  order: orderDoor,
  payment: paymentDoor,
  settlement: settlementDoor,
};

export interface Wires {
  readonly reach: Reach;
  /** Operations, such as `order.place`, that were delivered twice and done. */
  readonly repeated: ReadonlySet<string>;
  /** Fails when a call was answered otherwise the second time, or said what does not travel. */
  close(): Promise<void>;
}

type Run = (context: never, input: unknown) => Promise<unknown>;
type Runs = Readonly<Record<string, Run>>;

/** Serves doors to those who reach for them, in this process and yet over a wire. */
export async function openWires(wiring: Wiring): Promise<Wires | undefined> {
  if (wiring === "calls") return undefined;
  const wrong = new Set<string>();
  const repeated = new Set<string>();
  const host = openHost((message, error) => wrong.add(`${message}: ${String(error)}`));
  const secret = crypto.randomUUID();
  const listening = await listenForCalls({ host: "127.0.0.1", port: 0, secret, answer: host.answer });
  const opened = new Map<string, { readonly wire: Wire; readonly door: unknown }>();
  const open = (name: keyof Doors, door: unknown) => {
    const spec = doorSpecs[name];
    host.serve(spec, saysWhatTravels(spec, door as Runs, wrong) as never);
    const plain = openHttpWire({ url: listening.url, secret, connections: 64 });
    const wire =
      wiring === "twice"
        ? twice(plain, wrong, repeated)
        : wiring === "lost"
          ? losing(plain, repeated)
          : plain;
    return { wire, door: hearsWhatTravels(spec, doorOver(spec, { wire, later: (_, told) => told }), wrong) };
  };
  return {
    repeated,
    reach: (name, door) => {
      const found = opened.get(name) ?? open(name, door);
      opened.set(name, found);
      return found.door as typeof door;
    },
    close: async () => {
      await Promise.all([...opened.values()].map(({ wire }) => wire.close()));
      await listening.close();
      assert.deepEqual([...wrong], [], "what does not hold over a wire");
    },
  };
}

/** Random bits that follow from the seed of the run, by mulberry32. */
function coins(): () => boolean {
  let state = testSeed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) & 1) === 1;
  };
}

function twice(wire: Wire, wrong: Set<string>, repeated: Set<string>): Wire {
  const coin = coins();
  return {
    ...wire,
    carry: async (parcel, signal) => {
      if (!parcel.repeatable) return wire.carry(parcel, signal);
      const once = () => wire.carry(parcel, signal);
      const answers = coin() ? await Promise.all([once(), once()]) : [await once(), await once()];
      // A fault says nothing of what became of it: two at once may get in each other's way.
      const told = answers.filter((answer) => !(JSON.parse(answer) as Answer).fault);
      const [one = answers[0] ?? "", other = one] = told;
      const difference = differenceOf(parcel, one, other);
      if (difference) wrong.add(difference);
      else if (!problemIn(one)) repeated.add(nameOf(parcel));
      return coin() ? one : other;
    },
  };
}

const losing = (wire: Wire, repeated: Set<string>): Wire => ({
  ...wire,
  carry: async (parcel, signal) => {
    const answer = await wire.carry(parcel, signal);
    if (parcel.repeatable && parcel.attempt === 1) throw new Broken("lost on purpose", { arrived: true });
    if (parcel.attempt > 1 && !problemIn(answer)) repeated.add(nameOf(parcel));
    return answer;
  },
});

const nameOf = ({ door, operation }: Pick<Parcel, "door" | "operation">) => `${door}.${operation}`;

/** The code, or the words, of what was not done. */
function problemIn(text: string): string | undefined {
  const { outcome, fault, bug } = JSON.parse(text) as Answer;
  return fault?.code ?? bug ?? (isRefusal(outcome) ? (outcome as { refusal: string }).refusal : undefined);
}

/** Of commands' answers, what a repeat gives again: the rest tells how things stand now, whoever changed them. */
const lasting: Record<string, (outcome: never) => unknown> = {
  "cart.put": () => "the cart",
  "cart.remove": () => "the cart",
  "cart.merge": () => "the cart",
  "catalog.importCsv": ({ products, refused }: { products: number; refused: number }) => [products, refused],
  "catalog.importMany": (done: readonly { handle: string; product: string | null }[]) =>
    done.map(({ handle, product }) => [handle, product]),
  "inventory.reserve": (lines: readonly Reserved[]) => lines.map(({ id, reserved }) => [id, reserved]),
  "inventory.setStock": ({ sku, onHand }: { sku: string; onHand: number }) => [sku, onHand],
  "payment.refresh": ({ id }: { id: string }) => id,
};

interface Reserved {
  readonly id: string;
  readonly reserved: boolean;
}

/**
 * Where a line is refused, whoever asked gives the others back, and whoever asked for the same checkout may do so
 * between two deliveries. What was refused stays refused.
 */
function mayHaveBeenGivenBack(one: readonly Reserved[], other: readonly Reserved[]): boolean {
  const refusedIn = (lines: readonly Reserved[]) =>
    new Set(lines.filter(({ reserved }) => !reserved).map(({ id }) => id));
  const [fewer, more] = [refusedIn(one), refusedIn(other)].toSorted((a, b) => a.size - b.size);
  return fewer !== undefined && more !== undefined && fewer.size > 0 && fewer.isSubsetOf(more);
}

/** How the second of two deliveries was answered otherwise; a question may be, when somebody wrote meanwhile. */
export function differenceOf(
  parcel: Pick<Parcel, "door" | "operation">,
  one: string,
  other: string,
): string | undefined {
  const name = nameOf(parcel);
  const operation = doorSpecs[parcel.door as keyof Doors].operations[parcel.operation];
  if (one === other || operation?.kind === "query") return undefined;
  if (name === "inventory.reserve") {
    const [first, second] = [one, other].map((text) => (JSON.parse(text) as Answer).outcome as Reserved[]);
    if (first && second && mayHaveBeenGivenBack(first, second)) return undefined;
  }
  const [first, second] = [one, other].map((text) => {
    const { outcome } = JSON.parse(text) as Answer;
    return problemIn(text) ?? (lasting[name] ? lasting[name](outcome as never) : outcome);
  });
  if (isDeepStrictEqual(first, second)) return undefined;
  return `${name} answers ${JSON.stringify(first)}, delivered again ${JSON.stringify(second)}`.slice(0, 500);
}

/** What is answered fits the door's declaration, and its own copy in JSON. */
function saysWhatTravels(spec: DoorSpec, door: Runs, wrong: Set<string>): Runs {
  return wrapped(spec, door, (name, operation, run) => async (context, input) => {
    const outcome = await run(context, input);
    const problem = isRefusal(outcome)
      ? refusalProblem(spec, operation, outcome as { refusal: string })
      : fitProblem(operation, outcome);
    const lost = lostInJson(outcome);
    if (problem) wrong.add(`${spec.name}.${name} answers ${problem}`);
    if (lost) wrong.add(`${spec.name}.${name} answers ${lost}`);
    return outcome;
  });
}

const hearsWhatTravels = (spec: DoorSpec, door: unknown, wrong: Set<string>): Runs =>
  wrapped(spec, door as Runs, (name, _operation, run) => (context, input) => {
    const lost = lostInJson(input);
    if (lost) wrong.add(`${spec.name}.${name} is asked with ${lost}`);
    return run(context, input);
  });

const wrapped = (spec: DoorSpec, door: Runs, wrap: (name: string, op: Operation, run: Run) => Run): Runs =>
  Object.fromEntries(
    Object.entries(spec.operations).map(([name, operation]) => [
      name,
      wrap(name, operation, door[name] as Run),
    ]),
  );

const ajv = new Ajv({ strict: false });
(formats as unknown as (on: Ajv) => void)(ajv);
const compiled = new Map<Operation, ValidateFunction>();

function fitProblem(operation: Operation, outcome: unknown): string | undefined {
  const fits = compiled.get(operation) ?? ajv.compile(operation.output);
  compiled.set(operation, fits);
  return fits(outcome) ? undefined : `what its schema does not say: ${ajv.errorsText(fits.errors)}`;
}

function refusalProblem(spec: DoorSpec, operation: Operation, { refusal }: { refusal: string }) {
  const declared = refusal in requestRefusals || operation.refusals.includes(refusal);
  return declared ? undefined : `with a refusal it does not declare: ${refusal} (${spec.name})`;
}

/** Whatever JSON would change without a word: dates, maps, classes, NaN, holes. Absent and undefined are the same. */
export function lostInJson(value: unknown, at = ""): string | undefined {
  if (value === null || value === undefined || typeof value === "string" || typeof value === "boolean")
    return;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${value} at ${at}`;
  if (typeof value !== "object") return `a ${typeof value} at ${at}`;
  if (Array.isArray(value)) {
    const hole = value.indexOf(undefined);
    if (hole >= 0) return `nothing at ${at}/${hole}`;
  } else if (![Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    return `a ${value.constructor.name} at ${at}`;
  }
  for (const [key, part] of Object.entries(value)) {
    const lost = lostInJson(part, `${at}/${key}`);
    if (lost) return lost;
  }
  return;
}
