import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { Account, Host } from "../host.ts";
import { LaunchRefused, refuseUnwritable } from "../refused.ts";

/** A socket's path may have 103 bytes on macOS, 107 on Linux; the file in it is called ".s.PGSQL.5432.lock". */
const longestBytes = 84;

/**
 * The directory of the server's socket, which only the server's user may enter: in the data directory, or, where
 * that path is too long or holds characters that clients trip over, a short one made for that data directory.
 */
export async function openSocketDirectory(
  host: Host,
  at: { dataDir: string; account: Account | undefined; inside?: string },
): Promise<string> {
  const { dataDir, account, inside = join(dataDir, "socket") } = at;
  const directory = isPlain(inside) ? inside : join(await openBase(host), key(dataDir));
  await refuseUnwritable(directory, () => host.putDirectory(directory, { mode: 0o700, account }));
  return directory;
}

/** Removes the directory of a server that was stopped; the next start makes it again. */
export async function closeSocketDirectory(host: Host, directory: string): Promise<void> {
  // It refuses one that is not empty: a server was started there since, or it lies in the data directory.
  const args = [directory, dirname(directory)];
  await host.run({ program: "/bin/rmdir", args }, 5_000).catch(() => undefined);
}

function isPlain(path: string): boolean {
  return Buffer.byteLength(path) <= longestBytes && /^[\w./-]+$/.test(path);
}

function key(dataDir: string): string {
  return createHash("sha256").update(dataDir).digest("hex").slice(0, 12);
}

async function openBase(host: Host): Promise<string> {
  const { uid, temporaryDirectories } = host;
  if (uid === 0 && (await host.look("/run"))) {
    await refuseUnwritable("/run/storey", () => host.putDirectory("/run/storey", { mode: 0o711 }));
    return "/run/storey";
  }
  const home = temporaryDirectories.find((each) => isPlain(join(each, "x".repeat(34)))) ?? "/tmp";
  const base = join(home, `storey-${uid}`);
  await refuseUnwritable(base, async () => {
    if (!(await host.look(base))) await host.putDirectory(base, { mode: 0o700 });
  });
  const found = await host.look(base);
  // Under /tmp another user could have made it first, to listen in our place.
  if (found?.kind === "directory" && found.uid === uid && (found.mode & 0o077) === 0) return base;
  const next = "Remove it, or set TMPDIR to a directory of your own.";
  throw new LaunchRefused("launch.unwritable", `${base} is not a private directory of this user. ${next}`);
}
