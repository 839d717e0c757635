import { counted } from "../format.ts";
import type { Facet, FacetValue, ListingView } from "../model.ts";
import { Icon } from "./icon.tsx";

/** A group longer than this shows the rest on demand. */
const SHOWN_AT_FIRST = 6;

/** The filter form. It is an ordinary GET form; with scripts every change sends it. */
export function Filters({ view }: { view: ListingView }) {
  return (
    <aside className="filters" aria-label="Filter and sort">
      <form action={view.action} data-send-on-change>
        {view.carried.map(({ name, value }) => (
          <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
        ))}
        <div className="field sort">
          <label htmlFor="sort">Sort by</label>
          <select
            className="select"
            id="sort"
            name="sort"
            defaultValue={view.sorts.find((s) => s.chosen)?.value}
          >
            {view.sorts.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <details className="filter-drawer">
          <summary className="button quiet">
            <Icon name="sliders-horizontal" />
            Filter{view.chips.length > 0 && ` (${view.chips.length})`}
          </summary>
          <div className="filter-groups">
            <Narrower view={view} />
            <Prices ranges={view.priceRanges} />
            {view.facets.map((facet, index) => (
              <Group key={facet.name} facet={facet} open={index < 3} />
            ))}
            <button type="submit" className="button wide filter-done" data-close-drawer>
              <span className="without-scripts">Apply</span>
              <span className="with-scripts">Show {counted(view.total, "thing")}</span>
            </button>
          </div>
        </details>
        <noscript>
          <button type="submit" className="button wide">
            Apply
          </button>
        </noscript>
      </form>
    </aside>
  );
}

function Narrower({ view }: { view: ListingView }) {
  if (view.narrower.length === 0) return null;
  return (
    <nav className="filter-group" aria-label="Categories">
      <p className="filter-name">Category</p>
      <ul>
        {view.narrower.map(({ href, label, count, current }) => (
          <li key={href}>
            <a href={href} className="filter-link" aria-current={current ? "page" : undefined}>
              {label} {count !== null && <span className="soft">{count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Prices({ ranges }: { ranges: readonly FacetValue[] }) {
  if (ranges.length === 0) return null;
  return (
    <fieldset className="filter-group">
      <legend className="filter-name">Price</legend>
      <Ticks type="radio" param="price" values={[...ranges]} />
    </fieldset>
  );
}

function Group({ facet, open }: { facet: Facet; open: boolean }) {
  const chosen = facet.values.some((value) => value.chosen);
  const first = facet.values.filter((value, index) => index < SHOWN_AT_FIRST || value.chosen);
  const rest = facet.values.filter((value) => !first.includes(value));
  return (
    <details className="filter-group" open={open || chosen}>
      <summary className="filter-name">
        {facet.name} <Icon name="chevron-down" />
      </summary>
      <fieldset>
        <legend className="unseen">{facet.name}</legend>
        <Ticks type="checkbox" param={facet.param} values={first} />
        {rest.length > 0 && (
          <details className="filter-rest">
            <summary className="text-button">{rest.length} more</summary>
            <Ticks type="checkbox" param={facet.param} values={rest} />
          </details>
        )}
      </fieldset>
    </details>
  );
}

function Ticks(props: { type: "checkbox" | "radio"; param: string; values: readonly FacetValue[] }) {
  return (
    <ul>
      {props.values.map(({ value, label, count, chosen }) => (
        <li key={value}>
          <label className="tick">
            <input
              // By it the keyboard finds its place again when the page's main part has been replaced.
              id={`${props.param}-${encodeURIComponent(value)}`}
              type={props.type}
              name={props.param}
              value={value}
              defaultChecked={chosen}
            />
            <span>{label}</span>
            {count !== null && <span className="soft">{count}</span>}
          </label>
        </li>
      ))}
    </ul>
  );
}

/** What is filtered by, each to be taken away by itself. */
export function Chips({ view }: { view: ListingView }) {
  if (view.chips.length === 0) return null;
  return (
    <ul className="chips" aria-label="Filters in use">
      {view.chips.map((chip) => (
        <li key={chip.href}>
          <a className="chip" href={chip.href}>
            <span className="unseen">Remove </span>
            {chip.label}
            <Icon name="x" />
          </a>
        </li>
      ))}
      <li>
        <a className="text-button" href={view.clearHref}>
          Remove all
        </a>
      </li>
    </ul>
  );
}
