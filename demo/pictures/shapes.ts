import { type Brush, round } from "./brush.ts";

/** Path data with rounded numbers. */
export function d(texts: TemplateStringsArray, ...values: readonly number[]): string {
  return texts.reduce((text, part, i) => text + round(values[i - 1] ?? 0) + part);
}

export function path(data: string, fill: string, extra = ""): string {
  return `<path d="${data}" fill="${fill}"${extra && ` ${extra}`}/>`;
}

/** A line without filling; ends are round. */
export function stroke(data: string, colour: string, width: number, extra = ""): string {
  return `<path d="${data}" fill="none" stroke="${colour}" stroke-width="${round(width)}" stroke-linecap="round" stroke-linejoin="round"${extra && ` ${extra}`}/>`;
}

export function rect(
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
  fill: string,
  extra = "",
): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${round(radius)}" fill="${fill}"${extra && ` ${extra}`}/>`;
}

export function ellipse(cx: number, cy: number, rx: number, ry: number, fill: string, extra = ""): string {
  return `<ellipse cx="${round(cx)}" cy="${round(cy)}" rx="${round(rx)}" ry="${round(ry)}" fill="${fill}"${extra && ` ${extra}`}/>`;
}

export function circle(cx: number, cy: number, r: number, fill: string, extra = ""): string {
  return `<circle cx="${round(cx)}" cy="${round(cy)}" r="${round(r)}" fill="${fill}"${extra && ` ${extra}`}/>`;
}

export function group(content: string, transform: string): string {
  return `<g transform="${transform}">${content}</g>`;
}

export function turned(content: string, degrees: number, cx = 400, cy = 400): string {
  return group(content, `rotate(${round(degrees)} ${round(cx)} ${round(cy)})`);
}

/** The other half of a thing that is the same left and right of x = 400. */
export function mirrored(content: string): string {
  return content + group(content, "translate(800 0) scale(-1 1)");
}

/** The soft shadow under a thing that stands; `y` is where it touches the ground. */
export function ground(brush: Brush, halfWidth: number, y = 640, cx = 400): string {
  const fill = brush.radial([
    [0, "#1f1a2e", 0.5],
    [55, "#1f1a2e", 0.26],
    [100, "#1f1a2e", 0],
  ]);
  return ellipse(cx + halfWidth * 0.12, y, halfWidth * 1.25, Math.max(16, halfWidth * 0.17), fill);
}

/** The shadow of a thing that lies or hangs close to the wall: its outline, moved. */
export function cast(data: string, distance = 14): string {
  return path(
    data,
    "#1f1a2e",
    `opacity=".2" transform="translate(${round(distance * 0.8)} ${round(distance)})"`,
  );
}

/** A highlight. */
export function shine(data: string, opacity = 0.4): string {
  return path(data, "#fff", `opacity="${round(opacity * 10) / 10}"`);
}

/** A round-bodied outline: half widths at heights, mirrored at `cx` and joined by smooth curves. */
export function turnedBody(profile: readonly (readonly [number, number])[], cx = 400): string {
  const first = profile[0] ?? [0, 0];
  const last = profile.at(-1) ?? [0, 0];
  let right = d`M${cx + first[0]} ${first[1]}`;
  for (let i = 1; i < profile.length; i++) right += bend(cx, 1, profile[i - 1], profile[i]);
  right += d`L${cx - last[0]} ${last[1]}`;
  for (let i = profile.length - 1; i > 0; i--) right += bend(cx, -1, profile[i], profile[i - 1]);
  return `${right}Z`;
}

function bend(
  cx: number,
  side: 1 | -1,
  from: readonly [number, number] = [0, 0],
  to: readonly [number, number] = [0, 0],
): string {
  const middle = (from[1] + to[1]) / 2;
  return d`C${cx + side * from[0]} ${middle} ${cx + side * to[0]} ${middle} ${cx + side * to[0]} ${to[1]}`;
}

/** A ring of `count` places around a centre: x, y and the angle in degrees, starting at the top. */
export function around(
  count: number,
  cx: number,
  cy: number,
  r: number,
): readonly { x: number; y: number; angle: number }[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = (360 / count) * i;
    const radians = ((angle - 90) * Math.PI) / 180;
    return { x: cx + Math.cos(radians) * r, y: cy + Math.sin(radians) * r, angle };
  });
}

/** The numbers 0 to count - 1. */
export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Round dots as one path: lines of no length with round ends, a quarter of the bytes of circles. */
export function dots(
  places: readonly { readonly x: number; readonly y: number }[],
  r: number,
  colour: string,
  extra = "",
): string {
  return stroke(places.map(({ x, y }) => d`M${x} ${y}h.1`).join(""), colour, r * 2, extra);
}

/** Lines between two circles around a centre, as path data. */
export function ticks(count: number, cx: number, cy: number, from: number, to: number): string {
  const outer = around(count, cx, cy, to);
  return around(count, cx, cy, from)
    .map(({ x, y }, i) => d`M${x} ${y}L${outer[i]?.x ?? x} ${outer[i]?.y ?? y}`)
    .join("");
}
