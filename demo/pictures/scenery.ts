import { LEAVES } from "../categories.ts";
import { hash, itemAt, randomFor } from "../random.ts";
import type { DemoCategory, DemoShop } from "../types.ts";
import { colourHex } from "../words/colours.ts";
import { WALLS } from "./backdrop.ts";
import { Brush, PATTERNS, round } from "./brush.ts";
import { colourDistance, darker, lighter, mixed } from "./colour.ts";
import { drawingOf } from "./drawings.ts";
import { drawThing, sheet, stands } from "./product.ts";
import { circle, ellipse, group, path, range, rect } from "./shapes.ts";

/**
 * The tile of a category, 800 by 600: a leaf shows its typical thing, a department three of its leaves.
 * The background is plain, so that tiles in a row read as one set.
 */
export function drawCategoryTile(category: Pick<DemoCategory, "slug" | "parent">): string {
  const key = hash("tile", category.slug);
  const brush = new Brush(`t${key.toString(36)}`);
  const wall = itemAt(WALLS, key);
  const slugs = category.parent === null ? childrenOf(category.slug) : [category.slug];
  const back =
    rect(
      0,
      0,
      800,
      600,
      0,
      brush.linear(
        [
          [0, lighter(wall.pale, 0.4)],
          [100, mixed(wall.pale, wall.strong, 0.3)],
        ],
        0.3,
        1,
      ),
    ) +
    circle(400, 300, 250, lighter(wall.pale, 0.5), 'opacity=".7"') +
    ellipse(400, 560, 420, 90, mixed(wall.pale, wall.strong, 0.35), 'opacity=".55"');
  const things = slugs.map((slug, i) => {
    const scale = slugs.length === 1 ? 0.82 : 0.52;
    const x = slugs.length === 1 ? 400 : 400 + (i - (slugs.length - 1) / 2) * 236;
    return typical(brush, slug, wall.pale, x, slugs.length === 1 ? 530 : 480 + (i % 2) * 50, scale, 0);
  });
  return sheet(800, 600, brush, back + things.join(""));
}

/**
 * The banner of a shop's page, 1600 by 400: its goods on a shelf to the right, quiet on the left for the
 * name.
 */
export function drawShopBanner(shop: Pick<DemoShop, "slug" | "categories">): string {
  const key = hash("banner", shop.slug);
  const random = randomFor("banner", shop.slug);
  const brush = new Brush(`b${key.toString(36)}`);
  const wall = itemAt(WALLS, key);
  const base = random.chance(0.5) ? wall.strong : mixed(wall.pale, wall.strong, 0.18);
  const ink = lighter(base, 0.14);
  const pattern = random.pick(PATTERNS.filter((name) => name !== "plain"));
  const slugs = shop.categories.slice(0, 4);
  const back =
    rect(0, 0, 1600, 400, 0, brush.pattern(pattern, base, mixed(base, ink, 0.5), random.integer(90, 150))) +
    rect(
      0,
      0,
      1600,
      400,
      0,
      brush.linear([
        [0, base, 0.96],
        [46, base, 0.8],
        [100, base, 0.1],
      ]),
    ) +
    range(3)
      .map((i) => circle(1120 + i * 190, 190 + (i % 2) * 60, 150 - i * 14, ink, 'opacity=".5"'))
      .join("");
  const shelf =
    path("M760 344H1600V400H720z", brush.down(lighter(base, 0.34))) +
    rect(745, 340, 855, 8, 0, lighter(base, 0.6));
  const things = slugs.map((slug, i) =>
    typical(brush, slug, base, 1600 - 130 - (slugs.length - 1 - i) * 205, 352, 0.46, hash(key, i)),
  );
  return sheet(1600, 400, brush, back + shelf + things.join(""));
}

function childrenOf(department: string): readonly string[] {
  const own = LEAVES.filter((leaf) => leaf.department === department).map((leaf) => leaf.words.slug);
  return [0, 2, own.length - 1].map((at) => itemAt(own, at));
}

/**
 * One thing of a category in one of its own colours that stands out from the wall; its foot comes to x, y.
 */
function typical(
  brush: Brush,
  slug: string,
  wall: string,
  x: number,
  y: number,
  scale: number,
  variety: number,
): string {
  const leaf = LEAVES.find((candidate) => candidate.words.slug === slug);
  const drawing = drawingOf(slug);
  const form = itemAt(leaf?.words.kinds ?? [], variety).form;
  const colours = (leaf?.words.colours ?? []).map((_, i, all) => colourHex(itemAt(all, i + variety)));
  const main = colours.find((colour) => colourDistance(colour, wall) > 260) ?? itemAt(colours, 0);
  const subject = {
    form,
    main,
    second: "#f3ead7",
    accent: "#ef6f4f",
    trim: "#c9a24e",
    pattern: "plain" as const,
  };
  const thing = drawThing(
    brush,
    drawing,
    { ...subject, second: colourDistance(main, "#f3ead7") > 150 ? "#f3ead7" : darker(main, 0.6) },
    `${slug}/${variety}`,
  );
  const standing = stands(drawing, form);
  const foot = standing ? -640 : -400;
  const rise = standing ? 0 : 300 * scale * 0.9;
  return group(
    thing,
    `translate(${round(x)} ${round(y - rise)}) scale(${standing ? scale : scale * 0.82}) translate(-400 ${foot})`,
  );
}
