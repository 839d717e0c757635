import type { Order, OrderCard, OrderGroup } from "../buying.ts";
import { counted, langOf } from "../format.ts";
import { Icon } from "./icon.tsx";
import { Picture } from "./picture.tsx";
import { PayForm, PayUntil } from "./unpaid.tsx";
import { Price, Time } from "./words.tsx";

const words = {
  pending: { text: "Waiting to be paid", tone: "warn" },
  paid: { text: "Paid", tone: "good" },
  shipped: { text: "On its way", tone: "good" },
  received: { text: "Received", tone: "" },
  closed: { text: "Closed", tone: "" },
  refunded: { text: "Refunded", tone: "" },
} as const;

export function StateTag({ state }: { state: Order["state"] }) {
  return <span className={`tag ${words[state].tone}`}>{words[state].text}</span>;
}

const steps = [
  { state: "pending", name: "Ordered" },
  { state: "paid", name: "Paid" },
  { state: "shipped", name: "Sent" },
  { state: "received", name: "Received" },
] as const;

/** The way of an order: what has been, with its time, and what is still to come. */
export function Timeline({ order }: { order: Order }) {
  const when = new Map(order.history.map(({ state, at }) => [state, at]));
  const ended = order.state === "closed" || order.state === "refunded" ? order.state : null;
  const shown = ended ? steps.filter(({ state }) => when.has(state)) : steps;
  const all = ended ? [...shown, { state: ended, name: ended === "closed" ? "Closed" : "Refunded" }] : shown;
  return (
    <ol className="timeline">
      {all.map(({ state, name }) => {
        const at = when.get(state);
        return (
          <li
            key={state}
            className={at ? "done" : undefined}
            aria-current={state === order.state ? "step" : undefined}
          >
            <span className="timeline-mark">{at && <Icon name={state === ended ? "x" : "check"} />}</span>
            <span>
              <strong>{name}</strong>
              <span className="soft small timeline-when">{at ? <Time at={at} /> : "Not yet"}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** Orders in a list: what, from whom, how far. */
export function OrderCards({
  orders,
  heading: Heading,
}: {
  orders: readonly OrderCard[];
  heading: "h2" | "h3";
}) {
  return (
    <ul className="order-cards">
      {orders.map((order) => (
        <li key={order.id}>
          <article className="order-card">
            <div className="order-card-head">
              <Heading>
                <a href={order.href}>{order.shopName}</a>
              </Heading>
              <StateTag state={order.state} />
            </div>
            <div className="order-card-things">
              {order.pictures.map(({ image, title }) => (
                <Picture key={`${image} ${title}`} src={image} alt="" />
              ))}
              <div>
                <p className="order-card-titles" lang={langOf(order.titles)}>
                  {order.titles}
                </p>
                <p className="soft">
                  {counted(order.pieces, "piece")}, <Price price={order.total} />
                </p>
              </div>
            </div>
          </article>
        </li>
      ))}
    </ul>
  );
}

/** The orders of one checkout, and the way to pay it while that is still to be done. */
export function CheckoutPanel({ group }: { group: OrderGroup }) {
  const { orders, unpaid } = group;
  return (
    <section className="panel checkout-panel">
      <header>
        <h2>
          <Time at={group.at} precision="day" />
        </h2>
        {orders.length > 1 && (
          <p className="soft">
            {counted(orders.length, "order")}, <Price price={group.total} /> together
          </p>
        )}
      </header>
      {unpaid && (
        <div className="checkout-unpaid">
          <p>
            Pay until <PayUntil unpaid={unpaid} />, or {unpaid.orders.length > 1 ? "they close" : "it closes"}{" "}
            by {unpaid.orders.length > 1 ? "themselves" : "itself"}.
          </p>
          <PayForm unpaid={unpaid} />
        </div>
      )}
      <OrderCards orders={orders} heading="h3" />
    </section>
  );
}
