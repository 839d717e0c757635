import { Fault } from "#kernel/refusal";
import type { ErrorView, Frame, Page } from "../client/model.ts";

/** Around a page for which nothing was asked: not who reads it, and not what their cart holds. */
export const bareFrame: Frame = {
  departments: [],
  signedInAs: undefined,
  cartCount: undefined,
  here: "/",
};

/** A page that says what went wrong and where to go from there. */
export const errorPage = (view: Omit<ErrorView, "trace"> & { trace?: string }): Page => ({
  name: "error",
  title: view.heading,
  isPrivate: true,
  view: { trace: null, ...view },
});

/** The status of what a request died of: 503 where nothing was done and another try is all it needs. */
export function statusOf(error: unknown): number {
  if (error instanceof Fault) return error.safeToRetry ? 503 : 500;
  const status =
    typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : 500;
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}

/** What people are told of a status that is nobody's refusal. */
export function errorPageOf(status: number, trace: string): Page {
  const home = { href: "/", label: "Go to the front page" };
  if (status === 503)
    return errorPage({
      heading: "The shop is very busy",
      text: "Nothing is lost. Wait a few seconds, then load the page again.",
      links: [home],
    });
  if (status >= 400 && status < 500)
    return errorPage({
      heading: "That request made no sense to us",
      text: "Go back, load the page again and try once more.",
      links: [home],
    });
  return errorPage({
    heading: "Something broke on our side",
    text: "It is not your doing. Load the page again; if you were paying, look at your orders first.",
    links: [home, { href: "/orders", label: "Look at your orders" }],
    trace,
  });
}

/** A refusal that leaves nothing to correct on the page it came from. */
export const refusalPage = (heading: string, text: string, links: ErrorView["links"]) => ({
  status: 409,
  page: errorPage({ heading, text, links }),
});
