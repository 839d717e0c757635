type Rgb = readonly [number, number, number];

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** `a` with `share` of `b`: 0 is `a`, 1 is `b`. */
export function mixed(a: string, b: string, share: number): string {
  const from = rgbOf(a);
  const to = rgbOf(b);
  const part = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * share);
  return `#${((part(0) << 16) | (part(1) << 8) | part(2)).toString(16).padStart(6, "0")}`;
}

/** Towards the warm white of the lamp. */
export function lighter(hex: string, share: number): string {
  return mixed(hex, "#fffaf0", share);
}

/** Towards a violet black: neutral black makes shaded colours look dirty. */
export function darker(hex: string, share: number): string {
  return mixed(hex, "#1f1a2e", share);
}

/** Distance of two colours as the eye weighs it, about 0 to 765 (the "redmean" formula). */
export function colourDistance(a: string, b: string): number {
  const x = rgbOf(a);
  const y = rgbOf(b);
  const mean = (x[0] + y[0]) / 2;
  const [r, g, bl] = [x[0] - y[0], x[1] - y[1], x[2] - y[2]];
  return Math.sqrt((2 + mean / 256) * r * r + 4 * g * g + (2 + (255 - mean) / 256) * bl * bl);
}
