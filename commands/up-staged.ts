import { join } from "node:path";
import { demoAccounts } from "#demo/accounts";
import { findRecorded } from "#launcher/daemon";
import { loopback } from "#launcher/loopback";
import type { Outside } from "#launcher/outside";
import { targetKind } from "#launcher/target";
import { entranceOf } from "#topology/model";
import { readPair } from "./certificate.ts";
import { makeRoom } from "./make-room.ts";
import { CommandRefused } from "./refusals.ts";
import { stageOf } from "./stage.ts";
import { askStatus, inWords } from "./status.ts";
import { type SupervisorInput, supervise } from "./supervisor.ts";
import { upInBackground } from "./up-background.ts";
import { limitsOf, refuseBusyPort, targetOf, tracingOf, type UpOptions, usualHost } from "./up-options.ts";

type Staged = UpOptions & { outside: Outside; stage: number; data: string };

/** An instance at any stage, each component a process of its own, looked after by a supervisor. */
export async function upStaged(options: Staged): Promise<void> {
  const say = options.json ? () => undefined : (line: string) => console.log(line);
  const startedAt = performance.now();
  const { certificate, domain, plainPort } = options.outside;
  if (certificate) await readPair(certificate, domain);
  const where = { name: options.name, data: options.data };
  const isUp = await askStatus(where).catch(() => undefined);
  if (isUp) return say(`${options.name} is up already.\n\n${inWords(isUp)}`);
  const kind = await targetKind(join(options.data, options.name), targetOf(options));
  if (kind === "hosts") refuseElsewhere(options);
  // A host of our making has all its ports free.
  else if (!(await isOrphanThere(options))) {
    await refuseBusyPort(options);
    if (plainPort !== undefined) await refuseBusyPort({ host: options.host, port: plainPort });
  }
  await makeRoom(stageOf(options.stage), { install: options.install === true, say });
  const input = inputOf(options);
  const announce = async ({ pid }: { pid: number }) => {
    const status = await askStatus(where);
    if (options.json) {
      console.log(JSON.stringify({ ready: true, pid, accounts: accountsOf(options), ...status }));
      return;
    }
    const accounts = accountsOf(options).map((each) => `  ${each.role}: ${each.email}  ${each.password}`);
    const took = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(
      ["", inWords(status), "", ...accounts, "", `Ready in ${took} s. ${farewell(options)}`].join("\n"),
    );
  };
  if (!options.foreground) return announce(await upInBackground(input, say));
  await supervise(input, (told) => {
    if ("say" in told) say(told.say);
    else if ("ready" in told) void announce(told.ready);
  });
}

/** A component that a killed supervisor left behind holds the port: it is adopted, or stopped, by the next one. */
async function isOrphanThere({ data, name, stage }: { data: string; name: string; stage: number }) {
  const recordFile = join(data, name, "run", `${entranceOf(stageOf(stage))}.json`);
  return (await findRecorded({ host: loopback, recordFile })) !== undefined;
}

const accountsOf = ({ demo }: UpOptions) => (demo ? demoAccounts : []);

const farewell = ({ foreground, name }: UpOptions): string =>
  foreground ? "Ctrl-C stops it; its data stays." : `./storey down --name ${name} stops it; its data stays.`;

/** On hosts the shop is entered at the address of the host that holds its entrance. */
function refuseElsewhere({ host }: UpOptions): void {
  if (host === usualHost) return;
  throw new CommandRefused(
    "up.host_is_given",
    "With --target hosts the shop listens at the address of its own host: leave --host away, and forward to it.",
  );
}

function inputOf(options: Staged): SupervisorInput {
  const { name, data, stage, port, demo, demoProducts } = options;
  const { perClientPerMinute, signInsPerClientPerMinute } = limitsOf(options.clientLimit);
  const logLevel = options.log;
  return {
    name,
    data,
    stage,
    target: targetOf(options),
    host: options.host,
    port,
    outside: options.outside,
    ...tracingOf(options),
    demoProducts,
    settings: { demo, perClientPerMinute, signInsPerClientPerMinute, logLevel },
  };
}
