import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { randomToken } from "#kernel/id";
import { type ContentType, type Files, nameOf, typeOf } from "../api.ts";

/**
 * Files in a directory, in 256 folders by the first two digits of the hash: 4,000 a folder for a million.
 * A file appears whole or not at all: it is written beside, synced, and moved into place.
 */
export function openDisk(directory: string): Files {
  const incoming = join(directory, "incoming");
  const folders = new Map<string, Promise<unknown>>();
  const ready = (folder: string) => {
    const made = folders.get(folder) ?? mkdir(folder, { recursive: true });
    folders.set(folder, made);
    // A disk that was full a moment ago may have room now.
    made.catch(() => folders.delete(folder));
    return made;
  };
  const pathOf = (name: string) => join(directory, name.slice(0, 2), name);

  return {
    put: async (bytes, contentType) => {
      const name = nameOf(bytes, contentType);
      const path = pathOf(name);
      if ((await sizeOf(path)) !== bytes.length) {
        await Promise.all([ready(incoming), ready(join(directory, name.slice(0, 2)))]);
        const beside = join(incoming, randomToken());
        await writeSynced(beside, bytes).then(
          () => rename(beside, path),
          async (error) => {
            await rm(beside, { force: true });
            throw error;
          },
        );
      }
      return `/files/${name}`;
    },
    open: async (name) => {
      const contentType = typeOf(name);
      const size = contentType && (await sizeOf(pathOf(name)));
      return contentType && size !== undefined ? storedFile(pathOf(name), contentType, size) : undefined;
    },
  };
}

const storedFile = (path: string, contentType: ContentType, size: number) => ({
  contentType,
  size,
  get stream() {
    return createReadStream(path);
  },
});

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
}
