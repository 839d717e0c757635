import type { Instance, Purpose } from "#launcher/instance";
import { CommandRefused } from "./refusals.ts";

/**
 * The first start decides for good whether an instance is a demo. The passwords of demo accounts are known to
 * everybody and the sandbox pays whatever is asked, so neither may ever be where people pay with money. Throws
 * CommandRefused: `up.demo_data`, `up.production_data`.
 */
export async function settlePurpose(
  instance: Pick<Instance, "name" | "purpose" | "rememberPurpose">,
  wanted: Purpose,
): Promise<void> {
  const { name, purpose } = instance;
  if (purpose === undefined) return instance.rememberPurpose(wanted);
  if (purpose === wanted) return undefined;
  if (purpose === "demo") {
    throw new CommandRefused(
      "up.demo_data",
      `${name} holds the demo's accounts, whose passwords everybody knows. Start production under another --name, or leave out --no-demo.`,
    );
  }
  throw new CommandRefused(
    "up.production_data",
    `${name} was started for production: add --no-demo. For a demo choose another --name.`,
  );
}
