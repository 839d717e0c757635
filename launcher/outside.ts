import { join } from "node:path";
import type { Site } from "./component.ts";
import type { Command } from "./host.ts";
import { readJson, writeJson } from "./json-file.ts";

/** How people from outside come to an instance, as it was said at its last start and holds for the next. */
export interface Outside {
  readonly domain?: string;
  readonly publicUrl?: string;
  /** Absolute paths of a chain and its key (PEM); whoever renews them replaces the files. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Where plain HTTP is answered with the way to TLS. */
  readonly plainPort?: number;
}

const fileIn = (directory: string): string => join(directory, "outside.json");

export const readOutside = async (directory: string): Promise<Outside> =>
  (await readJson<Outside>(fileIn(directory))) ?? {};

export const writeOutside = (directory: string, outside: Outside): Promise<void> =>
  writeJson(fileIn(directory), outside, 0o644);

/** The name of an entrance's key and chain in its own directory. */
const pemName = "outside.pem";

/** Puts an entrance's key and chain where it reads them, and nobody else: whole, or not at all. */
export async function putPem(site: Site, pem: string): Promise<string> {
  const { host, directory, account } = site;
  const file = join(directory, pemName);
  await host.putDirectory(directory, { mode: 0o700, account });
  await host.putFile(file, pem, { mode: 0o600, account });
  return file;
}

const setpriv = "/usr/bin/setpriv";
const firstFreePort = 1_024;

/**
 * A command that may listen on a port below 1024 although its account is not root, where the launcher is root: it gets
 * that one right and no other. Elsewhere the command as it is.
 */
export function mayListen(command: Command, ports: readonly number[]): Command {
  const { account, program, args, ...rest } = command;
  if (!account || process.platform !== "linux" || ports.every((port) => port >= firstFreePort))
    return command;
  const as = ["--reuid", String(account.uid), "--regid", String(account.gid), "--clear-groups"];
  const right = ["--inh-caps", "+net_bind_service", "--ambient-caps", "+net_bind_service"];
  return { ...rest, program: setpriv, args: [...as, ...right, "--", program, ...args] };
}
