import { hash, itemAt, randomFor } from "../random.ts";
import { colourHex } from "../words/colours.ts";
import { drawBackdrop } from "./backdrop.ts";
import { Brush, round } from "./brush.ts";
import { drawingOf } from "./drawings.ts";
import { type Look, lookOf, type Pictured, type View } from "./look.ts";
import { drawProp } from "./props.ts";
import { circle, group, rect } from "./shapes.ts";
import type { Drawing, Subject } from "./subject.ts";

/** Two things in one picture must not make it longer than this; the largest single thing is about as long. */
const MOST_CHARACTERS = 7600;

/**
 * The picture of a product as SVG text, 800 by 800, 2 to 8 KB: no scripts, links, styles or text, and ids of
 * its own, so that it may be shown in `<img>` or put into a page. View 0 is the product, 1 another colour in
 * another place, 2 a close-up, 3 several together.
 */
export function drawProduct(product: Pictured, view: View): string {
  const drawing = drawingOf(product.category);
  const look = lookOf(product, view, stands(drawing, product.look.form));
  if (view !== 3) return picture(product, view, look, (brush) => single(brush, drawing, look, product, view));
  const both = picture(product, view, look, (brush) => couple(brush, drawing, look, product));
  return both.length <= MOST_CHARACTERS
    ? both
    : picture(product, view, look, (brush) => swatched(brush, drawing, look, product));
}

function picture(product: Pictured, view: View, look: Look, draw: (brush: Brush) => string): string {
  const key = hash(product.slug, view);
  const brush = new Brush(`p${key.toString(36)}`);
  const random = randomFor("scene", key);
  const backdrop = drawBackdrop(brush, look.stage, random);
  const prop = drawProp(brush, look.prop, look.subject.second, look.stage.standing, random.chance(0.5));
  return sheet(800, 800, brush, backdrop + prop + draw(brush));
}

/** Whether a form stands on the ground. */
export function stands(drawing: Drawing, form: string): boolean {
  return drawing.stance === "standing" || (drawing.standing ?? []).includes(form);
}

/** An SVG document of the size, with the brush's definitions. */
export function sheet(width: number, height: number, brush: Brush, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${brush.defs()}${content}</svg>`;
}

/** One thing in the sheet's own coordinates. */
export function drawThing(
  brush: Brush,
  drawing: Drawing,
  subject: Omit<Subject, "random">,
  seed: string,
): string {
  const forms = Object.values(drawing.forms);
  const draw = drawing.forms[subject.form] ?? itemAt(forms, 0);
  return draw(brush, { ...subject, random: randomFor("shape", seed) });
}

/** The thing as it is drawn, moved so that its foot (or its middle, if it lies) comes to x, y. */
function placed(look: Look, content: string, scale: number, x: number, y: number, turn: number): string {
  const across = round(scale * (look.flipped ? -1 : 1) * 100) / 100;
  const foot = look.stage.standing ? -640 : -400;
  return group(
    content,
    `translate(${round(x)} ${round(y)}) rotate(${round(turn)}) scale(${across} ${round(scale * 100) / 100}) translate(-400 ${foot})`,
  );
}

function single(brush: Brush, drawing: Drawing, look: Look, product: Pictured, view: View): string {
  const { standing } = look.stage;
  const thing = drawThing(brush, drawing, look.subject, product.slug);
  if (view === 2) return placed(look, thing, 1.75, look.flipped ? 460 : 340, standing ? 800 : 430, look.turn);
  return placed(look, thing, look.scale, 400, standing ? 648 : 400, look.turn);
}

/** Two of a kind, the one behind in the second colour. */
function couple(brush: Brush, drawing: Drawing, look: Look, product: Pictured): string {
  const { standing } = look.stage;
  const main = colourHex(itemAt(product.look.colours, 1));
  const behind = drawThing(brush, drawing, { ...look.subject, main }, product.slug);
  const front = drawThing(brush, drawing, look.subject, product.slug);
  return (
    placed(look, behind, 0.7, standing ? 250 : 260, standing ? 600 : 280, -look.turn) +
    placed(look, front, 0.8, 530, standing ? 690 : 520, look.turn)
  );
}

/** One thing beside a card with all its colours: for drawings too long to come twice. */
function swatched(brush: Brush, drawing: Drawing, look: Look, product: Pictured): string {
  const { second, accent, trim } = look.subject;
  const colours = [...new Set([...product.look.colours.map(colourHex), second, accent, trim])].slice(0, 4);
  const chips = colours.map((colour, i) => circle(0, i * 104, 40, brush.ball(colour))).join("");
  const card = rect(-62, -62, 124, colours.length * 104 + 20, 14, "#fffaf0", 'opacity=".92"');
  const thing = drawThing(brush, drawing, look.subject, product.slug);
  return (
    group(card + chips, "translate(690 150)") +
    placed(look, thing, 0.86, 340, look.stage.standing ? 660 : 420, look.turn)
  );
}
