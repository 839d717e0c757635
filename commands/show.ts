import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { fifteen, type Stage } from "#stages/fifteen";
import { diffOf } from "#topology/diff";
import { writeTopology } from "#topology/draw/text";
import type { Topology } from "#topology/model";
import { CommandRefused } from "./refusals.ts";
import { pictureOf } from "./stage-files.ts";
import { chapters, storyOf } from "./stage-story.ts";

interface ShowOptions {
  readonly svg?: string;
  readonly width?: number;
  readonly diff?: true;
  readonly json?: true;
}

/** `storey show`: one stage, in words, as a picture, as a difference or as a value. */
export function showCommand(): Command {
  return new Command("show")
    .description("Show a stage: which machines there are, what runs on them, and what leads where.")
    .argument("<stage>", "its number, 1 to 15, or its name")
    .option("--svg <file>", "write it as a picture instead; what the stage adds is marked")
    .option("--width <pixels>", "how wide the picture may be; below 700 it is laid out for a phone", pixels)
    .option("--diff", "only what the stage adds to the one before, and takes from it")
    .option("--json", "the topology, or the difference, as JSON")
    .addHelpText("after", "\nExample: storey show 4 --diff")
    .action(show);
}

function show(asked: string, options: ShowOptions): void {
  const { number, name, topology } = written(asked);
  if (options.svg) {
    const file = resolve(options.svg);
    writePicture(file, pictureOf(number, name, topology, options.width));
    console.log(options.json ? JSON.stringify({ file }) : `Wrote ${file}.`);
    return;
  }
  if (options.diff) {
    const lines = difference(number, topology);
    console.log(options.json ? JSON.stringify(lines, undefined, 2) : lines.join("\n"));
    return;
  }
  console.log(options.json ? JSON.stringify(topology, undefined, 2) : inWords(number, name, topology));
}

/** Throws CommandRefused `stage.unknown` and `stage.unwritten`. */
function written(asked: string): Stage & { topology: Topology } {
  const stage = fifteen.find(({ number, name }) => String(number) === asked || name === asked);
  if (!stage) {
    const message = `there is no stage "${asked}". ./storey stages lists all fifteen.`;
    throw new CommandRefused("stage.unknown", message);
  }
  const { topology } = stage;
  if (topology) return { ...stage, topology };
  const message = `stage ${stage.number}, ${stage.name}, is not written yet. ./storey stages says which are.`;
  throw new CommandRefused("stage.unwritten", message);
}

function difference(number: number, topology: Topology): string[] {
  const before = fifteen[number - 2]?.topology;
  const nothing: Topology = { stage: 0, name: "nothing", hosts: [], components: [], roads: [] };
  return diffOf(before ?? nothing, topology);
}

function inWords(number: number, name: string, topology: Topology): string {
  const story = storyOf(number, name);
  const told = chapters.map((chapter) => `${`${chapter}:`.padEnd(7)} ${story[chapter]}`);
  return [writeTopology(topology), ...told].join("\n");
}

function writePicture(file: string, picture: string): void {
  try {
    writeFileSync(file, picture);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandRefused("show.cannot_write", `${file} cannot be written: ${reason}.`);
  }
}

function pixels(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 320 && number <= 10_000) return number;
  throw new InvalidArgumentError("a whole number from 320 to 10,000 is needed.");
}
