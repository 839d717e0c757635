import { renderToStaticMarkup } from "react-dom/server";
import { Document } from "./components/frame.tsx";
import type { Page, Render } from "./model.ts";
import { Account } from "./pages/account.tsx";
import { Cart } from "./pages/cart.tsx";
import { Checkout } from "./pages/checkout.tsx";
import { ErrorPage } from "./pages/error.tsx";
import { Home } from "./pages/home.tsx";
import { Listing } from "./pages/listing.tsx";
import { OrderPage } from "./pages/order.tsx";
import { Orders } from "./pages/orders.tsx";
import { PayReturn } from "./pages/pay-return.tsx";
import { Product } from "./pages/product.tsx";
import { Register } from "./pages/register.tsx";
import { SignIn } from "./pages/sign-in.tsx";

/** Draws a page as a whole document. The server imports this, built, and nothing else of React. */
export const render: Render = (assets, frame, page) =>
  `<!doctype html>${renderToStaticMarkup(
    <Document assets={assets} frame={frame} page={page}>
      <Body page={page} />
    </Document>,
  )}`;

function Body({ page }: { page: Page }) {
  switch (page.name) {
    case "home":
      return <Home view={page.view} />;
    case "listing":
      return <Listing view={page.view} />;
    case "product":
      return <Product view={page.view} />;
    case "cart":
      return <Cart view={page.view} />;
    case "checkout":
      return <Checkout view={page.view} />;
    case "pay-return":
      return <PayReturn view={page.view} />;
    case "orders":
      return <Orders view={page.view} />;
    case "order":
      return <OrderPage view={page.view} />;
    case "sign-in":
      return <SignIn view={page.view} />;
    case "register":
      return <Register view={page.view} />;
    case "account":
      return <Account view={page.view} />;
    case "error":
      return <ErrorPage view={page.view} />;
  }
}
