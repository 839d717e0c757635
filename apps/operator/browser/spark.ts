import { type Html, html } from "#platform/http/html";

const width = 120;
const height = 32;
/** Looks of a minute. */
const slotsLeast = 30;
/** Room for the line's own thickness. */
const margin = 2;

/**
 * A sparkline: values from the left to the right, zero at the bottom, `least` or the greatest of them at the top. What
 * is not known is a gap. A page that has just begun to watch draws from the right edge on, a minute wide at least.
 */
export function spark(values: readonly (number | null)[], { least = 0 } = {}): Html {
  const slots = Math.max(slotsLeast, values.length);
  const top = Math.max(least, ...values.map((value) => value ?? 0)) || 1;
  const x = (at: number) => round(((slots - values.length + at) / (slots - 1)) * width);
  const y = (value: number) => round(height - margin - (value / top) * (height - 2 * margin));
  const runs = runsOf(values);
  const lines = runs.map((run) => run.map(({ at, value }) => `${x(at)} ${y(value)}`).join("L"));
  const areas = runs.map((run, index) => {
    const [first, last] = [run[0]?.at ?? 0, run.at(-1)?.at ?? 0];
    return `M${lines[index]}L${x(last)} ${height}L${x(first)} ${height}Z`;
  });
  return html`<svg class="spark" viewBox="0 0 ${String(width)} ${String(height)}" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    <path class="spark-area" d="${areas.join("")}"/><path class="spark-line" d="${lines.map((line) => `M${line}`).join("")}"/>
  </svg>`;
}

function runsOf(values: readonly (number | null)[]): { at: number; value: number }[][] {
  const runs: { at: number; value: number }[][] = [];
  let open = false;
  values.forEach((value, at) => {
    if (value === null) {
      open = false;
      return;
    }
    if (!open) runs.push([]);
    runs.at(-1)?.push({ at, value });
    open = true;
  });
  return runs;
}

const round = (value: number): string => String(Math.round(value * 10) / 10);
