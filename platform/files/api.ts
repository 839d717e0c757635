import { createHash } from "node:crypto";
import type { Readable } from "node:stream";

/** Pictures by the hash of their content: the same bytes have one address, and it never shows others. */
export interface Files {
  /** Keeps the bytes and returns their address, `/files/<hash>.<ending>`. Again: changes nothing. */
  put(bytes: Uint8Array, contentType: ContentType): Promise<string>;
  /** The file that the last part of an address names; undefined if there is none, whatever the name is. */
  open(name: string): Promise<StoredFile | undefined>;
}

export interface StoredFile {
  readonly contentType: ContentType;
  /** Bytes. */
  readonly size: number;
  /** The content from its beginning; nothing is opened before it is asked for. */
  readonly stream: Readable;
}

/** What may be kept, with the ending that says so in an address. */
const endings = {
  "image/avif": "avif",
  "image/gif": "gif",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/webp": "webp",
} as const;
export type ContentType = keyof typeof endings;

const typesByEnding = new Map<string, ContentType>();
for (const [type, ending] of Object.entries(endings)) typesByEnding.set(ending, type as ContentType);

const name = /^[0-9a-f]{64}\.(?<ending>[a-z]+)$/;

/** The name of a file: SHA-256 of its bytes and the ending of its type. */
export function nameOf(bytes: Uint8Array, contentType: ContentType): string {
  if (!Object.hasOwn(endings, contentType)) throw new Error(`files of type ${contentType} are not kept`);
  return `${createHash("sha256").update(bytes).digest("hex")}.${endings[contentType]}`;
}

/** The type that a name says; undefined for what cannot be a file's name, such as a way out of a folder. */
export const typeOf = (text: string): ContentType | undefined =>
  typesByEnding.get(name.exec(text)?.groups?.["ending"] ?? "");
