import { type Html, html } from "#platform/http/html";
import type { ConsoleView } from "../browser/model.ts";
import { panels } from "../browser/panels.ts";
import { mapAt } from "./map.ts";

/** Where the page finds what it is made of. */
export interface Parts {
  readonly styleUrl: string;
  readonly scriptUrl: string;
  readonly iconUrl: string;
  readonly maps: { readonly wide: string; readonly narrow: string };
}

/** The console as it is now: whole without scripts; with them every panel is drawn anew as it changes. */
export function consolePage(view: ConsoleView, operator: string, parts: Parts): string {
  const { instance, stage, stageName, process } = view.topology;
  const panel = (name: keyof typeof panels, heading: string, more = "") => html`
    <section class="card-box ${more}" aria-labelledby="${name}-heading">
      <h2 id="${name}-heading">${heading}</h2><div data-panel="${name}">${drawn(name, view)}</div>
    </section>`;
  const map = (width: keyof Parts["maps"]): Html => ({ markup: mapAt(parts.maps[width], view.health) });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${instance}: console</title>
<link rel="icon" href="${parts.iconUrl}" type="image/svg+xml">
<link rel="stylesheet" href="${parts.styleUrl}">
<script type="module" src="${parts.scriptUrl}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="head">
  <p class="brand"><a href="/" aria-label="Storey, the shop"><svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="M2 17h20v5H2zM2 9.5h15v5H2zM2 2h10v5H2z"/></svg> Storey</a></p>
  <h1>${instance} <span class="soft">stage ${String(stage)}, ${stageName.replaceAll("-", " ")}</span></h1>
  <p class="state" data-panel="state" aria-live="polite">${drawn("state", view)}</p>
  <p class="contact soft"><span class="live">live</span><span class="lost">no answer since a moment: trying again</span><span class="still">as of ${view.health.at.slice(11, 19)} UTC; reload to look again</span></p>
  <p class="who soft">${operator}, through ${process}</p>
</header>
<main id="main" tabindex="-1">
  ${panel("figures", "What the shop does", "plain figures")}
  <section class="map" aria-label="Where everything runs">
    <div class="map-wide">${map("wide")}</div><div class="map-narrow">${map("narrow")}</div>
  </section>
  <div class="side">
    ${panel("alerts", "Alerts")}
    ${panel("audit", "Invariants")}
    ${panel("flags", "Flags")}
  </div>
  <div class="below">
    ${panel("components", "Components")}
    ${panel("errors", "Errors")}
  </div>
</main>
<script type="application/json" id="view">${json(view)}</script>
</body>
</html>
`.markup;
}

const drawn = (name: keyof typeof panels, view: ConsoleView): Html => panels[name]?.(view) ?? html``;

/** No "<" within: nothing in it can end the element it stands in. */
const json = (value: object): Html => ({ markup: JSON.stringify(value).replaceAll("<", "\\u003c") });
