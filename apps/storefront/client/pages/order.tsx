import type { OrderView, Unpaid } from "../buying.ts";
import { AddressLines } from "../components/address.tsx";
import { Lines, Sums } from "../components/lines.tsx";
import { StateTag, Timeline } from "../components/order-state.tsx";
import { PaidTogether, PayForm, PayUntil } from "../components/unpaid.tsx";
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
            {order.state === "pending" && <Next view={view} />}
            <Timeline order={order} />
            {order.state !== "pending" && <Next view={view} />}
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
  const { order, unpaid } = view;
  if (order.state === "pending")
    return (
      <div className="next">
        {unpaid && <ToPay unpaid={unpaid} here={order.id} />}
        <Ask view={view} verb="cancel" question="Cancel this order" answer="Yes, cancel it">
          <p>
            It will be closed, and what was kept for you goes back on the shelf.
            {unpaid && unpaid.orders.length > 1 && " You then pay for the other orders only."}
          </p>
        </Ask>
      </div>
    );
  if (order.state === "paid")
    return (
      <div className="next">
        <p>{order.shopName} is getting it ready.</p>
        <Ask view={view} verb="refund" question="Cancel and get your money back" answer="Refund this order">
          <p>
            It is not sent yet, so you get all of it back: <Price price={order.total} />. Nothing will be
            sent.
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
          <input type="hidden" name="key" value={view.key} />
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
  refunded: "All you paid for it went back the way it came. Your bank may take some days to show it.",
} as const;

/** One payment pays the whole checkout, so that is said before anybody presses the button. */
function ToPay({ unpaid, here }: { unpaid: Unpaid; here: string }) {
  const isMany = unpaid.orders.length > 1;
  return (
    <>
      {isMany && (
        <>
          <p>You ordered from {unpaid.orders.length} shops at once. One payment pays all of it:</p>
          <PaidTogether unpaid={unpaid} here={here} />
        </>
      )}
      <PayForm unpaid={unpaid} />
      <p>
        Pay until <PayUntil unpaid={unpaid} />, or{" "}
        {isMany ? "these orders close by themselves" : "the order closes by itself"}.
      </p>
    </>
  );
}

function Ask(props: {
  view: OrderView;
  verb: "cancel" | "refund";
  question: string;
  answer: string;
  children: React.ReactNode;
}) {
  const { order, key } = props.view;
  return (
    <details>
      <summary className="text-button">{props.question}</summary>
      <form method="post" action={`/orders/${order.id}/${props.verb}`} className="form ask">
        <input type="hidden" name="key" value={key} />
        {props.children}
        <button type="submit" className="button quiet">
          {props.answer}
        </button>
      </form>
    </details>
  );
}
