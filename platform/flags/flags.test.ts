import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openFileConfig } from "#platform/config/drivers/file";
import { type FlagBoard, flagNames, flagTable } from "./api.ts";
import { openFlags } from "./open.ts";

describe("flags", () => {
  let directory: string;
  let file: string;
  let here: FlagBoard;
  let there: FlagBoard;
  const logged: string[] = [];
  const open = () =>
    openFlags(
      openFileConfig(directory, () => undefined),
      (message) => logged.push(message),
    );
  // Whole, as an operator's tools put it: one written in place is empty for a moment, and that is told as damage too.
  const put = async (text: string) => {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  const within = async (holds: () => boolean) => {
    const until = performance.now() + 1_000;
    while (!holds()) {
      assert.ok(performance.now() < until, "not within a second");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "storey-flags-"));
    await mkdir(directory, { recursive: true });
    file = join(directory, "flags.json");
    here = await open();
    there = await open();
  });
  after(async () => {
    await here.close();
    await there.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("have their defaults where nobody has set any", async () => {
    for (const name of flagNames) assert.equal(here.isOn(name), flagTable[name].byDefault);
    assert.equal(here.problem(), null);
  });

  it("are set at once where they are set, and within a second elsewhere", async () => {
    await here.set("facets", false);
    assert.equal(here.isOn("facets"), false);
    await within(() => !there.isOn("facets"));
    assert.equal(there.isOn("suggestions"), true);
    await there.set("facets", true);
    await within(() => here.isOn("facets"));
  });

  it("set by two at once are both set", async () => {
    await Promise.all([here.set("imports", false), there.set("registrations", false)]);
    const offIn = (board: FlagBoard) =>
      board
        .all()
        .filter(({ on }) => !on)
        .map(({ name }) => name);
    await within(() => offIn(here).join() === "imports,registrations" && offIn(there).length === 2);
    await here.set("registrations", true);
  });

  for (const [what, text] of [
    ["half a document", '{"facets": tr'],
    ["a list", "[]"],
    ["a value that is neither true nor false", '{"facets": "off", "imports": true}'],
  ] as const)
    it(`keep what held when they find ${what}, and tell`, async () => {
      await here.set("imports", false);
      logged.length = 0;
      await put(text);
      await within(() => here.problem() !== null && there.problem() !== null);
      assert.equal(here.isOn("imports"), false);
      assert.match(here.problem() ?? "", /still holds/);
      assert.equal(logged.length, 2, logged.join("\n"));
      await here.set("facets", true);
      assert.equal(here.problem(), null);
      await within(() => there.problem() === null);
      assert.deepEqual(JSON.parse(await readFile(file, "utf8")).imports, false, "what held was not kept");
    });

  it("leave alone what another release calls a flag, and tell of it", async () => {
    await put('{"teleport": "maybe", "facets": false}');
    await within(() => there.problem() !== null);
    assert.match(there.problem() ?? "", /teleport/);
    assert.equal(there.isOn("facets"), false);
    await there.set("facets", true);
    assert.deepEqual(JSON.parse(await readFile(file, "utf8")), { teleport: "maybe", facets: true });
  });

  it("have their defaults again when the document is gone", async () => {
    await rm(file);
    await within(() => here.problem() === null && here.all().every(({ on, byDefault }) => on === byDefault));
  });
});
