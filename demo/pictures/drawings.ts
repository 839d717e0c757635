import { HEADPHONES, SPEAKERS } from "./drawings/audio.ts";
import { KNIVES, PANS } from "./drawings/cookware.ts";
import { PERFUME, SKINCARE } from "./drawings/cosmetics.ts";
import { CAMERAS, KEYBOARDS, WATCHES } from "./drawings/devices.ts";
import { CHAIRS, LAMPS, VASES } from "./drawings/furniture.ts";
import { PLANTERS, WATERING_CANS } from "./drawings/garden.ts";
import { HAND_TOOLS } from "./drawings/hand-tools.ts";
import { NOVELS } from "./drawings/novels.ts";
import { COFFEE, HONEY, TEA } from "./drawings/pantry.ts";
import { PET_BEDS } from "./drawings/pet-beds.ts";
import { COOKBOOKS, PICTURE_BOOKS } from "./drawings/picture-books.ts";
import { BACKPACKS, BOOTS, TRAINERS } from "./drawings/shoes.ts";
import { CLOCKS, CUSHIONS } from "./drawings/soft-home.ts";
import { BALLS, RACKETS, YOGA_MATS } from "./drawings/sport.ts";
import { NOTEBOOKS, PENS } from "./drawings/stationery.ts";
import { KETTLES, MUGS, STORAGE_JARS } from "./drawings/tableware.ts";
import { DRESSES, JACKETS, SHIRTS } from "./drawings/tops.ts";
import { BUILDING_BLOCKS, SOFT_TOYS } from "./drawings/toys.ts";
import type { Drawing } from "./subject.ts";

const DRAWINGS: Readonly<Record<string, Drawing>> = {
  headphones: HEADPHONES,
  speakers: SPEAKERS,
  keyboards: KEYBOARDS,
  cameras: CAMERAS,
  watches: WATCHES,
  lamps: LAMPS,
  chairs: CHAIRS,
  cushions: CUSHIONS,
  vases: VASES,
  clocks: CLOCKS,
  kettles: KETTLES,
  mugs: MUGS,
  "storage-jars": STORAGE_JARS,
  pans: PANS,
  knives: KNIVES,
  shirts: SHIRTS,
  dresses: DRESSES,
  jackets: JACKETS,
  trainers: TRAINERS,
  boots: BOOTS,
  backpacks: BACKPACKS,
  novels: NOVELS,
  cookbooks: COOKBOOKS,
  "picture-books": PICTURE_BOOKS,
  notebooks: NOTEBOOKS,
  pens: PENS,
  "soft-toys": SOFT_TOYS,
  "building-blocks": BUILDING_BLOCKS,
  balls: BALLS,
  rackets: RACKETS,
  "yoga-mats": YOGA_MATS,
  perfume: PERFUME,
  skincare: SKINCARE,
  tea: TEA,
  coffee: COFFEE,
  honey: HONEY,
  planters: PLANTERS,
  "watering-cans": WATERING_CANS,
  "hand-tools": HAND_TOOLS,
  "pet-beds": PET_BEDS,
};

/** How the things of a leaf category are drawn. A category without a drawing is a bug. */
export function drawingOf(category: string): Drawing {
  const drawing = DRAWINGS[category];
  if (drawing === undefined)
    throw new RangeError(`nothing is drawn for ${category}: add it to pictures/drawings.ts`);
  return drawing;
}
