import { NOOP_PROVIDER, OpenFeature, ProviderEvents } from "@openfeature/server-sdk";
import { randomToken } from "#kernel/id";
import type { Config } from "#platform/config/api";
import { type FlagBoard, flagNames, flagTable } from "./api.ts";
import { defaultValues, type FlagValues, flagDocument, readFlags, withFlag } from "./document.ts";
import { settingsProvider } from "./provider.ts";

/**
 * Opens the flags of a process, asked through OpenFeature so that another of its providers can take this one's place.
 * They are asked when the provider tells of a change, and kept until the next: asking costs 15 µs or more, as much as
 * the rest of a cached page. A document that is damaged changes nothing: what held before holds on, and the log and
 * `problem` say so.
 */
export async function openFlags(
  config: Config,
  log: (message: string, error?: unknown) => void,
): Promise<FlagBoard> {
  let values = defaultValues;
  let problem: string | null = null;
  const read = (text: string | undefined) => {
    const found = readFlags(text);
    const before = values;
    if ("values" in found) values = found.values;
    const told = "damage" in found ? `${found.damage} What was set before still holds.` : found.problem;
    if (told !== null && told !== problem) log(`the settings of flags are wrong: ${told}`);
    problem = told;
    const changed = flagNames.filter((name) => before[name] !== values[name]);
    if (changed.length > 0) provider.changed(changed);
  };
  const provider = settingsProvider(
    () => values,
    () => following.stop(),
  );
  const following = await config.follow(flagDocument, read);
  // Of its own: several servers may be open in one process of tests.
  const domain = `storey ${randomToken()}`;
  await OpenFeature.setProviderAndWait(domain, provider);
  const client = OpenFeature.getClient(domain);
  let answers = defaultValues;
  const ask = async () => {
    const asked = flagNames.map(
      async (name) => [name, await client.getBooleanValue(name, flagTable[name].byDefault)] as const,
    );
    answers = Object.fromEntries(await Promise.all(asked)) as FlagValues;
  };
  await ask();
  client.addHandler(ProviderEvents.ConfigurationChanged, () => {
    ask().catch((error: unknown) => log("flags that have changed cannot be asked for", error));
  });
  return {
    isOn: (name) => answers[name],
    all: () => flagNames.map((name) => ({ name, ...flagTable[name], on: answers[name] })),
    problem: () => problem,
    set: async (name, on) => {
      let text: string | undefined;
      await config.change(flagDocument, (before) => {
        text = withFlag(before, { name, on, holding: values });
        return text;
      });
      read(text);
      await ask();
    },
    // OpenFeature closes the provider that another one replaces.
    close: () => OpenFeature.setProviderAndWait(domain, NOOP_PROVIDER),
  };
}
