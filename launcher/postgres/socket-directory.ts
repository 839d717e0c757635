import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, mkdir, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Account } from "../host.ts";
import { loopback } from "../loopback.ts";
import { LaunchRefused, refuseUnwritable } from "../refused.ts";

/** A socket's path may have 103 bytes on macOS, 107 on Linux; the file in it is called ".s.PGSQL.5432.lock". */
const longestBytes = 84;

/**
 * The directory of the server's socket, which only the server's user may enter: in the data directory, or, where
 * that path is too long or holds characters that clients trip over, a short one made for that data directory.
 */
export async function openSocketDirectory(
  dataDir: string,
  account?: Account,
  inside = join(dataDir, "socket"),
): Promise<string> {
  const directory = isPlain(inside) ? inside : join(await openBase(), key(dataDir));
  await refuseUnwritable(directory, () => loopback.putDirectory(directory, { mode: 0o700, account }));
  return directory;
}

/** Removes the directory of a server that was stopped; the next start makes it again. */
export async function closeSocketDirectory(directory: string): Promise<void> {
  // Not empty: a server was started there since, or it lies in the data directory.
  await rmdir(directory).catch(() => undefined);
  await rmdir(dirname(directory)).catch(() => undefined);
}

function isPlain(path: string): boolean {
  return Buffer.byteLength(path) <= longestBytes && /^[\w./-]+$/.test(path);
}

function key(dataDir: string): string {
  return createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
}

async function openBase(): Promise<string> {
  if (process.getuid?.() === 0 && existsSync("/run")) {
    await refuseUnwritable("/run/storey", () => loopback.putDirectory("/run/storey", { mode: 0o711 }));
    return "/run/storey";
  }
  const uid = process.getuid?.();
  const homes = [process.env["XDG_RUNTIME_DIR"], tmpdir()].filter(
    (home) => home && isPlain(join(home, "x".repeat(34))),
  );
  const base = join(homes[0] ?? "/tmp", `storey-${uid}`);
  await refuseUnwritable(base, () => mkdir(base, { recursive: true, mode: 0o700 }));
  const found = await lstat(base);
  // Under /tmp another user could have made it first, to listen in our place.
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return base;
  const next = "Remove it, or set TMPDIR to a directory of your own.";
  throw new LaunchRefused("launch.unwritable", `${base} is not a private directory of this user. ${next}`);
}
