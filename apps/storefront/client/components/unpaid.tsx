import type { Unpaid } from "../buying.ts";
import { counted, priceText } from "../format.ts";
import { Icon } from "./icon.tsx";
import { Price, Time } from "./words.tsx";

/** How long there is to pay, counting down where scripts run. */
export function PayUntil({ unpaid }: { unpaid: Unpaid }) {
  return (
    <>
      <Time at={unpaid.payBy} /> (in{" "}
      <span data-left-ms={unpaid.withinMs}>{counted(Math.ceil(unpaid.withinMs / 60_000), "minute")}</span>)
    </>
  );
}

/** The button that pays a checkout: it says how much, and for how many orders. */
export function PayForm({ unpaid, again }: { unpaid: Unpaid; again?: boolean }) {
  const { orders, total } = unpaid;
  const what = orders.length > 1 ? ` for ${orders.length} orders` : "";
  return (
    <form method="post" action="/pay">
      <input type="hidden" name="key" value={unpaid.key} />
      <input type="hidden" name="checkout" value={unpaid.checkout} />
      <button type="submit" className="button">
        {again ? "Try again: pay" : "Pay"} {priceText(total)}
        {what}
      </button>
    </form>
  );
}

/** The orders that one payment pays, with what each costs; `here` is the one whose page it is. */
export function PaidTogether({ unpaid, here }: { unpaid: Unpaid; here: string }) {
  return (
    <dl className="sums together">
      {unpaid.orders.map(({ id, shopName, total }) => (
        <div key={id}>
          <dt>{id === here ? `${shopName} (this order)` : <a href={`/orders/${id}`}>{shopName}</a>}</dt>
          <dd>
            <Price price={total} />
          </dd>
        </div>
      ))}
      <div className="sums-total">
        <dt>To pay</dt>
        <dd>
          <Price price={unpaid.total} />
        </dd>
      </div>
    </dl>
  );
}

/** Checkouts that were placed and not paid, where somebody may look for them in vain: beside the cart. */
export function UnpaidNotices({ unpaid }: { unpaid: readonly Unpaid[] }) {
  return unpaid.map((one) => (
    <section key={one.checkout} className="notice calm unpaid" aria-label="Unpaid checkout">
      <Icon name="clock" />
      <div>
        <strong>
          You have an unpaid checkout of <Price price={one.total} />
        </strong>
        <p>
          {counted(one.orders.length, "order")} from {one.orders.map(({ shopName }) => shopName).join(", ")}.
          Pay until <PayUntil unpaid={one} />, or it closes by itself.
        </p>
        <div className="unpaid-tools">
          <PayForm unpaid={one} />
          <a className="text-button" href="/orders">
            Look at your orders
          </a>
        </div>
      </div>
    </section>
  ));
}
