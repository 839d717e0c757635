import type { AccountDoor } from "#domains/account/api";
import { accountModule } from "#domains/account/module";
import type { CartDoor } from "#domains/cart/api";
import { cartModule } from "#domains/cart/module";
import type { CatalogDoor } from "#domains/catalog/api";
import { catalogModule } from "#domains/catalog/module";
import type { InventoryDoor } from "#domains/inventory/api";
import { inventoryModule } from "#domains/inventory/module";
import type { OrderDoor } from "#domains/order/api";
import { orderModule } from "#domains/order/module";
import type { PaymentDoor } from "#domains/payment/api";
import { openProviders, paymentModule } from "#domains/payment/module";
import type { SearchDoor } from "#domains/search/api";
import { searchModule } from "#domains/search/module";
import type { SettlementDoor } from "#domains/settlement/api";
import { settlementModule } from "#domains/settlement/module";
import type { ShopDoor } from "#domains/shop/api";
import { shopModule } from "#domains/shop/module";
import type { Clock } from "#kernel/clock";
import type { Job } from "#kernel/module";
import type { Bus } from "#platform/bus/api";
import { openLocalBus } from "#platform/bus/drivers/local";
import type { Reading } from "#platform/cache/reading";
import type { Database, Store } from "#platform/database/api";
import { apart, type Traces, within } from "#platform/telemetry/traces";
import { cachedDoors } from "./cached-doors.ts";
import { hearing } from "./hearing.ts";
import { tracedDoor } from "./traced-doors.ts";

/** Every door of the shop. */
export interface Doors {
  readonly account: AccountDoor;
  readonly shop: ShopDoor;
  readonly catalog: CatalogDoor;
  readonly search: SearchDoor;
  readonly inventory: InventoryDoor;
  readonly cart: CartDoor;
  readonly order: OrderDoor;
  readonly payment: PaymentDoor;
  readonly settlement: SettlementDoor;
}

/** Hands on a door of this process, or another that leads to it. */
export type Reach = <Name extends keyof Doors>(name: Name, door: Doors[Name]) => Doors[Name];

/** A wired shop that is not working yet: `bus.start()` and its jobs make it. */
export interface Composition {
  readonly doors: Doors;
  readonly bus: Bus;
  readonly jobs: readonly Job[];
}

export interface Surroundings {
  readonly database: Database;
  readonly clock: Clock;
  readonly payWithinMs: number;
  /** What may be answered from what was read before; without it everything is read each time. */
  readonly reading?: Reading;
  /** The payment providers that exist here; the sandbox only where there is demo data. */
  readonly providers: Parameters<typeof openProviders>[0];
  /** How everybody comes to a door, other domains and the edge; by a function call unless said. */
  readonly reach?: Reach;
  /** Where traces begin; without it there are none. */
  readonly traces?: Traces;
  log(message: string, error?: unknown): void;
  counted(what: string, howMany: number): void;
}

/**
 * The one place where domains meet: each is handed the doors it may call by domains/graph.mjs, its own store, and
 * the way to wake the bus. Whether a door is a function or a network is decided here and nowhere else.
 */
export function compose(s: Surroundings): Composition {
  const { clock, log } = s;
  const store = (domain: keyof Doors) => s.database.store(domain);
  let bus: Bus | undefined;
  const reach: Reach = s.reach ?? ((_name, door) => door);
  const to: Reach = s.traces ? (name, door) => tracedDoor(name, reach(name, door)) : reach;
  const modules = openModules(s, { store, to, bus: () => bus });
  const names = Object.keys(modules) as (keyof Doors)[];
  const plain = doorsOf(modules, to);
  const cached = s.reading && cachedDoors(plain, s.reading, clock, s.database.positions);
  bus = openLocalBus({
    clock,
    log,
    members: names.map((domain) => ({
      domain,
      store: store(domain),
      reactions: cached ? hearing(modules[domain].reactions, cached.heard) : modules[domain].reactions,
      ...(s.traces ? { traced: tracedBatches(s.traces, domain) } : {}),
    })),
  });
  return { bus, jobs: names.flatMap((name) => modules[name].jobs), doors: { ...plain, ...cached?.doors } };
}

/** Each batch of events that a domain applies is a trace of its own: it holds what several requests have told. */
const tracedBatches =
  (traces: Traces, domain: string) =>
  <T>(source: string, events: number, work: () => Promise<T>): Promise<T> => {
    const facts = { "storey.events": events };
    const span = traces.begin(`${domain} hears ${source}`, { reacts: true, facts });
    return span ? within(span, work) : work();
  };

/** Every domain, with its own store and the doors it may call. */
function openModules(
  s: Surroundings,
  parts: { store(domain: keyof Doors): Store; to: Reach; bus(): Bus | undefined },
) {
  const { clock, log, counted, payWithinMs } = s;
  const { store, to, bus } = parts;
  const told = (domain: keyof Doors) => () => apart(() => bus()?.told(domain));
  const account = accountModule({ store: store("account"), clock });
  const shop = shopModule({
    store: store("shop"),
    clock,
    account: to("account", account.door),
    told: told("shop"),
  });
  const catalog = catalogModule({
    store: store("catalog"),
    clock,
    shop: to("shop", shop.door),
    told: told("catalog"),
  });
  const search = searchModule({
    store: store("search"),
    clock,
    log,
    counted,
    catalog: to("catalog", catalog.door),
  });
  const inventory = inventoryModule({ store: store("inventory"), clock });
  const cart = cartModule({
    store: store("cart"),
    clock,
    catalog: to("catalog", catalog.door),
    inventory: to("inventory", inventory.door),
  });
  const payment = paymentModule({
    store: store("payment"),
    clock,
    log,
    counted,
    told: told("payment"),
    providers: openProviders(s.providers),
  });
  const order = orderModule({
    store: store("order"),
    clock,
    log,
    counted,
    payWithinMs,
    told: told("order"),
    heard: async (withinMs) => apart(() => bus()?.heard("order", withinMs)),
    account: to("account", account.door),
    shop: to("shop", shop.door),
    catalog: to("catalog", catalog.door),
    cart: to("cart", cart.door),
    inventory: to("inventory", inventory.door),
    payment: to("payment", payment.door),
  });
  const settlement = settlementModule({
    store: store("settlement"),
    clock,
    shop: to("shop", shop.door),
  });

  return { account, shop, catalog, search, inventory, cart, order, payment, settlement };
}

const doorsOf = (
  modules: { readonly [Name in keyof Doors]: { readonly door: Doors[Name] } },
  to: Reach,
): Doors => ({
  account: to("account", modules.account.door),
  shop: to("shop", modules.shop.door),
  catalog: to("catalog", modules.catalog.door),
  search: to("search", modules.search.door),
  inventory: to("inventory", modules.inventory.door),
  cart: to("cart", modules.cart.door),
  order: to("order", modules.order.door),
  payment: to("payment", modules.payment.door),
  settlement: to("settlement", modules.settlement.door),
});
