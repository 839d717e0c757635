import type { FlagList, Health } from "../api.ts";
import { conditionsOf } from "./conditions.ts";
import { type ConsoleView, withHealth } from "./model.ts";
import { panels } from "./panels.ts";

const everyMs = 2_000;
const drawn = new Map<string, string>();
let view: ConsoleView = JSON.parse(document.getElementById("view")?.textContent ?? "{}");
let timer: ReturnType<typeof setTimeout> | undefined;

/** Draws what differs from what is there; whoever stood on a button stands on it again. */
function draw(): void {
  for (const [name, panel] of Object.entries(panels)) {
    const place = document.querySelector(`[data-panel="${name}"]`);
    const { markup } = panel(view);
    if (!place || drawn.get(name) === markup) continue;
    drawn.set(name, markup);
    const focused = place.contains(document.activeElement) ? document.activeElement?.id : undefined;
    place.innerHTML = markup;
    if (focused) document.getElementById(focused)?.focus();
  }
  drawMap();
}

/** Every card and every road of both maps, the wide one and the narrow one. */
function drawMap(): void {
  const conditions = conditionsOf(view.health);
  for (const card of document.querySelectorAll<SVGElement>(".storey-map .card")) {
    const condition = conditions.get(card.dataset["component"] ?? "");
    if (!condition) continue;
    card.dataset["health"] = condition.health;
    const detail = card.querySelector(".detail");
    const words = card.closest(".narrow") ? condition.brief : condition.detail;
    if (detail && detail.textContent !== words) detail.textContent = words;
  }
  for (const flow of document.querySelectorAll<SVGElement>(".storey-map .flow")) {
    flow.dataset["load"] = String(conditions.get(flow.dataset["flow"] ?? "")?.load ?? 0);
  }
}

/** Asks, draws, and asks again; a page that nobody sees asks nothing. */
async function look(): Promise<void> {
  clearTimeout(timer);
  try {
    const [health, flags] = await Promise.all([
      asked<Health>("/api/v1/operations/health"),
      asked<FlagList>("/api/v1/operations/flags"),
    ]);
    view = withHealth(view, health, flags);
    document.body.dataset["contact"] = "live";
    draw();
  } catch {
    document.body.dataset["contact"] = "lost";
  }
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(() => void look(), everyMs);
}

async function asked<T>(path: string): Promise<T> {
  const answer = await fetch(path, { headers: { accept: "application/json" } });
  // Whoever is signed out, or no operator any more, is told so by the page itself.
  if (answer.status === 401 || answer.status === 403) location.reload();
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as T;
}

/** Sends a form without leaving the page, and shows what became of it at once. */
async function send(form: HTMLFormElement): Promise<void> {
  const isAudit = form.dataset["live"] === "audit";
  if (isAudit && view.auditing) return;
  view = { ...view, auditing: view.auditing || isAudit };
  draw();
  const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => undefined);
  if (isAudit) view = { ...view, auditing: false };
  await look();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset["live"] === undefined) return;
  event.preventDefault();
  void send(form);
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) void look();
});
document.body.dataset["contact"] = "live";
timer = setTimeout(() => void look(), everyMs);
