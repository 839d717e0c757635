import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CommandRefused } from "./refusals.ts";

/** Asks at the terminal, twice, without showing what is typed. Refuses where there is no terminal. */
export async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CommandRefused(
      "operator.no_terminal",
      "There is no terminal to ask for the password at. Give --password-file FILE, or - for standard input.",
    );
  }
  const first = await askHidden("Password: ");
  if ((await askHidden("Again: ")) === first) return first;
  throw new CommandRefused("operator.passwords_differ", "Those were two different passwords. Try again.");
}

/** Readline writes what is typed to its output: here into nothing. It edits lines and knows Ctrl-C, so we need not. */
async function askHidden(question: string): Promise<string> {
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nothing, terminal: true, historySize: 0 });
  const stopped = new Promise<never>((_resolve, reject) => {
    const refuse = () =>
      reject(new CommandRefused("command.interrupted", "Interrupted. Nothing was changed."));
    reader.once("SIGINT", refuse).once("close", refuse);
  });
  process.stderr.write(question);
  try {
    return await Promise.race([reader.question(""), stopped]);
  } finally {
    reader.close();
    process.stderr.write("\n");
  }
}
