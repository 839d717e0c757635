import type { OrderView } from "../buying.ts";
import { AddressLines } from "../components/address.tsx";
import { Lines, Sums } from "../components/lines.tsx";
import { StateTag, Timeline } from "../components/order-state.tsx";
import { NoticeBox, Price, Trail } from "../components/words.tsx";

export function OrderPage({ view }: { view: OrderView }) {
  const { order } = view;
  return (
    <div className="wrap buying">
      <Trail
        links={[
          { href: "/orders", label: "Your orders" },
          { href: `/orders/${order.id}`, label: order.shopName },
        ]}
      />
      <div className="order-head">
        <h1>Order from {order.shopName}</h1>
        <StateTag state={order.state} />
      </div>
      <div className="notices">{view.notice && <NoticeBox notice={view.notice} />}</div>
      <div className="buying-body">
        <div className="buying-main">
          <section className="panel">
            <h2 className="unseen">How far it is</h2>
            <Timeline order={order} />
            <Next view={view} />
          </section>
          <section className="panel shop-group">
            <header>
              <h2>What you ordered</h2>
              <a href={view.shopHref}>Visit the shop</a>
            </header>
            <Lines lines={order.lines} />
            <Sums {...order} />
          </section>
        </div>
        <aside className="buying-side panel" aria-label="Delivery">
          <h2>Delivery</h2>
          <AddressLines address={order.address} />
          {order.shipment && (
            <p>
              <span className="soft">Sent with {order.shipment.carrier}</span>
              <br />
              <strong>{order.shipment.trackingNumber}</strong>
            </p>
          )}
          <p className="soft small">
            Order number <code>{order.id}</code>
          </p>
        </aside>
      </div>
    </div>
  );
}

/** What the buyer can do now. What cannot be taken back asks once more. */
function Next({ view }: { view: OrderView }) {
  const { order, keys } = view;
  if (order.state === "pending")
    return (
      <div className="next">
        {view.payWithinMs !== null && view.payWithinMs > 0 && (
          <>
            <p>
              Pay within{" "}
              <strong data-left-ms={view.payWithinMs}>{Math.ceil(view.payWithinMs / 60_000)} minutes</strong>,
              or the order closes by itself.
            </p>
            <form method="post" action="/pay">
              <input type="hidden" name="key" value={keys.pay} />
              <input type="hidden" name="checkout" value={order.checkout} />
              <button type="submit" className="button">
                Pay now
              </button>
            </form>
          </>
        )}
        <Ask view={view} verb="cancel" question="Cancel this order" answer="Yes, cancel it">
          <p>It will be closed, and what was kept for you goes back on the shelf.</p>
        </Ask>
      </div>
    );
  if (order.state === "paid")
    return (
      <div className="next">
        <p>{order.shopName} is getting it ready.</p>
        <Ask view={view} verb="refund" question="Ask for your money back" answer="Refund this order">
          <p>
            As long as it is not sent you get all of <Price price={order.total} /> back.
          </p>
          <div className="field">
            <label htmlFor="reason">
              Why <span className="optional">(optional)</span>
            </label>
            <input className="input" id="reason" name="reason" maxLength={200} />
          </div>
        </Ask>
      </div>
    );
  if (order.state === "shipped")
    return (
      <div className="next">
        <p>Has it arrived? Say so, and the shop is paid.</p>
        <form method="post" action={`/orders/${order.id}/receipt`}>
          <input type="hidden" name="key" value={keys.act} />
          <button type="submit" className="button">
            I have received it
          </button>
        </form>
      </div>
    );
  return <p className="next">{endWords[order.state]}</p>;
}

const endWords = {
  received: "You have it. Thank you for buying from an independent shop.",
  closed: "This order was closed without being paid. Nothing was sent.",
  refunded: "The whole amount goes back the way it came.",
} as const;

function Ask(props: {
  view: OrderView;
  verb: "cancel" | "refund";
  question: string;
  answer: string;
  children: React.ReactNode;
}) {
  const { order, keys } = props.view;
  return (
    <details>
      <summary className="text-button">{props.question}</summary>
      <form method="post" action={`/orders/${order.id}/${props.verb}`} className="form ask">
        <input type="hidden" name="key" value={keys.act} />
        {props.children}
        <button type="submit" className="button quiet">
          {props.answer}
        </button>
      </form>
    </details>
  );
}
