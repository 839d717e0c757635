/** Why a launch was refused. Stable: callers, tests and documents refer to them. */
export type LaunchCode =
  | "launch.component_failed"
  | "launch.data_newer"
  | "launch.data_older"
  | "launch.data_unreachable"
  | "launch.data_unknown"
  | "launch.disk_full"
  | "launch.in_use"
  | "launch.name_invalid"
  | "launch.no_account"
  | "launch.no_addresses"
  | "launch.no_base"
  | "launch.no_binaries"
  | "launch.no_hosts"
  | "launch.no_memory"
  | "launch.no_packages"
  | "launch.no_ports"
  | "launch.not_empty"
  | "launch.restore_unfinished"
  | "launch.secrets_mismatch"
  | "launch.server_failed"
  | "launch.unwritable"
  | "switchover.busy"
  | "switchover.failed"
  | "switchover.leads_already"
  | "switchover.no_candidate"
  | "switchover.unknown";

/** A start that cannot go on until somebody does what the message says. Nothing was left half done. */
export class LaunchRefused extends Error {
  readonly code: LaunchCode;

  constructor(code: LaunchCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "LaunchRefused";
    this.code = code;
  }
}

const writeErrors: Record<string, LaunchCode> = {
  ENOSPC: "launch.disk_full",
  EDQUOT: "launch.disk_full",
  EACCES: "launch.unwritable",
  EPERM: "launch.unwritable",
  EROFS: "launch.unwritable",
  // A file where a directory should be.
  ENOTDIR: "launch.unwritable",
  EEXIST: "launch.unwritable",
};

/** Runs `write`; a disk that is full or a path that may not be written becomes a coded refusal naming `path`. */
export async function refuseUnwritable<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const code = writeErrors[(error as NodeJS.ErrnoException).code ?? ""];
    if (code === "launch.disk_full") throw diskFull(path, error);
    if (code) {
      const reason = `${path} cannot be written (${(error as Error).message}).`;
      const next = "Give this user the directory, or choose another one with --data.";
      throw new LaunchRefused(code, `${reason} ${next}`, { cause: error });
    }
    throw error;
  }
}

/** The refusal for a full disk under `path`. */
export function diskFull(path: string, cause?: unknown): LaunchRefused {
  const next = "Free some space (300 MB is plenty to start), then start again; nothing was lost.";
  return new LaunchRefused("launch.disk_full", `The disk that holds ${path} is full. ${next}`, { cause });
}
