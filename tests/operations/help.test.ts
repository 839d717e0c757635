import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { before, describe, it } from "node:test";

const program = join(import.meta.dirname, "../../cli.ts");

async function help(...words: string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...words, "--help"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return text(child.stdout);
}

/** The commands that a help lists, but for `help` itself. */
function commandsIn(shown: string): string[] {
  const [, list = ""] = shown.split("\nCommands:\n");
  return [...list.matchAll(/^ {2}([a-z-]+)/gm)].flatMap(([, name]) =>
    name && name !== "help" ? [name] : [],
  );
}

describe("the command line's help", () => {
  let shown: Map<string, string>;
  before(async () => {
    const whole = commandsIn(await help());
    assert.ok(whole.length > 10, whole.join());
    const pages = new Map(await Promise.all(whole.map(async (name) => [name, await help(name)] as const)));
    for (const [name, page] of [...pages]) {
      const inner = commandsIn(page);
      if (inner.length === 0) continue;
      pages.delete(name);
      for (const each of inner) pages.set(`${name} ${each}`, await help(name, each));
    }
    shown = pages;
  });

  it("shows an example of every command", () => {
    for (const [name, page] of shown) {
      const [, example] = /^Examples?: +(?:\.\/)?storey (.*)$/m.exec(page) ?? [];
      assert.ok(example?.startsWith(name), `${name}: ${page}`);
    }
  });

  it("offers --json for machines with every command", () => {
    for (const [name, page] of shown) assert.match(page, /^ +--json /m, name);
  });

  it("means the instance by --name, wherever there is one", () => {
    for (const [name, page] of shown) {
      const [, meaning] = /^ +--name <name> +(.*)$/m.exec(page) ?? [];
      if (meaning) assert.match(meaning, /instance/, name);
    }
  });
});
