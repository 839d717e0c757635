import { Cards, ShopCards } from "../components/cards.tsx";
import { Icon } from "../components/icon.tsx";
import { Picture } from "../components/picture.tsx";
import type { DepartmentTile, HomeView, Tile } from "../model.ts";

export function Home({ view }: { view: HomeView }) {
  const shown = view.large.filter((card) => card.image !== null);
  return (
    <>
      <section className="wrap hero">
        <div className="hero-words">
          <h1>One roof, many good shops</h1>
          <p className="hero-text">
            Things made and chosen by independent sellers. Put what you like in one cart, pay once, and each
            shop sends its own parcel.
          </p>
          {view.fresh.length > 0 && (
            <p className="hero-actions">
              <a className="button" href="#fresh">
                See what is new
              </a>
              <a className="button quiet" href="#departments">
                All departments
              </a>
            </p>
          )}
        </div>
        {shown.length === 4 && (
          <ul className="hero-pictures">
            {shown.map((card) => (
              <li key={card.href}>
                <a href={card.href}>
                  <Picture src={card.image} alt={card.title} eager />
                </a>
              </li>
            ))}
          </ul>
        )}
      </section>
      <Departments tiles={view.departments} />
      {view.fresh.length > 0 && (
        <section className="wrap band" id="fresh">
          <div className="band-head">
            <h2>Just in</h2>
          </div>
          <Cards items={view.fresh} />
        </section>
      )}
      <Categories tiles={view.tiles} />
      {view.shops.length > 0 && (
        <section className="wrap band">
          <div className="band-head">
            <h2>Shops under this roof</h2>
          </div>
          <ShopCards shops={view.shops} />
        </section>
      )}
      {view.fresh.length === 0 && <NothingYet />}
    </>
  );
}

function Departments({ tiles }: { tiles: readonly DepartmentTile[] }) {
  if (tiles.length === 0) return null;
  return (
    <section className="wrap band" id="departments">
      <div className="band-head">
        <h2>Departments</h2>
      </div>
      <ul className="department-tiles">
        {tiles.map((tile) => (
          <li key={tile.href} className="department">
            <Picture src={tile.image} alt="" />
            <h3>
              <a href={tile.href}>{tile.name}</a>
            </h3>
            <p className="soft">
              {tile.below.map((link, index) => (
                <span key={link.href}>
                  {index > 0 && ", "}
                  {link.label}
                </span>
              ))}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Categories({ tiles }: { tiles: readonly Tile[] }) {
  if (tiles.length === 0) return null;
  return (
    <section className="band sunken">
      <div className="wrap">
        <div className="band-head">
          <h2>Find your way by category</h2>
        </div>
        <ul className="category-tiles">
          {tiles.map((tile) => (
            <li key={tile.href}>
              <a href={tile.href}>
                <Picture src={tile.image} alt="" />
                <span>
                  {tile.name}
                  <span className="soft" lang="zh">
                    {tile.nameZh}
                  </span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function NothingYet() {
  return (
    <div className="wrap">
      <div className="empty">
        <Icon name="store" />
        <h2>The shelves are still empty</h2>
        <p className="soft">No shop has put anything on sale yet. Come back soon.</p>
      </div>
    </div>
  );
}
