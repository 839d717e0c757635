import { needsOf } from "#commands/make-room";
import { canInstall, findNeed, installCommand } from "#launcher/packages";
import type { Topology } from "#topology/model";

/** Why a stage cannot be tried here: what it needs is not installed. Never in CI, where everything has to be there. */
export function whyNot(topology: Topology): string | false {
  const missing = needsOf(topology).filter((need) => findNeed(need) === undefined);
  if (missing.length === 0 || (process.env["CI"] && canInstall())) return false;
  return `not all of its components are installed: sudo ${installCommand(missing)}`;
}
