import type { Brush } from "../brush.ts";
import { darker } from "../colour.ts";
import { d, path, rect, stroke } from "../shapes.ts";
import type { Subject } from "../subject.ts";

/** Grey lines where print would be: a picture has no letters, so that it needs no font and no language. */
export function print(x: number, y: number, width: number, colour: string, tall = 22): string {
  return (
    rect(x, y, width, tall, tall / 2, colour) +
    rect(x + width * 0.16, y + tall * 1.7, width * 0.68, tall * 0.55, tall / 4, colour, 'opacity=".75"')
  );
}

/**
 * A book lying open to the eye from above: its back cover, the edge of its pages, and the front with its art.
 */
export function book(b: Brush, s: Subject, x: number, y: number, w: number, h: number, art: string): string {
  const thick = s.random.integer(14, 30);
  const pages = d`M${x + 4} ${y + 8}h${w - 8}l${thick} ${thick}v${h - 16}h${-w + 8}z`;
  const lines = stroke(
    d`M${x + w - 2} ${y + 14}v${h - 16}M${x + w + thick * 0.5} ${y + thick}v${h - 20}M${x + 12} ${y + h}h${w - 12}`,
    "#cbbf9f",
    3,
  );
  return (
    path(
      d`M${x} ${y}h${w}l${thick + 6} ${thick + 6}v${h}h${-w}l${-thick} ${-thick}z`,
      "#1f1a2e",
      'opacity=".22" transform="translate(14 18)"',
    ) +
    path(d`M${x} ${y + h}l${thick} ${thick}h${w}v${-h}l${-thick} ${-thick}z`, darker(s.main, 0.42)) +
    path(pages, "#f4ead2") +
    lines +
    rect(x, y, w, h, 5, s.main) +
    art +
    rect(x, y, w, h, 5, b.fold(0.16)) +
    rect(x + 14, y, 9, h, 0, "#1f1a2e", 'opacity=".16"')
  );
}
