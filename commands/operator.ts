import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Command, Option } from "commander";
import type { Account, AccountDoor } from "#domains/account/api";
import { systemClock } from "#kernel/clock";
import { newContext, onBehalfOf } from "#kernel/context";
import { randomToken } from "#kernel/id";
import { expectDone, isRefusal } from "#kernel/refusal";
import { askPassword } from "./ask-password.ts";
import { openDoors } from "./doors.ts";
import { CommandRefused } from "./refusals.ts";

interface CreateOptions {
  readonly email: string;
  readonly called: string;
  readonly passwordFile?: string;
  readonly name: string;
  readonly instance?: string;
  readonly data?: string;
  readonly json?: true;
}

/** `storey operator`: who may see and steer the whole shop. */
export function operatorCommand(): Command {
  const create = new Command("create")
    .description("Make somebody an operator, while the shop runs or rests.")
    .requiredOption(
      "--email <address>",
      "whom; an account with this address is raised and keeps its password",
    )
    .requiredOption("--called <name>", "the operator's own name, as others see it")
    .option("--password-file <file>", "a file whose first line is the password, or - for standard input")
    .option("--name <name>", "which instance", "shop")
    .addOption(new Option("--instance <name>", "the same, as it was called before").hideHelp())
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "say who it is as one line of JSON")
    .addHelpText(
      "after",
      "\nWithout --password-file the password is asked for, twice, and not shown.\n\n" +
        'Example: storey operator create --email olga@shop.example --called "Olga Operator" --name shop',
    )
    .action(createOperator);
  const reset = new Command("reset-password")
    .description("Give somebody who has forgotten theirs a new password, while the shop runs or rests.")
    .requiredOption("--email <address>", "whose; every session of the account ends, and its lock opens")
    .option("--password-file <file>", "a file whose first line is the password, or - for standard input")
    .option("--name <name>", "which instance", "shop")
    .option("--data <dir>", "where instances are kept (or STOREY_DATA)")
    .option("--json", "say whose it is as one line of JSON")
    .addHelpText(
      "after",
      "\nWithout --password-file the password is asked for, twice, and not shown.\n\n" +
        "Example: storey operator reset-password --email ada@example.com",
    )
    .action(resetPassword);
  return new Command("operator")
    .description("Make operators, and do what only they may.")
    .addCommand(create)
    .addCommand(reset);
}

async function createOperator(options: CreateOptions): Promise<void> {
  requireWho(options);
  const say = options.json ? () => undefined : (line: string) => console.log(line);
  const log = (message: string, error?: unknown) => console.error(message, error ?? "");
  const shop = await openDoors({ name: options.instance ?? options.name, ...pick(options) }, log);
  try {
    const password = await passwordOf(options);
    const startedAt = systemClock.now();
    const account = await appoint(shop.doors.account, {
      email: options.email,
      name: options.called,
      password,
    });
    if (options.json) console.log(JSON.stringify(account));
    else if (Date.parse(account.createdAt) >= startedAt) say(`${account.email} is an operator now.`);
    else say(`${account.email} had an account: it is an operator now, and keeps its name and its password.`);
  } finally {
    await shop.close();
  }
}

type ResetOptions = Pick<CreateOptions, "email" | "passwordFile" | "name" | "data" | "json">;

async function resetPassword(options: ResetOptions): Promise<void> {
  requireEmail(options);
  const log = (message: string, error?: unknown) => console.error(message, error ?? "");
  const shop = await openDoors(options, log);
  try {
    const password = await passwordOf(options);
    const { email } = options;
    const account = await shop.doors.account.resetPassword(ownContext(), { email, password });
    if (isRefusal(account)) throw new CommandRefused("operator.no_account", account.message);
    if (options.json) console.log(JSON.stringify(account));
    else console.log(`${account.email} has a new password; every session it had has ended.`);
  } finally {
    await shop.close();
  }
}

const pick = ({ data }: CreateOptions) => (data === undefined ? {} : { data });

/** The same bounds as the account's door; said here before a password is asked for. */
const shortest = 10;
const longest = 200;

function requireEmail({ email }: Pick<CreateOptions, "email">): void {
  if (/^[^\s@]+@[^\s@]+$/.test(email) && email.length <= 254) return;
  throw new CommandRefused("operator.bad_email", `"${email}" is no e-mail address. Give one with --email.`);
}

function requireWho({ email, called }: CreateOptions): void {
  requireEmail({ email });
  if (called.trim() !== "" && called.length <= 100) return;
  throw new CommandRefused("operator.bad_name", "Give a name of 1 to 100 letters with --called.");
}

async function passwordOf({ passwordFile }: Pick<CreateOptions, "passwordFile">): Promise<string> {
  const password = passwordFile === undefined ? await askPassword() : await firstLine(passwordFile);
  if (password.length >= shortest && password.length <= longest) return password;
  throw new CommandRefused(
    "operator.bad_password",
    `The password has ${password.length} characters. Choose one of ${shortest} to ${longest}.`,
  );
}

async function firstLine(path: string): Promise<string> {
  const whole = await (path === "-" ? text(process.stdin) : readFile(path, "utf8")).catch((error: Error) => {
    throw new CommandRefused(
      "operator.no_password",
      `${path} cannot be read (${error.message}). Name a file that this user may read, or - for standard input.`,
    );
  });
  return whole.split(/\r?\n/, 1)[0] ?? "";
}

/** A hash takes a tenth of a second; what is left is for a machine that has much to do. */
const appointMs = 30_000;

function appoint(
  account: AccountDoor,
  input: Parameters<AccountDoor["appointOperator"]>[1],
): Promise<Account> {
  return account.appointOperator(ownContext(), input).then(expectDone);
}

const ownContext = () =>
  onBehalfOf(newContext({ deadline: systemClock.now() + appointMs, trace: randomToken() }), "operator");
