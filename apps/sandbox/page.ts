import { type Html, html } from "#platform/http/html";
import type { Bill, Charge } from "./charge.ts";

/** Where the pages and what they need are served. */
export const root = "/sandbox";

/** What a buyer may choose, in the order shown; the first is what almost everybody wants. */
export const choices = {
  pay: ["Pay", "The shop is told within a second"],
  decline: ["Decline", "As if the bank had said no"],
  late: ["Pay, but tell the shop late", "The shop is told half a minute after you are back"],
  twice: ["Pay and tell twice", "The shop is told two times of one payment"],
} as const;
export type Choice = keyof typeof choices;

/** Whether a text from a form is one of the choices. */
export const isChoice = (text: string | null): text is Choice =>
  text !== null && Object.hasOwn(choices, text);

/**
 * The page on which a buyer pays or declines; `signature` is the shop's, and is sent back with the choice.
 */
export function payPage(bill: Bill, signature: string, charge: Charge | undefined): string {
  if (charge?.state === "captured") return paidPage(bill);
  const declined = html`<p class="note">It was declined before. You may still pay.</p>`;
  return document(
    `Pay ${priceOf(bill)}`,
    html`
      <h1><span class="what">You pay</span> <span class="sum">${priceOf(bill)}</span></h1>
      <dl><dt>Reference</dt><dd>${bill.reference}</dd></dl>
      ${charge ? declined : ""}
      <form method="post" action="${root}/pay">
        ${hidden({ ...bill, amount: String(bill.amount), return: bill.back, signature })}
        ${Object.entries(choices).map(
          ([choice, [label, hint]]) => html`
            <button name="choice" value="${choice}" class="${choice === "pay" ? "main" : "other"}">
              <span class="label">${label}</span> <span class="hint">${hint}</span>
            </button>`,
        )}
      </form>
      <a class="leave" href="${bill.back}">Back to the shop without paying</a>`,
  );
}

const paidPage = (bill: Bill) =>
  document(
    "Paid already",
    html`
      <h1><span class="what">Paid already</span> <span class="sum">${priceOf(bill)}</span></h1>
      <dl><dt>Reference</dt><dd>${bill.reference}</dd></dl>
      <p><a class="back" href="${bill.back}">Back to the shop</a></p>`,
  );

/** What a buyer sees whose link the shop did not sign, or somebody has changed. */
export const badLinkPage = (): string =>
  document(
    "This link does not work",
    html`
      <h1>This link does not work</h1>
      <p>It is not complete, or it was changed on the way. Nothing was charged.</p>
      <p>Go back to the shop and choose to pay again.</p>`,
  );

function hidden({ reference, amount, currency, return: back, signature }: Record<string, string>): Html[] {
  const fields = { reference, amount, currency, return: back, signature };
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value ?? ""}">`,
  );
}

/** An amount as people write it: the currency says how many digits follow the point. */
function priceOf({ amount, currency }: Pick<Bill, "amount" | "currency">): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

const document = (title: string, main: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>${title} – Sandbox payments</title>
  <link rel="icon" href="${root}/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="${root}/style.css">
</head>
<body>
  <header>
    <p class="brand">Sandbox payments</p>
    <p class="warning">A sandbox: no real money moves.</p>
  </header>
  <main>${main}</main>
  <footer><p>A payment provider for trying things out. It asks for no card and keeps nothing about you.</p></footer>
</body>
</html>
`.markup;
