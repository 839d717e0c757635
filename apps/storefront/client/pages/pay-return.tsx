import type { PayReturnView } from "../buying.ts";
import { Icon } from "../components/icon.tsx";
import { OrderCards } from "../components/order-state.tsx";
import { PayForm, PayUntil } from "../components/unpaid.tsx";
import { priceText } from "../format.ts";

/** Where the payment provider sends the browser back to. */
export function PayReturn({ view }: { view: PayReturnView }) {
  return (
    <div className="wrap narrow-page">
      <div className="empty outcome" role="status">
        <Outcome view={view} />
      </div>
      {view.orders.length > 0 && (
        <section className="panel" aria-label="What you ordered">
          <OrderCards orders={view.orders} heading="h2" />
        </section>
      )}
      {view.state === "captured" && (
        <p className="empty-links outcome-links">
          <a className="button quiet" href="/orders">
            All your orders
          </a>
          <a className="button quiet" href="/">
            Go on looking around
          </a>
        </p>
      )}
    </div>
  );
}

function Outcome({ view }: { view: PayReturnView }) {
  const closed = view.orders.filter((order) => order.state === "closed").length;
  if (view.state === "captured")
    return (
      <>
        <Icon name="circle-check" />
        <h1>Thank you, that is paid</h1>
        <p className="soft">
          {priceText(view.amount)} received. {sentWords(view.orders.length - closed)}
          {closed > 0 && " What was closed before the money came is paid back to you."}
        </p>
      </>
    );
  if (view.state === "pending")
    return (
      <>
        <Icon name="clock" />
        <h1>Waiting for your payment</h1>
        <p className="soft">
          {view.asksAgain
            ? "The provider has not told us yet. This page looks again every few seconds."
            : "This takes longer than it should. You can close this page: as soon as the money is there, your orders say so."}
        </p>
        <p className="empty-links">
          <a className="button quiet" href={view.againHref}>
            Look again now
          </a>
        </p>
        {view.unpaid && (
          <>
            <p className="soft">
              If you came back without paying, you can do so until <PayUntil unpaid={view.unpaid} />.
            </p>
            <PayForm unpaid={view.unpaid} />
          </>
        )}
      </>
    );
  return (
    <>
      <Icon name="circle-alert" />
      <h1>The payment did not go through</h1>
      <p className="soft">
        Nothing was taken.{" "}
        {view.unpaid ? (
          <>
            What you ordered is kept for you until <PayUntil unpaid={view.unpaid} />.
          </>
        ) : (
          "What you ordered has been closed meanwhile."
        )}
      </p>
      {view.unpaid ? (
        <PayForm unpaid={view.unpaid} again />
      ) : (
        <a className="button" href="/orders">
          Look at your orders
        </a>
      )}
    </>
  );
}

const sentWords = (parcels: number) =>
  parcels > 1
    ? `${parcels} shops are packing a parcel each.`
    : parcels === 1
      ? "The shop is packing your parcel."
      : "";
