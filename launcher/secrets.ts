import { hkdfSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import { damaged, readJson, writeJson } from "./json-file.ts";

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

export const secretsName = "secrets.json";

/** Reads the secrets of an instance, making them at its first start. */
export async function openSecrets(directory: string): Promise<Secrets> {
  const path = join(directory, secretsName);
  return derive((await read(path)) ?? (await generate(path)));
}

/** Reads the secrets of an instance without making any; undefined where there are none. */
export async function readSecrets(directory: string): Promise<Secrets | undefined> {
  const stored = await read(join(directory, secretsName));
  return stored && derive(stored);
}

function derive(stored: SecretsFile): Secrets {
  return {
    superuserPassword: stored.superuserPassword,
    secret: (name) => {
      const key = hkdfSync("sha256", Buffer.from(stored.root, "base64url"), "storey", name, 32);
      return Buffer.from(key).toString("base64url");
    },
  };
}

async function read(path: string): Promise<SecretsFile | undefined> {
  const stored = await readJson<SecretsFile>(path);
  if (!stored) return undefined;
  const { superuserPassword, root } = stored;
  if (!superuserPassword || !root || root.length < 43) throw damaged(path);
  return { superuserPassword, root };
}

async function generate(path: string): Promise<SecretsFile> {
  const made: SecretsFile = {
    superuserPassword: randomBytes(24).toString("base64url"),
    root: randomBytes(32).toString("base64url"),
  };
  await writeJson(path, made, 0o600);
  return made;
}
