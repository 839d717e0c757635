import { join } from "node:path";
import { at } from "#topology/address";
import { ailmentAt } from "../answer.ts";
import type { Driver, Running } from "../component.ts";
import { startDaemon } from "../daemon.ts";
import { need, nginxBinary } from "../nginx/binary.ts";
import { nginxNumbers } from "../nginx/status.ts";
import { LaunchRefused } from "../refused.ts";
import { filesSettings } from "./settings.ts";

/** Keeps what people upload, for every application alike: Nginx with DAV. The secret `files` lets write. */
export const files: Driver<"files"> = {
  kind: "files",
  ports: ["files"],
  need: () => need,
  memoryMb: () => 24,
  start: async (_component, site) => {
    const { directory, account, host } = site;
    const { program, version, modules } = await nginxBinary(host);
    if (!modules.includes("http_dav_module")) {
      const next = "Install the distribution's own package, or build it --with-http_dav_module.";
      throw new LaunchRefused("launch.no_binaries", `${program} cannot take files (it has no DAV). ${next}`);
    }
    const settings = join(directory, "nginx.conf");
    const listen = site.endpoint("files");
    await host.putDirectory(directory, { mode: 0o700, account });
    for (const folder of ["temporary", "uploads"]) {
      await host.putDirectory(join(directory, folder), { mode: 0o700, account });
    }
    const healthy = `http://${at(listen)}/healthz`;
    const daemon = await startDaemon({
      site,
      files: { [settings]: filesSettings({ listen, directory, token: site.secret("files") }) },
      command: { program, args: ["-p", directory, "-e", "stderr", "-c", settings], directory, account },
      isReady: async () => (await ailmentAt(healthy)) === undefined,
      readyWithinMs: 10_000,
      stopSignal: "SIGQUIT",
      stopWithinMs: 15_000,
      account,
    });
    return {
      ...daemon,
      version,
      ailment: () => ailmentAt(healthy),
      metrics: () => nginxNumbers(`http://${at(listen)}/status`),
    } satisfies Running;
  },
};
