import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { checkout } from "#commands/instance";
import { noBrowser, widths } from "./browser.ts";
import { states } from "./states.ts";
import { openWorld, type World } from "./world.ts";

const start = promisify(execFile);

/** Width and height as a PNG says them in its first chunk. */
const sizeOf = (png: Buffer) => ({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) });

describe("storey screens", { skip: noBrowser }, () => {
  let world: World;
  let out: string;
  before(async () => {
    world = await openWorld();
    out = await mkdtemp(join(tmpdir(), "storey-screens-"));
  });
  after(async () => {
    await world?.close();
    await rm(out, { recursive: true, force: true });
  });

  it("photographs what anybody may see of a running shop, at both widths, and one sheet of all", async () => {
    const { stdout } = await start("./storey", ["screens", "--url", world.url, "--out", out, "--json"], {
      cwd: checkout,
    });
    assert.deepEqual(JSON.parse(stdout), { directory: out, whole: true });
    const anybodys = states.filter(({ as, shop, act }) => !as && !shop && !act);
    const shown = anybodys.filter(({ name }) => !name.startsWith("sandbox"));
    assert.ok(shown.length > 10);
    const wanted = shown.flatMap(({ name }) => widths.map((width) => `${name}-${width}.png`));
    const there = await readdir(out);
    assert.deepEqual(there.sort(), [...wanted, "contact-sheet.png", "index.html"].sort());
    for (const width of widths) {
      const home = await readFile(join(out, `home-${width}.png`));
      assert.equal(sizeOf(home).width, width);
      assert.ok(home.length > 20_000, "a page with products on it");
    }
    assert.ok(sizeOf(await readFile(join(out, "contact-sheet.png"))).height > 1_200);
  });

  it("says what is wrong with a shop that is not there", async () => {
    const asked = start("./storey", ["screens", "--url", "http://127.0.0.1:1", "--out", out, "--json"], {
      cwd: checkout,
    });
    const failed = await asked.then(
      () => undefined,
      (error: { code: number; stdout: string }) => error,
    );
    assert.ok(failed && failed.code !== 0);
    assert.equal(JSON.parse(failed.stdout).whole, false);
  });
});
