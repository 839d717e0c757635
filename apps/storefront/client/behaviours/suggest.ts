interface Suggestion {
  readonly text: string;
  /** What it is, if it is no product. */
  readonly kind?: string;
  readonly href: string;
}

/** Waits this long after a key before it asks. */
const PAUSE_MS = 120;

/** Makes the search field a combobox: suggestions below it, picked by pointer or arrow keys. */
export function suggest(): void {
  const form = document.querySelector<HTMLFormElement>("[data-suggest]");
  const input = form?.querySelector("input");
  if (!form || !input) return;
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  form.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  }))
    input.setAttribute(name, value);
  listen(input, list);
}

function listen(input: HTMLInputElement, list: HTMLUListElement): void {
  let shown: readonly Suggestion[] = [];
  let active = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = "";

  const show = (suggestions: readonly Suggestion[], chosen: number) => {
    shown = suggestions;
    active = chosen;
    list.replaceChildren(...suggestions.map((one, index) => itemOf(one, index, index === chosen)));
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (chosen < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `suggestion-${chosen}`);
  };
  const hide = () => show([], -1);

  input.addEventListener("input", () => {
    clearTimeout(timer);
    asked = input.value.trim();
    if (asked === "") return hide();
    timer = setTimeout(async () => {
      const wanted = asked;
      const found = await suggestionsFor(wanted);
      if (wanted === asked && document.activeElement === input) show(found, -1);
    }, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hide();
    if (shown.length === 0) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const places = shown.length + 1;
      show(shown, ((active + 1 + step + places) % places) - 1);
    }
    const picked = shown[active];
    if (event.key === "Enter" && picked) {
      event.preventDefault();
      location.assign(picked.href);
    }
  });
  input.addEventListener("blur", () => setTimeout(hide, 150));
  list.addEventListener("pointerdown", (event) => {
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    const picked = shown[Number(item?.dataset["index"])];
    if (picked) location.assign(picked.href);
  });
}

function itemOf(suggestion: Suggestion, index: number, selected: boolean): HTMLLIElement {
  const item = document.createElement("li");
  item.id = `suggestion-${index}`;
  item.dataset["index"] = String(index);
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(selected));
  item.textContent = suggestion.text;
  if (suggestion.kind) {
    const kind = document.createElement("span");
    kind.className = "soft";
    kind.textContent = suggestion.kind;
    item.append(" ", kind);
  }
  return item;
}

async function suggestionsFor(text: string): Promise<readonly Suggestion[]> {
  try {
    const response = await fetch(`/search/suggestions?q=${encodeURIComponent(text)}`);
    return response.ok ? ((await response.json()) as { items: Suggestion[] }).items : [];
  } catch {
    return [];
  }
}
