import type { ReactNode } from "react";
import type { Assets, Frame, Page } from "../model.ts";
import { Icon } from "./icon.tsx";

/** The document around a page. Scripts and styles are files, because the policy allows nothing inline. */
export function Document(props: { assets: Assets; frame: Frame; page: Page; children: ReactNode }) {
  const { assets, frame, page, children } = props;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{page.name === "home" ? page.title : `${page.title} · Storey`}</title>
        {page.description && <meta name="description" content={page.description} />}
        {page.isPrivate && <meta name="robots" content="noindex" />}
        {page.refresh && (
          <meta httpEquiv="refresh" content={`${page.refresh.seconds};url=${page.refresh.to}`} />
        )}
        <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#201e1b" media="(prefers-color-scheme: dark)" />
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        {assets.styles.map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
        {page.name === "product" &&
          assets.islands.product.map((href) => <link key={href} rel="modulepreload" href={href} />)}
        <script type="module" src={assets.script} />
      </head>
      <body>
        <a className="skip" href="#main">
          Skip to the content
        </a>
        <Head frame={frame} query={page.query ?? ""} />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <Foot frame={frame} />
      </body>
    </html>
  );
}

function Logo() {
  return (
    <a className="logo" href="/">
      <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
        <path d="M2 17h20v5H2zM2 9.5h15v5H2zM2 2h10v5H2z" />
      </svg>
      Storey
    </a>
  );
}

function Head({ frame, query }: { frame: Frame; query: string }) {
  return (
    <>
      <header className="head">
        <div className="wrap head-row">
          <Logo />
          <search className="find">
            <form action="/search" className="find-form" data-suggest>
              <label className="unseen" htmlFor="find">
                Search the shop
              </label>
              <input
                className="input"
                id="find"
                name="q"
                type="search"
                defaultValue={query}
                maxLength={200}
                placeholder="Search lamps, linen, 茶 …"
                autoComplete="off"
                required
              />
              <button type="submit" aria-label="Search">
                <Icon name="search" />
              </button>
            </form>
          </search>
          <nav className="tools" aria-label="Yours">
            <Tools frame={frame} />
          </nav>
        </div>
      </header>
      <Departments frame={frame} />
    </>
  );
}

function Tools({ frame }: { frame: Frame }) {
  const signIn = frame.here === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(frame.here)}`;
  return (
    <>
      {frame.signedInAs === null ? (
        <a className="tool" href={signIn}>
          <Icon name="user" />
          <span className="tool-word">Sign in</span>
        </a>
      ) : (
        <>
          <a className="tool" href="/orders">
            <Icon name="package" />
            <span className="tool-word">Orders</span>
          </a>
          <a className="tool" href="/account">
            <Icon name="user" />
            <span className="tool-word tool-name">{frame.signedInAs ?? "Account"}</span>
            {frame.signedInAs !== undefined && <span className="unseen">, your account</span>}
          </a>
        </>
      )}
      <a className="tool" href="/cart">
        <Icon name="shopping-bag" />
        <span className="tool-word">Cart</span>
        <span className="cart-count" data-count={frame.cartCount ?? 0} aria-hidden="true">
          {cartFigure(frame.cartCount ?? 0)}
        </span>
        <span className="unseen" data-cart-words>
          {frame.cartCount === undefined ? "" : cartWords(frame.cartCount)}
        </span>
      </a>
    </>
  );
}

const cartFigure = (count: number) => (count > 99 ? "99+" : count);

/** What a screen reader adds to "Cart"; the script says the same when the number changes. */
const cartWords = (count: number) => (count === 0 ? ", empty" : `, ${count} in it`);

function Departments({ frame }: { frame: Frame }) {
  if (frame.departments.length === 0) return null;
  const links = frame.departments.map(({ href, label }) => (
    <li key={href}>
      <a href={href} aria-current={frame.here.split("?")[0] === href ? true : undefined}>
        {label}
      </a>
    </li>
  ));
  return (
    <nav className="departments" aria-label="Departments">
      <div className="wrap">
        <details>
          <summary>
            <Icon name="menu" /> All departments <Icon name="chevron-down" />
          </summary>
          <ul>{links}</ul>
        </details>
        <ul className="departments-wide">{links}</ul>
      </div>
    </nav>
  );
}

function Foot({ frame }: { frame: Frame }) {
  return (
    <footer className="foot">
      <div className="wrap foot-row">
        <div>
          <Logo />
          <p className="soft">
            Many independent shops under one roof. Your money waits with us until your order arrives.
          </p>
        </div>
        <nav className="foot-links" aria-label="More">
          <a href="/">Front page</a>
          <a href="/cart">Cart</a>
          {frame.signedInAs === null ? (
            <>
              <a href="/sign-in">Sign in</a>
              <a href="/register">Create an account</a>
            </>
          ) : (
            <>
              <a href="/orders">Orders</a>
              <a href="/account">Account</a>
              {frame.signedInAs !== undefined && (
                <form method="post" action="/sign-out">
                  <button type="submit" className="text-button">
                    Sign out
                  </button>
                </form>
              )}
            </>
          )}
        </nav>
      </div>
    </footer>
  );
}
