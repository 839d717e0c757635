import { join } from "node:path";
import { damaged, readJson, writeJson } from "./json-file.ts";
import { type Lock, takeLock } from "./lock.ts";
import { loopback } from "./loopback.ts";
import { LaunchRefused, refuseUnwritable } from "./refused.ts";
import { finishReplacement, refuseHalfReplaced } from "./replacement.ts";
import { openSecrets, readSecrets, type Secrets } from "./secrets.ts";

/** The layout of the directory. Raised when an older program could no longer read it. */
const formatVersion = 1;

export type Purpose = "demo" | "production";

/** What can be known of an instance without holding it. */
export interface InstanceFacts extends Secrets {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  readonly createdAt: Date;
  /** 1 to 15. */
  readonly stage: number;
  /** What its first start was for; undefined before it. It never changes: demo accounts have well-known passwords. */
  readonly purpose: Purpose | undefined;
  /** Absolute paths of what lies in the directory. `postgres` is made by `startPostgres`, the others exist. */
  readonly paths: {
    readonly postgres: string;
    readonly files: string;
    readonly build: string;
    /** Made by whoever changes a setting first. */
    readonly settings: string;
    readonly logs: string;
  };
}

/** A running or resting shop: a name, and a data directory that remembers its stage. Held by one process at a time. */
export interface Instance extends InstanceFacts {
  rememberStage(stage: number): Promise<void>;
  rememberPurpose(purpose: Purpose): Promise<void>;
  /** Lets another process open it. */
  close(): void;
}

interface InstanceFile {
  format: number;
  name: string;
  stage: number;
  createdAt: string;
  purpose?: Purpose;
}

/**
 * Opens the instance `name` under `dataRoot`, making it at its first start, and holds it until `close` or the end of
 * this process. Throws LaunchRefused: `launch.in_use`, `launch.data_newer`, `launch.data_unknown`,
 * `launch.name_invalid`, `launch.unwritable`, `launch.disk_full`, `launch.restore_unfinished`.
 */
export async function openInstance(options: { name: string; dataRoot: string }): Promise<Instance> {
  const held = await holdDirectory(options);
  return refuseUnwritable(held.directory, async () => {
    try {
      await refuseHalfReplaced(held.directory);
      await finishReplacement(held.directory);
      return await openLocked(options.name, held.directory, held.lock);
    } catch (error) {
      held.lock.release();
      throw error;
    }
  });
}

/**
 * What an instance is, read without holding it: for working beside the process that has it. Undefined where there is
 * none.
 */
export async function lookAtInstance(options: {
  name: string;
  dataRoot: string;
}): Promise<InstanceFacts | undefined> {
  const directory = directoryOf(options);
  const stored = await readInstance(join(directory, "instance.json"));
  const secrets = stored && (await readSecrets(directory));
  if (!secrets) return undefined;
  const { name, stage, createdAt, purpose } = stored;
  const paths = pathsIn(directory);
  return { ...secrets, name, directory, stage, purpose, createdAt: new Date(createdAt), paths };
}

/**
 * Takes the directory of an instance for this process, making it if need be and nothing in it. Throws LaunchRefused:
 * `launch.in_use`, `launch.name_invalid`, `launch.unwritable`, `launch.disk_full`.
 */
export async function holdDirectory(options: {
  name: string;
  dataRoot: string;
}): Promise<{ directory: string; lock: Lock }> {
  const directory = directoryOf(options);
  return refuseUnwritable(directory, async () => {
    await makeDirectory(directory);
    return { directory, lock: lockOrRefuse(directory) };
  });
}

function directoryOf({ name, dataRoot }: { name: string; dataRoot: string }): string {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) return join(dataRoot, name);
  const rule = "use 1 to 40 small letters, digits and hyphens";
  throw new LaunchRefused("launch.name_invalid", `"${name}" cannot name an instance: ${rule}.`);
}

/** Where things lie in the directory of an instance. */
export const pathsIn = (directory: string): InstanceFacts["paths"] => ({
  postgres: join(directory, "postgres"),
  files: join(directory, "files"),
  build: join(directory, "build"),
  settings: join(directory, "settings"),
  logs: join(directory, "logs"),
});

/** The directory of one component of an instance. */
export const componentDirectory = (instanceDirectory: string, name: string): string =>
  join(instanceDirectory, "components", name);

async function openLocked(name: string, directory: string, lock: Lock): Promise<Instance> {
  const path = join(directory, "instance.json");
  const known = await readInstance(path);
  const created: InstanceFile = {
    format: formatVersion,
    name,
    stage: 1,
    createdAt: new Date().toISOString(),
  };
  const secrets = await openSecrets(directory);
  const paths = pathsIn(directory);
  for (const each of [paths.files, paths.build, paths.logs])
    await loopback.putDirectory(each, { mode: 0o700 });
  let stored = known ?? created;
  if (!known) await writeInstance(path, stored);
  const remember = async (change: Partial<InstanceFile>) => {
    const next = { ...stored, ...change };
    await refuseUnwritable(path, () => writeInstance(path, next));
    stored = next;
  };
  return {
    ...secrets,
    name,
    directory,
    paths,
    createdAt: new Date(stored.createdAt),
    get stage() {
      return stored.stage;
    },
    get purpose() {
      return stored.purpose;
    },
    rememberStage: (stage) => remember({ stage }),
    rememberPurpose: (purpose) => remember({ purpose }),
    close: () => lock.release(),
  };
}

/** What `openInstance` finds in a directory that a restore has filled. */
export function describeInstance(of: Omit<InstanceFile, "format">): object {
  const file: InstanceFile = { format: formatVersion, ...of };
  return file;
}

async function makeDirectory(directory: string): Promise<void> {
  // As root the database runs as another user, who has to pass through to its own folder.
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  await loopback.putDirectory(directory, { mode });
}

function lockOrRefuse(directory: string): Lock {
  try {
    return takeLock(directory);
  } catch (error) {
    if (!(error as Error).message.includes("unable to open database file")) throw error;
    throw Object.assign(new Error(`${directory} cannot be locked`, { cause: error }), { code: "EACCES" });
  }
}

async function readInstance(path: string): Promise<InstanceFile | undefined> {
  const stored = await readJson<InstanceFile>(path);
  if (!stored) return undefined;
  const { format, name, stage, createdAt, purpose } = stored;
  if (format && format > formatVersion) {
    const found = `${path} was written by a newer Storey (format ${format}, this one knows ${formatVersion}).`;
    throw new LaunchRefused("launch.data_newer", `${found} Start it with that version or a later one.`);
  }
  if (!format || !name || !stage || !createdAt) throw damaged(path);
  return { format, name, stage, createdAt, ...(purpose ? { purpose } : {}) };
}

function writeInstance(path: string, stored: InstanceFile): Promise<void> {
  return writeJson(path, stored, 0o644);
}
