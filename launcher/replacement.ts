import { mkdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readJson, writeJson } from "./json-file.ts";
import { LaunchRefused } from "./refused.ts";

/**
 * New data for an instance, made beside the old and put in its place by one rename. In the directory of the instance:
 *
 * restoring/         being filled. Whoever finds it finds a restore that was interrupted, and the old data untouched.
 * restored/          whole: the rename was the decision. Whoever opens the instance moves what is still to be moved.
 * replaced-<time>/   the data that was there before; nobody deletes it but its owner.
 */
const unfinished = "restoring";
const finished = "restored";
const decision = "decision.json";
/** What belongs to the data, in the order of moving. `build` and `logs` stay: they are made again. */
const replaced = [
  "postgres",
  "components",
  // The log of another cluster would be in the way of the new one's.
  "archive",
  "files",
  "seeded.json",
  "secrets.json",
  "instance.json",
] as const;

/** Where new data is made; empty. What an interrupted one before left is removed: it was never anybody's data. */
export async function beginReplacement(directory: string): Promise<string> {
  const place = join(directory, unfinished);
  await rm(place, { recursive: true, force: true });
  // As root the database runs as another user, who has to pass through to its own folder.
  await mkdir(place, { mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  return place;
}

/** Removes what was begun. */
export async function abandonReplacement(directory: string): Promise<void> {
  await rm(join(directory, unfinished), { recursive: true, force: true });
}

/**
 * Puts what was made in the place of what is there, now or, after a kill, when the instance is opened the next time.
 * Answers where the old data is now, if there was any. No server may run on either.
 */
export async function decideReplacement(directory: string, at: Date): Promise<string | undefined> {
  const aside = `replaced-${at
    .toISOString()
    .replaceAll(/[-:]|[.]\d+/g, "")
    .toLowerCase()}`;
  const brings = await Promise.all(
    replaced.map(async (name) => ((await exists(join(directory, unfinished, name))) ? [name] : [])),
  );
  await writeJson(join(directory, unfinished, decision), { aside, brings: brings.flat() }, 0o600);
  await rename(join(directory, unfinished), join(directory, finished));
  return finishReplacement(directory);
}

/** Moves into place what a decided replacement has not moved yet. Where there is none nothing happens. */
export async function finishReplacement(directory: string): Promise<string | undefined> {
  const from = join(directory, finished);
  if (!(await exists(from))) return undefined;
  const { aside, brings } = (await readJson<Decision>(join(from, decision))) ?? {};
  // Without a decision everything was moved, and only the empty directory was left.
  const kept = aside && (await moveAll(directory, from, join(directory, aside), brings));
  await rm(join(from, decision), { force: true });
  await rmdir(from);
  return kept || undefined;
}

interface Decision {
  aside: string;
  /** What the new data has; what only the old has goes aside as well: at another stage other things lie elsewhere. */
  brings: string[];
}

/** Each move is made once, whatever was killed in between. Answers `aside` if anything lies there. */
async function moveAll(
  directory: string,
  from: string,
  aside: string,
  brings: readonly string[] = replaced,
): Promise<string | undefined> {
  await mkdir(aside, { recursive: true, mode: 0o700 });
  for (const name of replaced) {
    if (!brings.includes(name) && (await exists(join(directory, name)))) {
      await rename(join(directory, name), join(aside, name));
    }
    if (!(await exists(join(from, name)))) continue;
    if (await exists(join(directory, name))) await rename(join(directory, name), join(aside, name));
    await rename(join(from, name), join(directory, name));
  }
  const isEmpty = await rmdir(aside).then(
    () => true,
    () => false,
  );
  return isEmpty ? undefined : aside;
}

/** Refuses a directory in which a restore was interrupted before its data was whole. */
export async function refuseHalfReplaced(directory: string): Promise<void> {
  const place = join(directory, unfinished);
  if (!(await exists(place))) return;
  const hasOld = await exists(join(directory, "instance.json"));
  const either = `Run \`restore\` again, or remove ${place} to go on with`;
  const data = hasOld ? "the data from before, which is untouched" : "an empty shop";
  throw new LaunchRefused(
    "launch.restore_unfinished",
    `A restore of ${directory} was interrupted. ${either} ${data}.`,
  );
}

/** Whether the directory holds the data of an instance. */
export const hasData = async (directory: string): Promise<boolean> =>
  (await exists(join(directory, "postgres"))) ||
  (await exists(join(directory, "components"))) ||
  (await exists(join(directory, finished)));

const exists = (path: string) =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
