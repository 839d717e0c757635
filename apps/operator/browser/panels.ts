import { type Html, html } from "#platform/http/html";
import type { ComponentHealth, Figures, Health } from "../api.ts";
import { ago, count, figure, megabytes, milliseconds, share, timeOfDay } from "./format.ts";
import type { ConsoleView } from "./model.ts";
import { spark } from "./spark.ts";

/** The parts of the page that change, by the name of the element that holds each. */
export const panels: Readonly<Record<string, (view: ConsoleView) => Html>> = {
  state,
  figures,
  audit,
  alerts,
  flags,
  components,
  errors,
};

const none = html``;

/** One sentence that says whether somebody has to do something. */
function state({ health }: ConsoleView): Html {
  const { components, alerts, audit, problem } = health;
  const unwell = components.filter((each) => each.health === "unwell").map(({ name }) => name);
  const wrong = [
    ...(unwell.length > 0 ? [`${listed(unwell)} ${unwell.length > 1 ? "are" : "is"} unwell`] : []),
    ...(audit && !audit.clean ? ["an invariant is broken"] : []),
    ...(unwell.length === 0 && alerts.length > 0
      ? [alerts.length === 1 ? "an alert fires" : `${alerts.length} alerts fire`]
      : []),
  ];
  const well = components.filter((each) => each.health === "well").length;
  const calm =
    well === components.length
      ? `All ${well} components are well`
      : `${well} of ${components.length} components are seen, and well`;
  const words = wrong.length > 0 ? capital(wrong.join("; ")) : calm;
  return html`<span class="lamp ${wrong.length > 0 ? "bad" : "good"}"></span><strong>${words}</strong>${
    problem === null ? none : html` <span class="soft">${problem}</span>`
  }`;
}

const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more` : names.join(", ");
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function figures({ health, past }: ConsoleView): Html {
  const { figures: now } = health;
  const tile = (
    name: string,
    value: string,
    unit: string,
    key: keyof Figures,
    note: string,
    tone = "",
  ) => html`
    <div class="tile ${tone}">
      <dt>${name}</dt>
      <dd><span class="big">${value}</span> <span class="unit">${unit}</span>
      ${spark(past.map((point) => point.figures[key]))}
      <span class="note">${note}</span></dd>
    </div>`;
  const failing = (now.failuresPerSecond ?? 0) > 0;
  const late = (now.oldestEventSeconds ?? 0) >= 5;
  return html`<dl class="tiles">
    ${tile("Requests", figure(now.requestsPerSecond), "a second", "requestsPerSecond", "of all applications")}
    ${tile("Orders", figure(now.ordersPerSecond), "a second", "ordersPerSecond", "placed", "accent")}
    ${tile("99 of 100 within", milliseconds(now.p99Ms), "ms", "p99Ms", "over 30 s")}
    ${tile("Failures", figure(now.failuresPerSecond), "a second", "failuresPerSecond", "answers of 500 and more", failing ? "bad" : "")}
    ${tile("Events waiting", count(now.eventsWaiting), "", "eventsWaiting", "in outboxes and inboxes")}
    ${tile("Oldest event", figure(now.oldestEventSeconds), "s", "oldestEventSeconds", "how far projections lag", late ? "bad" : "")}
  </dl>`;
}

function audit({ health, auditing }: ConsoleView): Html {
  const { audit: found } = health;
  const verdict =
    found === null
      ? html`<p class="verdict"><span class="lamp"></span> <strong>Not audited yet</strong></p>
        <p class="soft">Nothing is known of the invariants since this process started.</p>`
      : html`<p class="verdict"><span class="lamp ${found.clean ? "good" : "bad"}"></span>
        <strong>${found.clean ? "Every invariant holds" : `Broken, ${found.broken} times`}</strong></p>
        <p class="soft">Audited ${ago(found.at, health.at)}, at ${timeOfDay(found.at)} UTC</p>
        ${found.offenders.length > 0 ? html`<ul class="rows">${found.offenders.map(offender)}</ul>` : none}`;
  return html`${verdict}
    <form method="post" action="/console/audit" data-live="audit">
      <button type="submit" class="button" id="audit-now" ${auditing ? html`aria-disabled="true"` : none}>${auditing ? "Auditing …" : "Audit now"}</button>
    </form>`;
}

const offender = ({ rule, offender, detail }: NonNullable<Health["audit"]>["offenders"][number]) =>
  html`<li><code>${rule}</code> <code>${offender}</code><br>${detail}</li>`;

function alerts({ health }: ConsoleView): Html {
  if (health.alerts.length === 0) return html`<p class="soft">Nothing is wrong that a rule watches for.</p>`;
  return html`<ul class="rows">${health.alerts.map(
    ({ rule, severity, since, summary, next }) => html`<li class="alert ${severity}">
      <p><span class="tag ${severity}">${severity}</span> <strong>${summary}</strong></p>
      <p class="soft">${next}</p>
      <p class="soft small"><code>${rule}</code>, since ${timeOfDay(since)} UTC</p></li>`,
  )}</ul>`;
}

function flags({ flags: { items, problem } }: ConsoleView): Html {
  return html`${problem === null ? none : html`<p class="tag warning">${problem}</p>`}
    <ul class="rows">${items.map(
      ({ name, title, on, whenOff }) => html`<li class="flag">
        <div><p id="flag-${name}-name"><strong>${title}</strong></p><p class="soft small" id="flag-${name}-does">Off: ${whenOff}</p></div>
        <form method="post" action="/console/flags/${name}" data-live="flag">
          <input type="hidden" name="on" value="${on ? "false" : "true"}">
          <button type="submit" class="switch" role="switch" aria-checked="${on ? "true" : "false"}" id="flag-${name}"
            aria-labelledby="flag-${name}-name" aria-describedby="flag-${name}-does"><span class="knob"></span></button>
        </form></li>`,
    )}</ul>`;
}

function components({ health, past }: ConsoleView): Html {
  const row = (each: ComponentHealth) => {
    const points = past.map((point) => point.components[each.name] ?? [null, null]);
    const { memoryBytes, memoryBudgetBytes } = each;
    return html`<tr>
      <th scope="row"><span class="lamp ${lampOf(each)}"></span> <span><span class="name">${each.name}</span>
        <span class="unseen">${each.health},</span>
        <span class="soft small">${[each.kind, each.version].filter(Boolean).join(" ")} on ${each.host}</span>
        ${each.ailment === null ? none : html`<span class="ailment">${each.ailment}</span>`}</span></th>
      <td><span class="reading">${megabytes(memoryBytes)}${spark(
        points.map(([, memory]) => memory),
        { least: memoryBudgetBytes ?? (memoryBytes ?? 0) * 1.5 },
      )}</span></td>
      <td><span class="reading">${share(each.processors)}${spark(
        points.map(([processors]) => processors),
        { least: 0.25 },
      )}</span></td>
      <td class="wide">${each.kind === "application" ? figure(each.requestsPerSecond) : ""}</td>
    </tr>`;
  };
  return html`<table>
    <thead><tr><th scope="col">Component</th><th scope="col">Memory</th><th scope="col">Processor</th>
      <th scope="col" class="wide">Requests/s</th></tr></thead>
    <tbody>${health.components.map(row)}</tbody></table>`;
}

const lampOf = ({ health }: ComponentHealth): string =>
  ({ well: "good", unwell: "bad", unknown: "" })[health];

function errors({ health: { errors, errorsLogged } }: ConsoleView): Html {
  if (errors.length === 0) {
    const others =
      errorsLogged > 0 ? ` ${count(errorsLogged)} were logged by other applications: storey logs.` : "";
    return html`<p class="soft">The log has no errors since this application started.${others}</p>`;
  }
  return html`<ol class="rows">${errors.map(
    ({ at, process, message, detail, trace }) => html`<li>
      <p><span class="soft">${timeOfDay(at)} ${process}</span> ${message}</p>
      ${detail === null ? none : html`<p class="soft small">${detail}</p>`}
      ${trace === null ? none : html`<p class="soft small">request <code>${trace}</code></p>`}</li>`,
  )}</ol>`;
}
