import { FaultRefused } from "#lab/faults/fault";
import { LaunchRefused } from "#launcher/refused";
import { BackupRefused } from "#platform/backup/refused";
import { MigrationRefused } from "#platform/database/migrate";

/** A command that cannot go on for a reason its user can mend: one sentence that says how. Exits with 1. */
export class CommandRefused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "CommandRefused";
    this.code = code;
  }
}

/** Says what went wrong: a refusal in a sentence, anything else whole, since it is ours to mend. */
export function explain(error: unknown): void {
  const json = process.argv.includes("--json");
  if (
    error instanceof CommandRefused ||
    error instanceof LaunchRefused ||
    error instanceof FaultRefused ||
    error instanceof BackupRefused ||
    error instanceof MigrationRefused
  ) {
    console.error(
      json ? JSON.stringify({ code: error.code, message: error.message }) : `storey: ${error.message}`,
    );
  } else {
    console.error(error);
  }
  process.exitCode = 1;
}
