import { readFileSync } from "node:fs";
import { join } from "node:path";
import { drivers } from "#launcher/drivers";
import { fifteen, type Stage } from "#stages/fifteen";
import { diffOf, linesOf } from "#topology/diff";
import { drawTopology } from "#topology/draw";
import type { Topology } from "#topology/model";
import { checkout } from "./instance.ts";
import { dayOf, newestProof } from "./stage-proof.ts";
import { storyOf } from "./stage-story.ts";

const begin = "<!-- What follows is written by: ./storey stages --renew -->";
const end = "<!-- Here it ends. -->";

/** Every checked-in file that follows from the stages, with the text it must have: path from the checkout → text. */
export function filesOfStages(): Map<string, string> {
  const files = new Map<string, string>();
  for (const { number, name, topology } of fifteen) {
    if (!topology) continue;
    const golden = `stages/golden/${String(number).padStart(2, "0")}`;
    const before = fifteen[number - 2]?.topology;
    files.set(`${golden}.topology.txt`, asText(linesOf(topology)));
    if (before) files.set(`${golden}.diff.txt`, asText(diffOf(before, topology)));
    files.set(`${golden}.picture.svg`, pictureOf(number, name, topology));
  }
  const readme = readFileSync(join(checkout, "README.md"), "utf8");
  return files.set("README.md", withTable(readme, fifteen.map(rowOf)));
}

const asText = (lines: readonly string[]) => `${lines.join("\n")}\n`;

/** A stage drawn with its own sentence, and with what is new since the one before marked. */
export function pictureOf(number: number, name: string, topology: Topology, width?: number): string {
  const before = fifteen[number - 2]?.topology;
  const caption = storyOf(number, name).Now;
  return drawTopology(topology, { caption, ...(before ? { before } : {}), ...(width ? { width } : {}) });
}

/** How a stage is run, once every kind of its components has a driver; undefined until then. */
export function commandOf({ number, topology }: Stage): string | undefined {
  if (!topology?.components.every(({ kind }) => kind in drivers)) return undefined;
  return number === 1 ? "npm start" : `./storey up --stage ${number}`;
}

function rowOf(stage: Stage): string {
  const { number, name, adds, topology } = stage;
  const picture = `stages/golden/${String(number).padStart(2, "0")}.picture.svg`;
  const command = commandOf(stage);
  const proof = newestProof(number);
  const report = proof && `[${proof.what}, ${dayOf(proof.date)}](${proof.path})`;
  const cells = [
    String(number),
    topology ? `[${name}](${picture})` : name,
    adds,
    command ? `\`${command}\`` : "not yet",
    report ? (proof.proven ? report : `failed: ${report}`) : "not yet",
  ];
  return `| ${cells.join(" | ")} |`;
}

function withTable(readme: string, rows: readonly string[]): string {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md lacks the lines "${begin}" and "${end}"`);
  const head = ["| # | stage | what is added | how it is run | proof |", "|---|---|---|---|---|"];
  const table = [begin, "", ...head, ...rows, "", ""].join("\n");
  return readme.slice(0, from) + table + readme.slice(to);
}
