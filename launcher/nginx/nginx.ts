import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { at } from "#topology/address";
import { ailmentAt } from "../answer.ts";
import type { Driver, Running, Site } from "../component.ts";
import { startDaemon } from "../daemon.ts";
import { mayListen } from "../outside.ts";
import { portsOf, proxyLimits, proxyPlace, proxyPorts, refuseAlone } from "../proxy.ts";
import { need, nginxBinary } from "./binary.ts";
import { putLinkedPem } from "./certificate.ts";
import { nginxSettings, outFolder } from "./settings.ts";
import { nginxNumbers } from "./status.ts";

/** The proxy before the applications. */
export const nginx: Driver<"nginx"> = {
  kind: "nginx",
  ports: proxyPorts,
  need: () => need,
  // 13 MB idle and 15 with 64 requests at once and two workers, taken once; the rest is for more of both.
  memoryMb: () => 48,
  start: async ({ cachesPages }, site) => {
    const { directory, account, host } = site;
    const pemFile = site.tls && (await putLinkedPem(site, site.tls.pem()));
    const place = proxyPlace(site, cachesPages, pemFile);
    const { program, version } = await nginxBinary(host);
    const settings = join(directory, "nginx.conf");
    const args = ["-p", directory, "-e", "stderr", "-c", settings];
    // Not among the daemon's files: a proxy that runs takes new settings without ending.
    await host.putDirectory(directory, { mode: 0o700, account });
    await host.putDirectory(join(directory, "temporary"), { mode: 0o700, account });
    await host.putFile(settings, nginxSettings(place), { mode: 0o600, account });
    await letAllIn(site);
    const healthy = `http://${at(place.status)}/healthz`;
    const daemon = await startDaemon({
      site,
      files: {},
      command: mayListen({ program, args, directory, account }, portsOf(place)),
      isReady: async () => (await ailmentAt(healthy)) === undefined,
      readyWithinMs: 10_000,
      stopSignal: "SIGQUIT",
      stopWithinMs: (proxyLimits.answerSeconds + 3) * 1_000,
      account,
    });
    if (daemon.adopted) {
      const reload = { program, args: [...args, "-s", "reload"], directory, account };
      const { exitCode, stderr } = await host.run(reload, 5_000);
      if (exitCode !== 0) throw new Error(`${site.name} does not take its settings: ${stderr}`);
    }
    return {
      ...daemon,
      version,
      ailment: () => ailmentAt(healthy),
      // It follows the link anew for each handshake.
      ...(site.tls ? { renew: async (pem: string) => void (await putLinkedPem(site, pem)) } : {}),
      metrics: () => nginxNumbers(`http://${at(place.status)}/status`),
      leaveOut: async (name) => {
        refuseAlone(place, name);
        await leaveOut(site, name);
      },
    } satisfies Running;
  },
};

/**
 * Whom a request goes to is decided when its header is there. Those decided before are with the application by then,
 * but for one whose body takes its client longer; Nginx does not tell how many are under way to whom.
 */
const onTheWayMs = 500;

async function leaveOut(site: Site, name: string | undefined): Promise<void> {
  await letAllIn(site);
  if (name === undefined) return;
  const folder = join(site.directory, outFolder);
  await site.host.putDirectory(folder, { mode: 0o700, account: site.account });
  await site.host.putFile(join(folder, name), "", { mode: 0o600, account: site.account });
  await pause(onTheWayMs);
}

/** Also at a start: who was left out by a launcher that is gone would stay so for ever. */
async function letAllIn({ host, directory }: Site): Promise<void> {
  const command = { program: "/bin/rm", args: ["-rf", join(directory, outFolder)] };
  const { exitCode, stderr } = await host.run(command, 5_000);
  if (exitCode !== 0) throw new Error(stderr);
}
