/**
 * Forms marked `data-swap` (cart) and `data-send-on-change` (filters) are sent without leaving the page: the answer
 * is the page without scripts, and its main part takes the place of the one shown.
 */
export function swapOnSubmit(enliven: () => void): void {
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
    const form = field.form;
    if (!form?.matches("[data-send-on-change]")) return;
    form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-swap], [data-send-on-change]")) return;
    event.preventDefault();
    void send(form, event.submitter).then(enliven);
  });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-close-drawer]")) return;
    // Every change was sent as it was made: what is left is to see what it brought.
    event.preventDefault();
    for (const drawer of drawers()) drawer.open = false;
    document.getElementById("products")?.scrollIntoView();
  });
  window.addEventListener("popstate", () => location.reload());
}

const drawers = () => [...document.querySelectorAll<HTMLDetailsElement>(".filter-drawer")];

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const main = document.getElementById("main");
  const focused = document.activeElement?.id;
  const wasOpen = drawers().some((drawer) => drawer.open);
  main?.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(...requestOf(form, submitter));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.getElementById("main");
    if (!main || !next) throw new Error("the answer is not a page of this shop");
    main.replaceChildren(...next.childNodes);
    takeOver(page, response.url, form);
    // Or one would have to open it again for every filter.
    for (const drawer of drawers()) drawer.open = wasOpen;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  } catch {
    // Whatever went wrong, the browser's own way of sending shows it.
    form.submit();
  } finally {
    main?.removeAttribute("aria-busy");
  }
}

function requestOf(form: HTMLFormElement, submitter: HTMLElement | null): [string, RequestInit] {
  const fields = new URLSearchParams(
    [...new FormData(form, submitter)]
      .map(([name, value]): [string, string] => [name, String(value)])
      .filter(([, value]) => form.method === "post" || value !== ""),
  );
  const headers = { accept: "text/html" };
  return form.method === "post"
    ? [form.action, { method: "POST", headers, body: fields }]
    : [`${form.action.split("?")[0]}?${fields}`, { headers }];
}

function takeOver(page: Document, url: string, form: HTMLFormElement): void {
  document.title = page.title;
  if (form.method === "get") history.pushState(null, "", url);
  const count = page.querySelector<HTMLElement>(".cart-count")?.dataset["count"];
  if (count !== undefined) document.dispatchEvent(new CustomEvent("cart-count", { detail: Number(count) }));
}
