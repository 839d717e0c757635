import { join } from "node:path";
import { at } from "#topology/address";
import { applicationNumbers } from "#topology/application-numbers";
import { type Door, wiringOf } from "#topology/wiring";
import { ailmentAt, textIfGood } from "../answer.ts";
import type { Driver, OutsideTls, Running, Site } from "../component.ts";
import { startDaemon } from "../daemon.ts";
import { putPem } from "../outside.ts";

/** A process of the shop's own code, started with its wiring and its secrets. */
export const application: Driver<"application"> = {
  kind: "application",
  ports: ["http"],
  memoryMb: ({ cacheMb }) => 260 + cacheMb,
  start: async (component, site) => {
    const { release } = site;
    const authority = site.topology.components.some(
      (each) => each.kind === "postgres" && each.engine !== "embedded",
    );
    const wiring = wiringOf(site.topology, component, {
      instance: site.instance,
      publicUrl: release.publicUrl,
      ...(authority ? { authorityFile: (await site.certificate()).authorityFile } : {}),
      control: site.endpointOf("supervisor", "control"),
      ...(release.trace ? { trace: release.trace } : {}),
      ...(site.tls ? { door: await openDoor(site, site.tls) } : {}),
      endpointOf: site.endpointOf,
    });
    const { tls } = site;
    const secrets = Object.fromEntries(release.secrets.map((name) => [name, site.secret(name)]));
    const [wiringFile, secretsFile] = [
      join(site.directory, "wiring.json"),
      join(site.directory, "secrets.json"),
    ];
    const url = `http://${at(site.endpoint("http"))}`;
    const ailment = () => ailmentAt(`${url}/readyz`);
    const daemon = await startDaemon({
      site,
      files: {
        [wiringFile]: lines({ wiring, settings: release.settings, directories: release.directories }),
        [secretsFile]: lines(secrets),
      },
      command: {
        program: join(release.directory, "storey"),
        args: ["serve", "--wiring", wiringFile, "--secrets", secretsFile],
        directory: release.directory,
        environment: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/" },
      },
      isReady: async () => (await ailment()) === undefined,
      readyWithinMs: 60_000,
      stopSignal: "SIGTERM",
      stopWithinMs: 30_000,
    });
    return {
      ...daemon,
      version: release.version,
      // It looks at the file itself.
      ...(tls ? { renew: async (pem: string) => void (await putPem(site, pem)) } : {}),
      ailment,
      metrics: async () => {
        const told = await textIfGood(`${url}/metrics`, site.secret("supervisor"));
        return told === undefined ? {} : applicationNumbers(told);
      },
    } satisfies Running;
  },
};

async function openDoor(site: Site, { listen, plain, pem }: OutsideTls): Promise<Door> {
  return { listen, ...(plain ? { plain } : {}), pemFile: await putPem(site, pem()) };
}

const lines = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;
