import { Command } from "commander";
import { alertsCommand } from "#commands/alerts";
import { auditCommand } from "#commands/audit";
import { backupCommand } from "#commands/backup";
import { climbCommand } from "#commands/climb";
import { downCommand } from "#commands/down";
import { faultCommand } from "#commands/fault";
import { fitCommand } from "#commands/fit";
import { flagCommand } from "#commands/flag";
import { importCommand } from "#commands/import";
import { checkout } from "#commands/instance";
import { loadCommand } from "#commands/load";
import { logsCommand } from "#commands/logs";
import { operatorCommand } from "#commands/operator";
import { planCommand } from "#commands/plan";
import { proveCommand } from "#commands/prove";
import { explain } from "#commands/refusals";
import { versionOf } from "#commands/release";
import { restoreCommand } from "#commands/restore";
import { rollCommand } from "#commands/roll";
import { scenarioCommand } from "#commands/scenario";
import { screensCommand } from "#commands/screens";
import { searchCommand } from "#commands/search";
import { seedCommand } from "#commands/seed";
import { serveCommand } from "#commands/serve";
import { showCommand } from "#commands/show";
import { stagesCommand } from "#commands/stages";
import { statusCommand } from "#commands/status";
import { supervisorCommand } from "#commands/supervisor";
import { switchoverCommand } from "#commands/switchover";
import { testCommand } from "#commands/test";
import { upCommand } from "#commands/up";

const program = new Command("storey")
  .description("A marketplace that grows storey by storey.")
  .version(versionOf(checkout), "--version", "say which version this is")
  .addCommand(upCommand())
  .addCommand(downCommand())
  .addCommand(statusCommand())
  .addCommand(alertsCommand())
  .addCommand(logsCommand())
  .addCommand(rollCommand())
  .addCommand(switchoverCommand())
  .addCommand(seedCommand())
  .addCommand(importCommand())
  .addCommand(searchCommand())
  .addCommand(auditCommand())
  .addCommand(flagCommand())
  .addCommand(operatorCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(stagesCommand())
  .addCommand(showCommand())
  .addCommand(loadCommand())
  .addCommand(faultCommand())
  .addCommand(climbCommand())
  .addCommand(planCommand())
  .addCommand(proveCommand())
  .addCommand(scenarioCommand())
  .addCommand(testCommand())
  .addCommand(screensCommand())
  // What the launcher starts; nobody types them.
  .addCommand(fitCommand(), { hidden: true })
  .addCommand(serveCommand(), { hidden: true })
  .addCommand(supervisorCommand(), { hidden: true });

// Commands that are made apart inherit nothing.
const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];
for (const command of all(program)) command.showHelpAfterError("Run it with --help to see what there is.");

await program.parseAsync().catch(explain);
