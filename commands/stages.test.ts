import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { Command } from "commander";
import { stages } from "#stages/all";
import { fifteen } from "#stages/fifteen";
import { diffOf } from "#topology/diff";
import { problemsOf } from "#topology/validate";
import { checkout } from "./instance.ts";
import { showCommand } from "./show.ts";
import { filesOfStages } from "./stage-files.ts";
import { newestProof } from "./stage-proof.ts";
import { chapters, stageFile, storyOf } from "./stage-story.ts";
import { stagesCommand } from "./stages.ts";

/** Above this many lines the stage before is no longer recognised in a difference: then it is two stages. */
const mostDifference = 40;

const scratch = (t: TestContext): string => {
  const directory = mkdtempSync(join(tmpdir(), "storey-stages-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

/** What a command prints. */
async function said(t: TestContext, command: Command, ...args: string[]): Promise<string> {
  const print = t.mock.method(console, "log", () => undefined);
  try {
    await command.parseAsync(args, { from: "user" });
    return print.mock.calls.map((call) => `${call.arguments}\n`).join("");
  } finally {
    print.mock.restore();
  }
}

describe("every stage that is written", () => {
  for (const [index, topology] of stages.entries()) {
    const { stage, name } = topology;

    it(`${name}: has nothing that the validator would refuse`, () => {
      assert.deepEqual(problemsOf(topology), []);
    });

    it(`${name}: has its number, its name and its file`, () => {
      assert.equal(stage, index + 1);
      assert.equal(name, fifteen[index]?.name);
      assert.ok(existsSync(join(checkout, stageFile(stage, name))));
    });

    it(`${name}: opens with what was before, is now, costs and is still to do`, () => {
      assert.deepEqual(Object.keys(storyOf(stage, name)), [...chapters]);
    });

    it(`${name}: is a small difference from the stage before`, () => {
      const before = stages[index - 1];
      const lines = before ? diffOf(before, topology).length : 0;
      assert.ok(lines <= mostDifference, `${lines} lines, at most ${mostDifference}: make two stages of it`);
    });
  }

  for (const [path, text] of filesOfStages()) {
    it(`${path} is what follows from the stages`, () => {
      const file = join(checkout, path);
      const there = existsSync(file) ? readFileSync(file, "utf8") : "";
      assert.ok(
        there === text,
        `${path} is not what follows from stages, drivers and reports. Run: ./storey stages --renew`,
      );
    });
  }

  it("stages/golden holds nothing else", () => {
    const known = [...filesOfStages().keys()];
    const held = readdirSync(join(checkout, "stages/golden")).map((name) => `stages/golden/${name}`);
    assert.deepEqual(
      held.filter((path) => !known.includes(path)),
      [],
    );
  });
});

describe("the proof of a stage", () => {
  const report = (root: string, folder: string, json: object) => {
    mkdirSync(join(root, "lab/results/02", folder), { recursive: true });
    writeFileSync(join(root, "lab/results/02", folder, "report.json"), JSON.stringify(json));
  };

  it("is the newest report that gives a verdict", (t) => {
    const root = scratch(t);
    assert.equal(newestProof(2, root), undefined);
    report(root, "2026-11-23-kills", { proven: true, date: "2026-11-23T10:00:00Z" });
    report(root, "2026-11-25-operations", { date: "2026-11-25T10:00:00Z" });
    report(root, "2026-11-24-journeys", { proven: true, date: "2026-11-24T10:00:00Z" });
    assert.deepEqual(newestProof(2, root), {
      what: "journeys",
      date: "2026-11-24T10:00:00Z",
      proven: true,
      path: "lab/results/02/2026-11-24-journeys/README.md",
    });
  });

  it("is no proof when the newest says that it failed", (t) => {
    const root = scratch(t);
    report(root, "2026-11-23-kills", { proven: true, date: "2026-11-23T10:00:00Z" });
    report(root, "2026-11-24-kills", { proven: false, date: "2026-11-24T10:00:00Z" });
    assert.equal(newestProof(2, root)?.proven, false);
  });
});

describe("storey stages and storey show", () => {
  it("lists all fifteen, as JSON too", async (t) => {
    const facts: { number: number; name: string }[] = JSON.parse(await said(t, stagesCommand(), "--json"));
    assert.deepEqual(
      facts.map(({ number, name }) => ({ number, name })),
      fifteen.map(({ number, name }) => ({ number, name })),
    );
    const words = await said(t, stagesCommand());
    for (const { name, adds } of fifteen) assert.match(words, new RegExp(`${name} +${adds}`));
  });

  it("shows a stage in words, as a value, as a difference and as a picture", async (t) => {
    const words = await said(t, showCommand(), "2");
    assert.match(words, /^Separate database, stage 2 of 15/);
    assert.match(words, /^Costs: {2}every statement crosses a network/m);
    const value = JSON.parse(await said(t, showCommand(), "separate-database", "--json"));
    assert.deepEqual(value, structuredClone(stages[1]));
    const golden = (what: string) => readFileSync(join(checkout, `stages/golden/02.${what}`), "utf8");
    assert.equal(await said(t, showCommand(), "2", "--diff"), golden("diff.txt"));
    const file = join(scratch(t), "two.svg");
    assert.equal(await said(t, showCommand(), "2", "--svg", file), `Wrote ${file}.\n`);
    assert.equal(readFileSync(file, "utf8"), golden("picture.svg"));
  });

  const refusals: readonly [string, string[]][] = [
    ["stage.unknown", ["16"]],
    ["stage.unwritten", ["cloud"]],
    ["show.cannot_write", ["1", "--svg", "no/such/folder/one.svg"]],
  ];
  for (const [code, args] of refusals) {
    it(`refuses with ${code}`, (t) => assert.rejects(said(t, showCommand(), ...args), { code }));
  }
});
