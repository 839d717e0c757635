/** Why a backup cannot be written or read. Stable. */
export type BackupCode =
  | "backup.damaged"
  | "backup.disk_full"
  | "backup.file_exists"
  | "backup.no_file"
  | "backup.interrupted"
  | "backup.newer_format"
  | "backup.not_a_backup"
  | "backup.truncated"
  | "backup.unwritable";

/** A backup that cannot be written or read. Its message says what to do next. */
export class BackupRefused extends Error {
  readonly code: BackupCode;
  constructor(code: BackupCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "BackupRefused";
    this.code = code;
  }
}

/** What becomes of a backup or a restore that was told to stop. */
export const interruptedHere = (cause: unknown): BackupRefused =>
  new BackupRefused("backup.interrupted", "Interrupted. Nothing was changed, and nothing was left behind.", {
    cause,
  });
