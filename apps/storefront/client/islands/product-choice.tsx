import { type FormEvent, useState } from "react";
import { shippingWords } from "../components/cards.tsx";
import { Icon } from "../components/icon.tsx";
import { mostInList, QuantityOptions } from "../components/quantity.tsx";
import { NoticeBox, Price } from "../components/words.tsx";
import { langOf } from "../format.ts";
import type { Choice, ProductChoiceView } from "../model.ts";
import type { Notice } from "../said.ts";
import { nearest, pictureOf } from "./choose.ts";
import { Gallery } from "./gallery.tsx";
import { Options } from "./options.tsx";
import { putIntoCart } from "./put-into-cart.ts";

/**
 * The part of a product's page that follows the choice: pictures, price, stock. Without scripts it is a form that
 * asks the server for the same page with another choice.
 */
export function ProductChoice({ view }: { view: ProductChoiceView }) {
  const [choice, setChoice] = useState(() => view.choices.find((one) => one.sku === view.chosen));
  const [picture, setPicture] = useState(() => pictureOf(view, choice));
  const [notice, setNotice] = useState<Notice | null>(view.notice);
  const [busy, setBusy] = useState(false);

  function choose(name: string, value: string) {
    const next = nearest(view.choices, choice, name, value);
    if (!next) return;
    setChoice(next);
    setPicture(pictureOf(view, next, picture));
    setNotice(null);
    history.replaceState(null, "", `${view.path}?sku=${next.sku}`);
  }

  async function add(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    setNotice(await putIntoCart(form));
    setBusy(false);
  }

  return (
    <div className="product">
      <Gallery images={view.images} shown={picture} instead={view.instead} onShow={setPicture} />
      <div className="product-panel">
        <div>
          {view.brand && <p className="soft">{view.brand}</p>}
          <h1 lang={langOf(view.title)}>{view.title}</h1>
        </div>
        <div aria-live="polite" className="product-price">
          {choice && <Price price={choice.price} was={choice.compareAt} large />}
          <StockWords choice={choice} />
        </div>
        <form method="post" action="/cart/items" className="form" onSubmit={add}>
          <input type="hidden" name="product" value={view.product} />
          <input type="hidden" name="sku" value={view.options.length === 0 ? view.chosen : ""} />
          <Options view={view} choice={choice} onChoose={choose} />
          <AddToCart
            choice={choice}
            quantity={view.quantity}
            busy={busy}
            hasOptions={view.options.length > 0}
            path={view.path}
          />
        </form>
        <div aria-live="polite">{notice && <NoticeBox notice={notice} />}</div>
        <ShopBox view={view} />
      </div>
    </div>
  );
}

function StockWords({ choice }: { choice: Choice | undefined }) {
  if (!choice) return <span className="tag bad">Not made like this</span>;
  if (choice.available <= 0) return <span className="tag bad">Sold out</span>;
  if (choice.available <= 5) return <span className="tag warn">Only {choice.available} left</span>;
  return (
    <span className="tag good">
      <Icon name="check" /> In stock
    </span>
  );
}

function AddToCart(props: {
  choice: Choice | undefined;
  quantity: number;
  busy: boolean;
  hasOptions: boolean;
  path: string;
}) {
  const { choice, busy } = props;
  const canBuy = choice !== undefined && choice.available > 0;
  const most = Math.max(1, Math.min(mostInList, choice?.available ?? 1));
  return (
    <div className="add">
      <div className="field">
        <label htmlFor="quantity">Quantity</label>
        <select
          className="select"
          id="quantity"
          name="quantity"
          defaultValue={Math.min(props.quantity, most)}
          key={most}
        >
          <QuantityOptions most={most} />
        </select>
      </div>
      {/* Without scripts another choice may be picked and sent at once, so the server has the last word. */}
      <button
        type="submit"
        className="button"
        aria-disabled={!canBuy || busy}
        disabled={!canBuy && !props.hasOptions}
      >
        <Icon name="shopping-bag" />
        {canBuy ? "Add to cart" : "Sold out"}
      </button>
      {props.hasOptions && (
        <noscript>
          <button type="submit" className="button quiet wide" formMethod="get" formAction={props.path}>
            Show price and stock of this choice
          </button>
        </noscript>
      )}
    </div>
  );
}

function ShopBox({ view }: { view: ProductChoiceView }) {
  return (
    <div className="shop-box">
      <p>
        <Icon name="store" />
        <span>
          Sold by <a href={view.shop.href}>{view.shop.name}</a>
        </span>
      </p>
      <p>
        <Icon name="truck" />
        <span>
          {shippingWords(view.shop)}
          <br />
          <span className="soft">Sent from {view.shop.region}</span>
        </span>
      </p>
      <p>
        <Icon name="rotate-ccw" />
        <span>
          Full refund any time before it is sent
          <br />
          <span className="soft">Once sent, the shop decides. It is paid when you have your parcel.</span>
        </span>
      </p>
    </div>
  );
}
