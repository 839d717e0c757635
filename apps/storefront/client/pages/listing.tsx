import { Cards, shippingWords } from "../components/cards.tsx";
import { Chips, Filters } from "../components/filters.tsx";
import { Icon } from "../components/icon.tsx";
import { Trail } from "../components/words.tsx";
import { counted, langOf } from "../format.ts";
import type { ListingView, ShopCard } from "../model.ts";

/** Category, search and shop: products, and ways to narrow them. */
export function Listing({ view }: { view: ListingView }) {
  const canFilter = view.items.length > 0 || view.chips.length > 0;
  return (
    <div className="wrap listing">
      <Trail links={view.trail} />
      <header className="listing-head">
        {view.shop ? <ShopHead shop={view.shop} /> : <Heading view={view} />}
        {view.intro && <p className="soft">{view.intro}</p>}
        {view.corrected && <Corrected view={view} />}
      </header>
      <div className={canFilter ? "listing-body" : undefined}>
        {canFilter && <Filters view={view} />}
        <section aria-label="Products" className="listing-results" id="products">
          <Chips view={view} />
          {view.items.length > 0 ? <Results view={view} /> : <Nothing view={view} />}
        </section>
      </div>
    </div>
  );
}

/** What was searched for in place of what was typed, and what of that was left out. */
function Corrected({ view: { corrected, dropped = [] } }: { view: ListingView }) {
  return (
    <p>
      {dropped.length > 0 ? "Nothing has all of these words. " : "Nothing matches what you typed. "}
      Shown are results for <strong>{corrected}</strong>
      {dropped.length > 0 && (
        <>
          , without <strong>{dropped.join(", ")}</strong>
        </>
      )}
      .
    </p>
  );
}

function Heading({ view }: { view: ListingView }) {
  return (
    <h1>
      {view.headingBefore && <span className="heading-before">{view.headingBefore} </span>}
      {view.heading}
      {view.headingZh && (
        <span className="heading-zh" lang="zh">
          {view.headingZh}
        </span>
      )}
    </h1>
  );
}

function ShopHead({ shop }: { shop: ShopCard }) {
  return (
    <div className="shop-head">
      <span className="shop-letter" aria-hidden="true">
        {[...shop.name][0]}
      </span>
      <div>
        <h1 lang={langOf(shop.name)}>{shop.name}</h1>
        <p lang={langOf(shop.description)}>{shop.description}</p>
        <p className="shop-facts soft">
          <span>
            <Icon name="map-pin" /> Ships from {shop.region}
          </span>
          <span>
            <Icon name="truck" /> {shippingWords(shop)}
          </span>
        </p>
      </div>
    </div>
  );
}

function Results({ view }: { view: ListingView }) {
  return (
    <>
      <p className="soft listing-count" role="status">
        {countWords(view)}
      </p>
      <Cards items={view.items} eager={4} />
      {(view.firstHref || view.nextHref) && (
        <nav className="pages" aria-label="Pages">
          {view.firstHref && (
            <a className="button quiet" href={view.firstHref}>
              Back to the first page
            </a>
          )}
          {view.nextHref && (
            <a className="button" href={view.nextHref} rel="next">
              Next page <Icon name="arrow-right" />
            </a>
          )}
        </nav>
      )}
    </>
  );
}

/** "24 things", or of more than a page which of them these are. */
function countWords({ before, items, total, isAbout, nextHref }: ListingView): string {
  const all = total >= 10_000 ? "more than 10,000 things" : counted(total, "thing");
  if (before === 0 && !nextHref) return all;
  const number = (count: number) => count.toLocaleString("en-US");
  const shown = `${number(before + 1)}–${number(before + items.length)}`;
  return `${shown} of ${isAbout && total < 10_000 ? "about " : ""}${all}`;
}

function Nothing({ view }: { view: ListingView }) {
  const filtered = view.chips.length > 0;
  return (
    <div className="empty">
      <Icon name="search" />
      <h2>{filtered ? "Nothing fits all of these" : "Nothing found"}</h2>
      <p className="soft">
        {filtered
          ? "Take a filter away, or start over with none."
          : "Check the spelling, try fewer or plainer words, or look around in a department."}
      </p>
      <p className="empty-links">
        {filtered && (
          <a className="button" href={view.clearHref}>
            Remove all filters
          </a>
        )}
        {!filtered &&
          view.instead.map((link) => (
            <a key={link.href} className="button quiet compact" href={link.href}>
              {link.label}
            </a>
          ))}
      </p>
    </div>
  );
}
