import type { CartLineView, CartShopView, CartView } from "../buying.ts";
import { Icon } from "../components/icon.tsx";
import { Shipping } from "../components/lines.tsx";
import { Picture } from "../components/picture.tsx";
import { mostInList, QuantityOptions } from "../components/quantity.tsx";
import { UnpaidNotices } from "../components/unpaid.tsx";
import { NoticeBox, Price } from "../components/words.tsx";
import { counted, langOf, plus, priceText } from "../format.ts";

export function Cart({ view }: { view: CartView }) {
  return (
    <div className="wrap buying">
      <h1>Your cart</h1>
      <div className="notices" aria-live="polite">
        {view.notice && <NoticeBox notice={view.notice} />}
        <UnpaidNotices unpaid={view.unpaid} />
        {view.goneCount > 0 && (
          <NoticeBox
            notice={{
              tone: "calm",
              title: `${counted(view.goneCount, "thing is", "things are")} no longer sold`,
              text: `We took ${view.goneCount === 1 ? "it" : "them"} out of your cart.`,
            }}
          />
        )}
      </div>
      {view.shops.length === 0 ? <EmptyCart /> : <FullCart view={view} />}
    </div>
  );
}

function EmptyCart() {
  return (
    <div className="empty">
      <Icon name="shopping-bag" />
      <h2>Nothing in it yet</h2>
      <p className="soft">What you put in stays here for 30 days, also if you are not signed in.</p>
      <a className="button" href="/">
        Look around
      </a>
    </div>
  );
}

function FullCart({ view }: { view: CartView }) {
  return (
    <div className="buying-body">
      <div className="buying-main">
        {view.shops.map((shop) => (
          <ShopGroup key={shop.shop.href} group={shop} />
        ))}
      </div>
      <aside className="buying-side panel" aria-label="Summary">
        <h2>Summary</h2>
        <dl className="sums">
          <div>
            <dt>{counted(view.count, "piece")}</dt>
            <dd>
              <Price price={view.items} />
            </dd>
          </div>
          <div>
            <dt>Shipping{view.shops.length > 1 && `, ${counted(view.shops.length, "parcel")}`}</dt>
            <dd>{view.shipping ? <Shipping price={view.shipping} /> : "known at the checkout"}</dd>
          </div>
          {view.shipping && (
            <div className="sums-total">
              <dt>Total</dt>
              <dd>
                <Price price={plus(view.items, view.shipping)} />
              </dd>
            </div>
          )}
        </dl>
        {view.canCheckOut ? (
          <a className="button wide" href="/checkout">
            Check out
          </a>
        ) : (
          <>
            <p className="problem">
              <Icon name="circle-alert" />
              Some things cannot be had as they stand. Take fewer, or take them out.
            </p>
            <span className="button wide" aria-disabled="true">
              Check out
            </span>
          </>
        )}
        <p className="soft small">
          {view.shops.length > 1
            ? `You pay once. ${view.shops.length} shops send a parcel each.`
            : "Your money waits with us until you have your order."}
        </p>
      </aside>
    </div>
  );
}

function ShopGroup({ group }: { group: CartShopView }) {
  return (
    <section className="shop-group panel">
      <header>
        <h2>
          <a href={group.shop.href}>{group.shop.label}</a>
        </h2>
        <p className="soft">
          {group.shipping &&
            (group.shipping.amount === 0 ? "Ships free" : `${priceText(group.shipping)} shipping`)}
          {group.freeShippingIn && `, free if you add ${priceText(group.freeShippingIn)}`}
        </p>
      </header>
      <ul className="lines">
        {group.lines.map((line) => (
          <Line key={line.sku} line={line} />
        ))}
      </ul>
    </section>
  );
}

function Line({ line }: { line: CartLineView }) {
  const most = Math.max(line.quantity, Math.min(mostInList, line.available));
  const id = `quantity-${line.sku}`;
  return (
    <li className="line cart-line">
      <Picture src={line.image} alt="" />
      <div>
        <a href={line.href} lang={langOf(line.title)}>
          {line.title}
        </a>
        {line.chosen && <p className="soft">{line.chosen}</p>}
        <p className="soft">
          <Price price={line.price} /> each
        </p>
        <LineNews line={line} />
        <div className="line-tools">
          <form method="post" action={`/cart/items/${line.sku}`} data-swap data-send-on-change>
            <label className="unseen" htmlFor={id}>
              Quantity of {line.title}
            </label>
            <select className="select" id={id} name="quantity" defaultValue={line.quantity}>
              <QuantityOptions most={most} />
            </select>
            <noscript>
              <button type="submit" className="text-button">
                Update
              </button>
            </noscript>
          </form>
          <form method="post" action={`/cart/items/${line.sku}/removal`} data-swap>
            <button type="submit" className="text-button">
              Remove<span className="unseen"> {line.title}</span>
            </button>
          </form>
        </div>
      </div>
      <Price price={line.total} />
    </li>
  );
}

function LineNews({ line }: { line: CartLineView }) {
  const { priceBefore, price } = line;
  return (
    <>
      {priceBefore && (
        <p>
          <span className={priceBefore.amount > price.amount ? "tag good" : "tag warn"}>
            {priceBefore.amount > price.amount ? "Now cheaper" : "Price went up"}
          </span>{" "}
          <span className="soft">was {priceText(priceBefore)} when you put it in</span>
        </p>
      )}
      {line.available < line.quantity && (
        <p>
          <span className="tag bad">{line.available > 0 ? `Only ${line.available} left` : "Sold out"}</span>
        </p>
      )}
    </>
  );
}
