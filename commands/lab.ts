import { CommandRefused } from "./refusals.ts";

/** The lab needs packages that a production install leaves out, so it is looked for when it is wanted. */
export async function openLab() {
  try {
    return {
      ...(await import("#lab/load")),
      ...(await import("#lab/operations")),
      ...(await import("#lab/profile")),
      ...(await import("#lab/shop/api")),
      ...(await import("#lab/shop/catalogue")),
      ...(await import("#lab/shop/running")),
      ...(await import("#lab/report/load-report")),
      ...(await import("#lab/report/operations-report")),
      ...(await import("#lab/report/profile-report")),
      ...(await import("#lab/report/history")),
      ...(await import("#lab/report/save")),
      ...(await import("#lab/climb/climb")),
      ...(await import("#lab/climb/report")),
      ...(await import("#lab/climb/chart")),
      ...(await import("#lab/scenarios/run")),
      ...(await import("#lab/scenarios/place")),
      ...(await import("#lab/report/scenario-report")),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new CommandRefused(
      "lab.not_installed",
      "the lab's packages are not installed: run npm ci --include=dev, then this again.",
    );
  }
}
