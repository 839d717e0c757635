import { existsSync, readFileSync } from "node:fs";

interface Skipped {
  readonly file: string;
  readonly name: string;
  readonly reason: string | true;
}

/** What no package brings: said by the kernel, by the distribution, or by where the checkout lies. */
const beyondPackages = [
  /^there is no tree of cgroups v2 here/,
  /^this distribution has the same major version/,
  /^nobody else can enter this checkout/,
];

const note = `export default async function* (events) {
  for await (const { type, data } of events) {
    const { file, name, skip } = data;
    if (/^test:(pass|fail)$/.test(type) && skip !== undefined && skip !== false)
      yield JSON.stringify({ file, name, reason: skip }) + "\\n";
  }
}`;

/** A reporter of Node's runner that notes each test that was skipped, a line each. */
export const skipsReporter = `data:text/javascript,${encodeURIComponent(note)}`;

/** Tests that were skipped though a package would have enabled them, in words. */
export function needlessSkips(notes: readonly string[]): string[] {
  const lines = notes.filter(existsSync).flatMap((file) => readFileSync(file, "utf8").split("\n"));
  return lines
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Skipped)
    .filter(({ reason }) => !beyondPackages.some((each) => each.test(String(reason))))
    .map(({ file, name, reason }) => `${file}: ${name} (${reason === true ? "no reason given" : reason})`);
}
