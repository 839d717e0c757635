import { priceText } from "../format.ts";
import type { Choice, ProductChoiceView } from "../model.ts";
import { canBuy, nearest } from "./choose.ts";

/**
 * One radio group an option; an option whose values look different shows them as pictures, one whose values cost
 * different amounts the price of each.
 */
export function Options(props: {
  view: ProductChoiceView;
  choice: Choice | undefined;
  onChoose(name: string, value: string): void;
}) {
  const { view, choice } = props;
  return view.options.map(({ name, values }) => {
    const inPictures =
      new Set(values.map((value) => value.image)).size === values.length && values.length > 1;
    const prices = values.map(({ value }) => nearest(view.choices, choice, name, value)?.price);
    const isPriced = new Set(prices.map((price) => price?.amount)).size > 1;
    return (
      <fieldset key={name} className="option">
        <legend>
          {name}: <span className="option-chosen">{choice?.options[name]}</span>
        </legend>
        <div className="option-values">
          {values.map(({ value, image }, index) => {
            const price = isPriced ? prices[index] : undefined;
            const url = inPictures && image !== null ? view.images[image]?.url : undefined;
            const possible = canBuy(view, choice, name, value);
            return (
              <label
                key={value}
                className={`option-value${url ? " pictured" : ""}${possible ? "" : " impossible"}`}
              >
                <input
                  type="radio"
                  name={`option.${name}`}
                  value={value}
                  checked={choice?.options[name] === value}
                  onChange={() => props.onChoose(name, value)}
                />
                {url && <img src={url} alt="" width="56" height="56" loading="lazy" />}
                <span className="option-word">{value}</span>
                {price && <span className="option-price">{priceText(price)}</span>}
                {!possible && <span className="unseen">, sold out</span>}
              </label>
            );
          })}
        </div>
      </fieldset>
    );
  });
}
