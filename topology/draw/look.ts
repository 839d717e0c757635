import type { Kind } from "../model.ts";

/** Kinds that look alike: a road wears the tone of what it leads to. */
export const toneOf: Readonly<Record<Kind, string>> = {
  application: "shop",
  postgres: "database",
  redis: "cache",
  memcached: "cache",
  nginx: "proxy",
  haproxy: "proxy",
  files: "files",
  zookeeper: "agreement",
  prometheus: "watch",
  alertmanager: "watch",
};

/** Line drawings in a square of 20. */
export const icons: Readonly<Record<Kind, string>> = {
  application:
    "M2 8 4 3h12l2 5M2 8a2.7 2.7 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0A2.7 2.7 0 0 0 18 8M4 11v6h12v-6M8 17v-4h4v4",
  postgres: "M3 5a7 2.6 0 0 1 14 0 7 2.6 0 0 1-14 0v10a7 2.6 0 0 0 14 0V5M3 10a7 2.6 0 0 0 14 0",
  redis: "M11 2 4 11h5l-1 7 8-10h-5z",
  memcached: "M11 2 4 11h5l-1 7 8-10h-5z",
  nginx: "M10 2v5M10 7 4 13v4M10 7v10M10 7l6 6v4M2 15l2 2.5L6 15M8 15l2 2.5 2-2.5M14 15l2 2.5 2-2.5",
  haproxy: "M10 2v5M10 7 4 13v4M10 7v10M10 7l6 6v4M2 15l2 2.5L6 15M8 15l2 2.5 2-2.5M14 15l2 2.5 2-2.5",
  files: "M2 16V4h6l2 2.5h8V16zM5 13.5l3-3 2.5 2.5 2-2 3 2.5",
  zookeeper:
    "M10 2.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4M4 13a2 2 0 1 1 0 4 2 2 0 0 1 0-4M16 13a2 2 0 1 1 0 4 2 2 0 0 1 0-4M9 6.5 5 13M11 6.5l4 6.5M6 15h8",
  prometheus:
    "M1.5 10S4.5 4.5 10 4.5 18.5 10 18.5 10 15.5 15.5 10 15.5 1.5 10 1.5 10M10 7.3a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4",
  alertmanager: "M4 14.5c1.5-1.5 1.2-4 1.5-6a4.5 4.5 0 0 1 9 0c.3 2 0 4.5 1.5 6zM8 17a2 2 0 0 0 4 0M10 4V2",
};

/** People, in a square of 20. */
export const peopleIcon =
  "M7 3.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M2 16c0-3.5 2-5 5-5s5 1.5 5 5M13.5 5a2 2 0 1 1 0 4M14 11.5c2.5 0 4 1.5 4 4.5";

/**
 * The tones are those of Okabe and Ito, which people who confuse colours can tell apart, made dark enough for white
 * paper and light enough for dark paper; form and words say everything again.
 */
const light = {
  paper: "#faf8f4",
  ground: "#f1ede5",
  floor: "#f6f3ec",
  host: "#ffffff",
  line: "#d8d1c3",
  ink: "#1c1a17",
  soft: "#5b564d",
  shop: "#0b7a5b",
  database: "#0069a8",
  cache: "#b84a00",
  files: "#8a6a00",
  agreement: "#9b3f83",
  proxy: "#414b57",
  watch: "#6d675d",
  new: "#c99700",
  wash: "#fff6d6",
};
const dark: typeof light = {
  paper: "#15171a",
  ground: "#1c1f23",
  floor: "#20242a",
  host: "#282d34",
  line: "#434a54",
  ink: "#f2efe9",
  soft: "#b5b0a6",
  shop: "#45c79d",
  database: "#6ab8f2",
  cache: "#f39257",
  files: "#dcb63c",
  agreement: "#e08fcb",
  proxy: "#c3ccd8",
  watch: "#a9a49a",
  new: "#f0c02e",
  wash: "#3d3514",
};

const variables = (colours: Readonly<Record<string, string>>) =>
  Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");

const tones = [...new Set(Object.values(toneOf))]
  .map((tone) => `.storey-map .tone-${tone}{--tone:var(--${tone})}`)
  .join("\n");

/** The look of every drawing, for a page that shows several of them, or cannot have styles inside them. */
export const mapStyle = `.storey-map{${variables(light)};font-family:Inter,-apple-system,"Segoe UI","Helvetica Neue",Arial,"DejaVu Sans",sans-serif;max-width:100%;height:auto}
@media (prefers-color-scheme:dark){.storey-map{${variables(dark)}}}
${tones}
.storey-map text{fill:var(--ink);font-size:13px}
.storey-map .paper{fill:var(--paper)}
.storey-map .title{font:600 34px "Iowan Old Style","Palatino Linotype",Palatino,Georgia,"DejaVu Serif",serif}
.storey-map.narrow .title{font-size:21px}
.storey-map .caption{fill:var(--soft);font-size:15px}
.storey-map .stage{fill:var(--soft);font-size:13px;font-weight:600;letter-spacing:.08em}
.storey-map .centre{fill:var(--ground);stroke:var(--line)}
.storey-map .floor{fill:var(--floor)}
.storey-map .soft,.storey-map .host text{fill:var(--soft)}
.storey-map .soft{stroke:var(--ground);stroke-width:5px;paint-order:stroke}
.storey-map .host rect{fill:var(--host);stroke:var(--line)}
.storey-map .host text{stroke:var(--host);stroke-width:5px;paint-order:stroke;stroke-linejoin:round}
.storey-map .road path{fill:none;stroke:var(--tone);stroke-width:2px;stroke-linejoin:round}
.storey-map .road .casing{stroke:var(--under,var(--ground));stroke-width:6px}
.storey-map .within{--under:transparent}
.storey-map .road .joins{stroke-width:1.5px}
.storey-map .road .head{fill:var(--tone);stroke:none}
.storey-map .label{fill:var(--tone);stroke:var(--under,var(--ground));stroke-width:6px;paint-order:stroke;stroke-linejoin:round;font-weight:600}
.storey-map .card rect{fill:color-mix(in srgb,var(--tone) 9%,var(--host));stroke:var(--tone);stroke-width:1.5px}
.storey-map .card .icon{fill:none;stroke:var(--tone);stroke-width:1.6px;stroke-linecap:round;stroke-linejoin:round}
.storey-map .card .name{font-size:15px;font-weight:600}
.storey-map.narrow .card .name{font-size:14px}
.storey-map .card .detail{fill:var(--soft);font-size:12.5px}
.storey-map .people rect{fill:var(--ink)}
.storey-map .people text{fill:var(--paper);font-weight:600}
.storey-map .people path{fill:none;stroke:var(--paper);stroke-width:1.6px;stroke-linecap:round}
.storey-map .tower rect{fill:var(--line)}
.storey-map .tower .built{fill:var(--shop)}
.storey-map .host.new rect{stroke:var(--new);stroke-width:2.5px;fill:var(--wash)}
.storey-map .host.new text{stroke:var(--wash)}
.storey-map .tag rect{fill:var(--new);stroke:none}
.storey-map .tag text{fill:#1c1a17;font-size:11px;font-weight:700}`;
