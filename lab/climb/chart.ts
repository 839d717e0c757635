import type { StageClimb } from "./climb.ts";

const [width, rowHeight, left, right, top] = [860, 56, 210, 170, 64];

/** Bars of the orders a second that each stage sustains, with the time the slowest hundredth waited; an SVG. */
export function climbChart(climbed: readonly StageClimb[]): string {
  const most = Math.max(1e-9, ...climbed.map(({ held }) => held?.ordersPerSecond ?? 0));
  const height = top + climbed.length * rowHeight + 16;
  const bars = climbed.map((each, at) => bar(each, top + at * rowHeight, most));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif">
<title>Orders a second that each stage sustains on hosts of one size</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="24" y="36" font-size="20" font-weight="600" fill="#1c2430">Orders a second, sustained, on hosts of one size</text>
${bars.join("\n")}
</svg>
`;
}

function bar({ stage, name, hosts, held }: StageClimb, y: number, most: number): string {
  const reached = held?.ordersPerSecond ?? 0;
  const length = Math.max(2, ((width - left - right) * reached) / most);
  const said = held ? `${reached.toFixed(1)}/s · p99 ${held.latency.p99.toFixed(0)} ms` : "no rate held";
  const of = hosts.length === 1 ? "1 host" : `${hosts.length} hosts`;
  return [
    `<text x="24" y="${y + 18}" font-size="16" fill="#1c2430">${stage} ${name}</text>`,
    `<text x="24" y="${y + 37}" font-size="13" fill="#5b6675">${of}</text>`,
    `<rect x="${left}" y="${y + 4}" width="${length.toFixed(1)}" height="32" rx="4" fill="#2f6f5e"/>`,
    `<text x="${(left + length + 10).toFixed(1)}" y="${y + 25}" font-size="14" fill="#1c2430">${said}</text>`,
  ].join("\n");
}
