import { StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import type { ProductChoiceView } from "../model.ts";
import { ProductChoice } from "./product-choice.tsx";

/** Brings a product's choice to life from the state that was sent beside its markup. */
export function hydrate(island: HTMLElement): void {
  const [container, state] = island.children;
  if (!container || !state?.textContent) return;
  const view = JSON.parse(state.textContent) as ProductChoiceView;
  hydrateRoot(
    container,
    <StrictMode>
      <ProductChoice view={view} />
    </StrictMode>,
  );
}
