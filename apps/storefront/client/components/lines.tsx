import type { Money } from "#kernel/money";
import type { Order, Quote } from "../buying.ts";
import { langOf, optionWords } from "../format.ts";
import { Picture } from "./picture.tsx";
import { Price } from "./words.tsx";

type Line = Order["lines"][number];
export type Amounts = Pick<Order, "items" | "shipping" | "discount" | "tax" | "total">;

export const Shipping = ({ price }: { price: Money }) =>
  price.amount === 0 ? "Free" : <Price price={price} />;

/** Lines of a quote or an order, with what is wrong with a line said under it. */
export function Lines({ lines, short }: { lines: readonly Line[]; short?: Quote["short"] }) {
  return (
    <ul className="lines">
      {lines.map((line) => {
        const left = short?.find(({ sku }) => sku === line.sku)?.available;
        return (
          <li key={line.sku} className="line">
            <Picture src={line.image} alt="" />
            <div>
              <a
                href={`/p/${line.product}/${encodeURIComponent(line.slug)}?sku=${line.sku}`}
                lang={langOf(line.title)}
              >
                {line.title}
              </a>
              {Object.keys(line.options).length > 0 && <p className="soft">{optionWords(line.options)}</p>}
              <p className="soft">
                {line.quantity} × <Price price={line.price} />
              </p>
              {left !== undefined && (
                <span className="tag bad">{left > 0 ? `Only ${left} left` : "Sold out"}</span>
              )}
            </div>
            <Price price={line.total} />
          </li>
        );
      })}
    </ul>
  );
}

/**
 * Items, shipping and the rest, down to the total. Rows of nothing are left out, except shipping, which
 * people look for.
 */
export function Sums(props: Amounts & { name?: string }) {
  const { items, shipping, discount, tax, total, name = "Total" } = props;
  return (
    <dl className="sums">
      <div>
        <dt>Items</dt>
        <dd>
          <Price price={items} />
        </dd>
      </div>
      {discount.amount > 0 && (
        <div>
          <dt>Discount</dt>
          <dd>
            −<Price price={discount} />
          </dd>
        </div>
      )}
      <div>
        <dt>Shipping</dt>
        <dd>
          <Shipping price={shipping} />
        </dd>
      </div>
      {tax.amount > 0 && (
        <div>
          <dt>Tax</dt>
          <dd>
            <Price price={tax} />
          </dd>
        </div>
      )}
      <div className="sums-total">
        <dt>{name}</dt>
        <dd>
          <Price price={total} />
        </dd>
      </div>
    </dl>
  );
}
