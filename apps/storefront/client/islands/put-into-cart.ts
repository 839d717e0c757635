import type { Notice } from "../said.ts";

/** Sends the form as it stands, tells the page's head how many are in the cart now, and says how it went. */
export async function putIntoCart(form: HTMLFormElement): Promise<Notice> {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      headers: { accept: "application/json" },
      body: new URLSearchParams(fields),
    });
    const answer = (await response.json()) as { notice: Notice; count?: number };
    if (answer.count !== undefined)
      document.dispatchEvent(new CustomEvent("cart-count", { detail: answer.count }));
    return answer.notice;
  } catch {
    return {
      tone: "bad",
      title: "It did not get through",
      text: "Check your connection, then try again. Nothing was added twice.",
    };
  }
}
