import { createHash } from "node:crypto";

/** The layout of a backup. Raised when an older program could no longer read it. */
export const formatVersion = 1;

/** What stands at the beginning of a backup. */
export interface Head {
  readonly format: number;
  /** The version of the program that made it. */
  readonly product: string;
  /** ISO 8601, UTC: the moment that the rows show. */
  readonly madeAt: string;
  readonly instance: {
    readonly name: string;
    readonly stage: number;
    readonly createdAt: string;
    readonly purpose?: "demo" | "production";
    /** With how much of the demo's catalogue it was filled at its first start. */
    readonly seeded?: { readonly products: number; readonly shops: number };
  };
  /** The version of the database server it was read from. Any other one takes it in as well. */
  readonly server: string;
}

/** What stands at the end of a backup: all that is in it, counted and sealed. */
export interface Manifest extends Head {
  readonly schemas: readonly SchemaManifest[];
  /** Of all files one after the other: their paths, sizes and contents. */
  readonly files: Seal & { readonly count: number };
  readonly secrets: Seal;
}

export interface SchemaManifest {
  readonly name: string;
  readonly migrations: readonly { readonly name: string; readonly digest: string }[];
  readonly tables: readonly TableManifest[];
}

export interface TableManifest extends Seal {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: number;
}

/** How many bytes something has, and their SHA-256 in hexadecimal digits. */
export interface Seal {
  readonly bytes: number;
  readonly sha256: string;
}

/** Counts and hashes bytes that pass by. */
export interface Sealing {
  add(bytes: Buffer | string): void;
  seal(): Seal;
}

export function startSeal(): Sealing {
  const hash = createHash("sha256");
  let count = 0;
  return {
    add: (bytes) => {
      hash.update(bytes);
      count += Buffer.byteLength(bytes);
    },
    seal: () => ({ bytes: count, sha256: hash.digest("hex") }),
  };
}

/** The names of what is in the archive. */
export const names = {
  head: "backup.json",
  secrets: "secrets.json",
  manifest: "manifest.json",
  /** Parts are numbered from 1, so that a large table never has to be held whole. */
  part: (schema: string, table: string, part: number) =>
    `tables/${schema}/${table}/${String(part).padStart(6, "0")}.copy`,
  file: (path: string) => `files/${path}`,
};

/** What a name in the archive names; undefined for what this version does not know. */
export function whatIs(
  name: string,
): { kind: "part"; schema: string; table: string } | { kind: "file"; path: string } | undefined {
  const part = /^tables\/(?<schema>[^/]+)\/(?<table>[^/]+)\/\d{6,}[.]copy$/.exec(name)?.groups;
  if (part) return { kind: "part", schema: part["schema"] ?? "", table: part["table"] ?? "" };
  const path = /^files\/(?<path>.+)$/.exec(name)?.groups?.["path"];
  // A name that leads out of the directory is nobody's.
  if (path === undefined || path.split("/").some((step) => step === "" || step === "." || step === ".."))
    return undefined;
  return { kind: "file", path };
}

/** What is said of a file before its contents, in the seal of all files. */
export const sealedName = (path: string, size: number): string => `${path}\0${size}\0`;
