import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Command } from "commander";

/** The program as `cli.ts` makes it, which parses no arguments here: loading it once for each help takes a second. */
async function theProgram(): Promise<Command> {
  const { parseAsync } = Command.prototype;
  let program: Command | undefined;
  Command.prototype.parseAsync = async function (this: Command) {
    program = this;
    return this;
  };
  try {
    await import("../../cli.ts");
  } finally {
    Command.prototype.parseAsync = parseAsync;
  }
  assert.ok(program);
  return program;
}

/** What `--help` prints. */
function helpOf(command: Command): string {
  let shown = "";
  command.configureOutput({ writeOut: (text) => (shown += text) });
  command.outputHelp();
  return shown;
}

/** Commands that people type, with the words before them, and those inside them. */
function typed(command: Command, before = ""): [name: string, command: Command][] {
  const visible = new Set(command.createHelp().visibleCommands(command));
  return command.commands
    .filter((each) => visible.has(each))
    .flatMap((each): [string, Command][] => {
      const name = `${before}${each.name()}`;
      return each.commands.length > 0 ? typed(each, `${name} `) : [[name, each]];
    });
}

describe("the command line's help", () => {
  let shown: [name: string, page: string][];
  before(async () => {
    shown = typed(await theProgram()).map(([name, command]) => [name, helpOf(command)]);
    assert.ok(shown.length > 15, shown.map(([name]) => name).join());
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
