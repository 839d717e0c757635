import { Cards } from "../components/cards.tsx";
import { Island } from "../components/island.tsx";
import { Trail } from "../components/words.tsx";
import { langOf } from "../format.ts";
import { ProductChoice } from "../islands/product-choice.tsx";
import type { ProductView } from "../model.ts";

export function Product({ view }: { view: ProductView }) {
  return (
    <>
      <div className="wrap">
        <Trail links={view.trail} />
        <Island name="product-choice" component={ProductChoice} view={view.choice} />
        <div className="product-more">
          {view.descriptionHtml && (
            <section>
              <h2>About it</h2>
              <div lang={langOf(view.descriptionHtml)}>
                {/* biome-ignore lint/security/noDangerouslySetInnerHtml: catalog sanitises it before it is stored */}
                <div className="prose" dangerouslySetInnerHTML={{ __html: view.descriptionHtml }} />
              </div>
            </section>
          )}
          {view.attributes.length > 0 && (
            <section>
              <h2>Details</h2>
              <dl className="facts">
                {view.attributes.map(({ name, values }) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{values.join(", ")}</dd>
                  </div>
                ))}
              </dl>
            </section>
          )}
        </div>
      </div>
      {view.alike.length > 0 && (
        <section className="band sunken">
          <div className="wrap">
            <div className="band-head">
              <h2>More like this</h2>
              <a href={view.alikeHref}>See all</a>
            </div>
            <Cards items={view.alike} />
          </div>
        </section>
      )}
    </>
  );
}
