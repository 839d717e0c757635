import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Who } from "#kernel/door";
import { exampleOf } from "./curl.ts";
import type { Described, OpenApi, Parameter, Schema } from "./described.ts";

/** Who looks for operations, and what they read about themselves. */
const readers: readonly { who: Who; title: string; about: string }[] = [
  { who: "anyone", title: "For everybody", about: "No account is needed." },
  { who: "buyer", title: "For buyers", about: "With the token of a session; any account may." },
  { who: "merchant", title: "For merchants", about: "With the token of somebody who works for the shop." },
  { who: "operator", title: "For operators", about: "With the token of an operator." },
];

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly described: Described;
}

/**
 * The API for people, at `/api`: the OpenAPI document as a page that needs no script, in the storefront's colours,
 * under the same policy as every page. Drawn once.
 */
export function openApiPage(app: FastifyInstance, document: OpenApi): void {
  const page = draw(document);
  const styles = [
    join(import.meta.dirname, "../storefront/client/styles/tokens.css"),
    join(import.meta.dirname, "open-api-page.css"),
  ].map((file) => readFileSync(file, "utf8"));
  const style = styles.join("\n");
  app.get("/api", (_request, reply) =>
    reply.type("text/html; charset=utf-8").header("cache-control", "public, max-age=300").send(page),
  );
  app.get("/api/page.css", (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "public, max-age=300").send(style),
  );
}

function draw(document: OpenApi): string {
  const url = document.servers[0]?.url ?? "";
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ method: method.toUpperCase(), path, described })),
  );
  // The first of those who may ask is whom it was made for.
  const of = (who: Who) => entries.filter(({ described }) => described["x-who"][0] === who);
  const parts = readers.map((reader) => ({ ...reader, entries: of(reader.who) }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The API of this shop</title>
<link rel="stylesheet" href="/api/page.css">
</head>
<body>
<header>
<h1>The API of this shop</h1>
<p>Everything the pages do, and what they do not do yet, by HTTP and JSON. Machines read
<a href="/api/openapi.json">openapi.json</a>; <a href="/api/problems">every refusal</a> has a stable code;
<a href="/">the shop itself</a> is next door.</p>
<nav aria-label="Operations">${parts.map(contents).join("")}</nav>
</header>
<main>
${beginning(url)}
${parts.map((part) => section(part, url)).join("\n")}
</main>
</body>
</html>
`;
}

interface Part {
  readonly who: Who;
  readonly title: string;
  readonly about: string;
  readonly entries: readonly Entry[];
}

const contents = ({ title, entries }: Part): string =>
  `<section><h2>${title}</h2><ul>${entries
    .map(({ described }) => `<li><a href="#${described.operationId}">${escaped(described.summary)}</a></li>`)
    .join("")}</ul></section>`;

const beginning = (url: string): string => `<section>
<h2>Before the first request</h2>
<ul>
<li>Amounts are whole numbers in the smallest unit of their currency: <code>4900</code> USD are 49 dollars. Times are UTC. Ids
have 13 characters and sort by time.</li>
<li><code>Authorization: Bearer TOKEN</code> says who asks; <code>POST /api/v1/sessions</code> answers the token.</li>
<li><code>Idempotency-Key</code> goes with whatever creates or charges: send a new random value, and the same one again when you do
not know whether a request arrived. It is done once.</li>
<li>A refusal is <code>application/problem+json</code> with a <code>code</code> to match on and a <code>detail</code> that says
what to do next.</li>
<li>A list answers <code>items</code> and <code>next</code>; send <code>next</code> as <code>cursor</code> for the page after it.</li>
</ul>
<h2>From nothing to a paid order</h2>
<p>In a demo. It needs <code>curl</code> and <code>jq</code>; the sandbox takes no money.</p>
<pre tabindex="0"><code>${escaped(fromNothing(url))}</code></pre>
</section>`;

/** Kept true by a test, which does what it says. */
export const fromNothing = (url: string): string => `SHOP=${url}
api() { curl -sS -X "$1" "$SHOP/api/v1$2" -H 'Content-Type: application/json' -H "Authorization: Bearer $TOKEN" \\
  -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \${3:+-d "$3"}; }

EMAIL="ada-$(date +%s)@example.com"
api POST /accounts '{"email":"'$EMAIL'","name":"Ada","password":"a long enough secret"}'
TOKEN=$(api POST /sessions '{"email":"'$EMAIL'","password":"a long enough secret"}' | jq -r .token)

SKU=$(api GET '/products?limit=1' | jq -r '.items[0].skus[0]')
ADDRESS=$(api POST /accounts/me/addresses \\
  '{"recipient":"Ada","line1":"12 Analytical Way","city":"London","postalCode":"N1 9GU","country":"GB"}' | jq -r .id)
BUY='"lines":[{"sku":"'$SKU'","quantity":1}],"address":"'$ADDRESS'"'
QUOTE=$(api POST /quotes "{$BUY}" | jq -r .digest)
CHECKOUT=$(api POST /checkouts "{$BUY,\\"quote\\":\\"$QUOTE\\"}" | jq -r .id)

PAYMENT=$(api POST /payments '{"checkout":"'$CHECKOUT'","provider":"sandbox"}')
PAY=$(echo "$PAYMENT" | jq -r .redirectUrl)
curl -sS -o /dev/null "$SHOP/sandbox/pay" --data "\${PAY#*\\?}&choice=pay"
sleep 2
api GET "/payments/$(echo "$PAYMENT" | jq -r .id)" | jq .state`;

const section = ({ title, about, entries }: Part, url: string): string =>
  `<section><h2>${title}</h2><p>${about}</p>${entries.map((entry) => article(entry, url)).join("\n")}</section>`;

function article({ method, path, described }: Entry, url: string): string {
  const { operationId, summary, description, parameters, requestBody, responses } = described;
  const body = requestBody?.content["application/json"]?.schema;
  const rows = [...parameters.map(parameterRow), ...fieldRows(body)].join("");
  const refusals = Object.entries(responses)
    .filter(([status]) => Number(status) >= 400)
    .map(([status, response]) => `<li>${status}: ${inWords(response.description)}</li>`);
  return `<article id="${operationId}">
<h3><a href="#${operationId}"><span class="method">${method}</span> <code>${escaped(path)}</code></a></h3>
<p><strong>${escaped(summary)}.</strong> ${inWords(description ?? "")}</p>
${rows ? `<table><thead><tr><th scope="col">Field</th><th scope="col">Where</th><th scope="col">What</th></tr></thead><tbody>${rows}</tbody></table>` : ""}
<pre tabindex="0"><code>${escaped(exampleOf(url, method, path, described))}</code></pre>
<details><summary>Refusals</summary><ul>${refusals.join("")}</ul></details>
</article>`;
}

const parameterRow = ({ name, in: place, required, description, schema }: Parameter): string =>
  row(name, place === "header" ? "header" : `in the ${place}`, required, schema, description);

function fieldRows(schema: Schema | undefined): string[] {
  const { properties = {}, required = [] } = schema ?? {};
  return Object.entries(properties).map(([name, field]) => row(name, "body", required.includes(name), field));
}

function row(name: string, place: string, required: boolean, schema: Schema, description?: string): string {
  const words = [kindOf(schema), description ?? schema.description ?? ""].filter(Boolean).join("; ");
  const usual = schema.default === undefined ? "" : ` <em>Usually ${escaped(String(schema.default))}.</em>`;
  return `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${place}${required ? "" : ", optional"}</td><td>${inWords(words)}${usual}</td></tr>`;
}

/** What may stand there, in a few words. */
function kindOf({ type, const: only, anyOf, items }: Schema): string {
  if (only !== undefined) return `\`${String(only)}\``;
  if (anyOf) return anyOf.map(kindOf).join(" or ");
  if (type === "array") return items ? `list of ${kindOf(items)}` : "list";
  return type === "object" ? "object" : (type ?? "");
}

/** Plain text in which `this` is code. */
const inWords = (text: string): string => escaped(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
