import type { OrdersView } from "../buying.ts";
import { Icon } from "../components/icon.tsx";
import { CheckoutPanel } from "../components/order-state.tsx";

export function Orders({ view }: { view: OrdersView }) {
  return (
    <div className="wrap buying narrow-page">
      <h1>Your orders</h1>
      {view.groups.length === 0 ? (
        <div className="empty">
          <Icon name="package" />
          <h2>No orders yet</h2>
          <p className="soft">What you buy shows up here, with where it is.</p>
          <a className="button" href="/">
            Look around
          </a>
        </div>
      ) : (
        view.groups.map((group) => <CheckoutPanel key={group.checkout} group={group} />)
      )}
      {view.nextHref && (
        <nav className="pages" aria-label="Pages">
          <a className="button quiet" href={view.nextHref}>
            Older orders <Icon name="arrow-right" />
          </a>
        </nav>
      )}
    </div>
  );
}
