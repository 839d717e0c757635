import { Command } from "commander";
import { auditCommand } from "#commands/audit";
import { backupCommand } from "#commands/backup";
import { importCommand } from "#commands/import";
import { loadCommand } from "#commands/load";
import { operatorCommand } from "#commands/operator";
import { proveCommand } from "#commands/prove";
import { explain } from "#commands/refusals";
import { restoreCommand } from "#commands/restore";
import { screensCommand } from "#commands/screens";
import { seedCommand } from "#commands/seed";
import { testCommand } from "#commands/test";
import { upCommand } from "#commands/up";

const program = new Command("storey")
  .description("A marketplace that grows storey by storey.")
  .showHelpAfterError("Run with --help to see what there is.")
  .addCommand(upCommand())
  .addCommand(seedCommand())
  .addCommand(importCommand())
  .addCommand(auditCommand())
  .addCommand(operatorCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(loadCommand())
  .addCommand(proveCommand())
  .addCommand(testCommand())
  .addCommand(screensCommand());

await program.parseAsync().catch(explain);
