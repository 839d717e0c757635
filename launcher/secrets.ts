import { hkdfSync, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loopback } from "./loopback.ts";
import { LaunchRefused } from "./refused.ts";

export interface Secrets {
  /** Of the database's superuser. */
  readonly superuserPassword: string;
  /** The secret of that name, the same at every start: 43 characters of base64url, 256 bits. */
  secret(name: string): string;
}

interface SecretsFile {
  superuserPassword: string;
  /** 32 bytes in base64url, from which every named secret is derived. */
  root: string;
}

/** Reads the secrets of an instance, making them at its first start. */
export async function openSecrets(directory: string): Promise<Secrets> {
  const path = join(directory, "secrets.json");
  const stored = (await read(path)) ?? (await generate(path));
  return {
    superuserPassword: stored.superuserPassword,
    secret: (name) => {
      const key = hkdfSync("sha256", Buffer.from(stored.root, "base64url"), "storey", name, 32);
      return Buffer.from(key).toString("base64url");
    },
  };
}

async function read(path: string): Promise<SecretsFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const stored: Partial<SecretsFile> = JSON.parse(text);
  if (
    typeof stored.superuserPassword === "string" &&
    typeof stored.root === "string" &&
    stored.root.length >= 43
  ) {
    return { superuserPassword: stored.superuserPassword, root: stored.root };
  }
  throw new LaunchRefused("launch.data_unknown", `${path} is damaged. Put it back from your backup.`);
}

async function generate(path: string): Promise<SecretsFile> {
  const made: SecretsFile = {
    superuserPassword: randomBytes(24).toString("base64url"),
    root: randomBytes(32).toString("base64url"),
  };
  await loopback.putFile(path, `${JSON.stringify(made, undefined, 2)}\n`, { mode: 0o600 });
  return made;
}
