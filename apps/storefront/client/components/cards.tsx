import { langOf, priceText } from "../format.ts";
import type { Card, ShopCard } from "../model.ts";
import { Icon } from "./icon.tsx";
import { Picture } from "./picture.tsx";
import { Price } from "./words.tsx";

/** A grid of products; the first `eager` pictures are in sight at once. */
export function Cards({ items, eager = 0 }: { items: readonly Card[]; eager?: number }) {
  return (
    <ul className="cards">
      {items.map((card, index) => (
        <li key={card.href}>
          <ProductCard card={card} eager={index < eager} />
        </li>
      ))}
    </ul>
  );
}

function ProductCard({ card, eager }: { card: Card; eager: boolean }) {
  return (
    <article className={card.stock === "out" ? "card sold-out" : "card"}>
      <Picture src={card.image} alt="" eager={eager} second={card.image2} instead={card.instead} />
      <StockTag card={card} />
      <h3>
        <a href={card.href} lang={langOf(card.title)}>
          {card.title}
        </a>
      </h3>
      <Price price={card.price} to={card.priceTo} was={card.compareAt} />
      <p className="card-from soft small" lang={langOf(card.shopName || card.brand)}>
        {card.shopName || card.brand}
      </p>
    </article>
  );
}

function StockTag({ card }: { card: Card }) {
  if (card.stock === "out") return <span className="tag card-tag">Sold out</span>;
  if (card.stock === "few") return <span className="tag warn card-tag">Last few</span>;
  return card.compareAt ? <span className="tag good card-tag">Reduced</span> : null;
}

/** What a shop asks for sending something, in one line. */
export function shippingWords({
  shippingFlat,
  freeAbove,
}: Pick<ShopCard, "shippingFlat" | "freeAbove">): string {
  if (shippingFlat.amount === 0) return "Free shipping";
  const flat = `${priceText(shippingFlat)} shipping`;
  return freeAbove ? `${flat}, free from ${priceText(freeAbove)}` : flat;
}

export function ShopCards({ shops }: { shops: readonly ShopCard[] }) {
  return (
    <ul className="shops">
      {shops.map((shop) => (
        <li key={shop.href}>
          <article className="shop-card">
            <span className="shop-letter" aria-hidden="true">
              {[...shop.name][0]}
            </span>
            <h3>
              <a href={shop.href} lang={langOf(shop.name)}>
                {shop.name}
              </a>
            </h3>
            <p className="soft" lang={langOf(shop.description)}>
              {shop.description}
            </p>
            <p className="shop-facts small">
              <span>
                <Icon name="map-pin" /> {shop.region}
              </span>
              <span>
                <Icon name="truck" /> {shippingWords(shop)}
              </span>
            </p>
          </article>
        </li>
      ))}
    </ul>
  );
}
