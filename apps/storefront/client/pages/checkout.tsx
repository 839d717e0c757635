import type { CheckoutView, Quote } from "../buying.ts";
import { AddressFields, AddressLines } from "../components/address.tsx";
import { type Amounts, Lines, Sums } from "../components/lines.tsx";
import { NoticeBox } from "../components/words.tsx";
import { counted, plus, priceText } from "../format.ts";

export function Checkout({ view }: { view: CheckoutView }) {
  const { quote } = view;
  return (
    <div className="wrap buying">
      <h1>Check out</h1>
      <div className="notices">{view.notice && <NoticeBox notice={view.notice} />}</div>
      <div className="buying-body">
        <div className="buying-main">
          <Destination view={view} />
          {quote.shops.map((shop, index) => (
            <section key={shop.shop} className="shop-group panel">
              <header>
                <h2>
                  {quote.shops.length > 1 && `Parcel ${index + 1}: `}
                  {shop.shopName}
                </h2>
                <p className="soft">{shippingLine(shop)}</p>
              </header>
              <Lines lines={shop.lines} short={quote.short} />
            </section>
          ))}
        </div>
        <PlaceOrder view={view} />
      </div>
    </div>
  );
}

/** What one shop asks for its parcel; what all of it costs is said once, in the summary. */
function shippingLine({ shipping, freeShippingIn }: Quote["shops"][number]): string {
  if (shipping.amount === 0) return "Ships free";
  const more = freeShippingIn ? `, free if you add ${priceText(freeShippingIn)}` : "";
  return `${priceText(shipping)} shipping${more}`;
}

function amountsOf({ shops, total }: Quote): Amounts {
  const all = (name: "items" | "shipping" | "discount" | "tax") =>
    shops.map((shop) => shop[name]).reduce(plus, { amount: 0, currency: total.currency });
  return {
    items: all("items"),
    shipping: all("shipping"),
    discount: all("discount"),
    tax: all("tax"),
    total,
  };
}

function PlaceOrder({ view }: { view: CheckoutView }) {
  const { quote, address, key } = view;
  const pieces = quote.shops.flatMap(({ lines }) => lines).reduce((count, line) => count + line.quantity, 0);
  return (
    <aside className="buying-side panel" aria-label="Summary">
      <h2>Summary</h2>
      <Sums {...amountsOf(quote)} name="To pay" />
      {quote.short.length > 0 && (
        <p>
          {counted(quote.short.length, "thing")} cannot be had in that number.{" "}
          <a className="text-button" href="/cart">
            Change your cart
          </a>
        </p>
      )}
      {quote.short.length === 0 && address && (
        <form method="post" action="/checkout">
          <input type="hidden" name="key" value={key} />
          <input type="hidden" name="quote" value={quote.digest} />
          <input type="hidden" name="address" value={address} />
          <button type="submit" className="button wide">
            Place order and pay {priceText(quote.total)}
          </button>
        </form>
      )}
      {quote.short.length === 0 && !address && <p>Say where it should go, then you can order.</p>}
      <p className="soft small">
        {counted(pieces, "piece")} in {counted(quote.shops.length, "parcel")}. You pay on the next page; each
        shop is paid when you have its parcel.
      </p>
    </aside>
  );
}

function Destination({ view }: { view: CheckoutView }) {
  return (
    <section className="panel destination" id="destination">
      <h2>Deliver to</h2>
      {view.addresses.length > 0 && (
        <form action="/checkout" data-send-on-change>
          <fieldset className="choices">
            <legend className="unseen">Address</legend>
            {view.addresses.map((address) => (
              <label key={address.id} className="choice">
                <input
                  type="radio"
                  name="address"
                  value={address.id}
                  defaultChecked={address.id === view.address}
                  id={`address-${address.id}`}
                />
                <AddressLines address={address} />
              </label>
            ))}
          </fieldset>
          <noscript>
            <button type="submit" className="button quiet">
              Use this address
            </button>
          </noscript>
        </form>
      )}
      {view.addresses.length > 0 ? (
        <details className="new-address" open={view.addressFormOpen}>
          <summary className="text-button">Use another address</summary>
          <NewAddress view={view} />
        </details>
      ) : (
        <NewAddress view={view} />
      )}
    </section>
  );
}

function NewAddress({ view }: { view: CheckoutView }) {
  return (
    <form method="post" action="/checkout/addresses" className="form new-address">
      <input type="hidden" name="key" value={view.key} />
      <AddressFields form={view.addressForm} />
      <button type="submit" className="button">
        Deliver here
      </button>
    </form>
  );
}
