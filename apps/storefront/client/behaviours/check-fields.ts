type Field = HTMLInputElement | HTMLSelectElement;

/** Says what is wrong with a field beside it and in the shop's words, as the server does, instead of in a bubble. */
export function checkFields(): void {
  document.addEventListener(
    "invalid",
    (event) => {
      const field = fieldOf(event.target);
      if (!field) return;
      event.preventDefault();
      say(field, field.dataset["ask"] ?? "");
      const fields = [...(field.form?.elements ?? [])].map(fieldOf);
      if (fields.find((one) => one && !one.validity.valid) === field) field.focus();
    },
    true,
  );
  document.addEventListener("input", (event) => {
    const field = fieldOf(event.target);
    if (field?.ariaInvalid && field.validity.valid) say(field, "");
  });
  document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}

function fieldOf(target: EventTarget | null): Field | undefined {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  return isField && target.dataset["ask"] !== undefined ? target : undefined;
}

/** With no words the field is right again. */
function say(field: Field, words: string): void {
  const place = document.getElementById(`${field.id}-problem`);
  const text = place?.querySelector("span");
  if (!place || !text) return;
  text.textContent = words;
  place.hidden = words === "";
  if (words === "") field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
}
