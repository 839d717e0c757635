import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { defaultLimits, type Limits, type ServerSettings } from "#apps/server/settings";
import { chooseDataRoot } from "#launcher/data-root";
import type { Outside } from "#launcher/outside";
import { LaunchRefused } from "#launcher/refused";
import type { TargetChoice, TargetKind } from "#launcher/target";
import type { Tracing } from "#topology/wiring";
import { checkout } from "./instance.ts";
import { CommandRefused } from "./refusals.ts";

/** Listens for this machine only, where nothing else is said. */
export const usualHost = "127.0.0.1";

/** What `storey up` was told. */
export interface UpOptions {
  readonly name: string;
  readonly stage?: number;
  readonly data?: string;
  readonly foreground?: true;
  readonly install?: true;
  readonly host: string;
  readonly port: number;
  readonly target?: TargetKind;
  readonly hostCpu?: number;
  readonly hostMemory?: number;
  readonly domain?: string;
  readonly publicUrl?: string;
  /** False: no TLS any more. */
  readonly cert?: string | false;
  readonly key?: string;
  readonly plainPort?: number;
  readonly trustProxy?: string[];
  readonly demo: boolean;
  readonly demoProducts: number;
  readonly clientLimit: number;
  readonly traceTo?: string;
  readonly traceSample: number;
  readonly log: ServerSettings["logLevel"];
  readonly json?: true;
}

/** Where the hosts of the topology shall be, and what each of them has. */
export const targetOf = ({ target, hostCpu, hostMemory }: UpOptions): TargetChoice => ({
  ...(target ? { kind: target } : {}),
  size: {
    ...(hostCpu === undefined ? {} : { cpuPercent: hostCpu }),
    ...(hostMemory === undefined ? {} : { memoryMb: hostMemory }),
  },
});

/** Refuses a port that cannot be listened on, before anything is started. Throws CommandRefused `up.cannot_listen`. */
export async function refuseBusyPort({ host, port }: Pick<UpOptions, "host" | "port">): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen({ host, port }, resolve);
  }).catch((error: NodeJS.ErrnoException) => {
    const reason: Record<string, string> = {
      EADDRINUSE: `something listens on ${host}:${port} already. If it is this shop, Ctrl-C where it was started stops it. ${besides(port)}`,
      EACCES: `this user may not listen on port ${port}. Choose one above 1023 with --port, or put a proxy in front.`,
      EADDRNOTAVAIL: `${host} is not an address of this machine. Choose one that is with --host.`,
    };
    throw new CommandRefused("up.cannot_listen", reason[error.code ?? ""] ?? error.message);
  });
  await new Promise((resolve) => probe.close(resolve));
}

const besides = (port: number): string =>
  `To run another beside it: --name other --port ${port < 65_535 ? port + 1 : port - 1}.`;

/** An instance that runs already: says how to end it, and how to run another. */
export async function refuseSecondStart(error: unknown, { name, data, port }: UpOptions): Promise<never> {
  if (!(error instanceof LaunchRefused) || error.code !== "launch.in_use") throw error;
  const directory = join(await chooseDataRoot(checkout, data), name);
  const pid = (await readFile(join(directory, "lock.pid"), "utf8").catch(() => "")).trim();
  const stop = `Ctrl-C where it was started${pid ? `, or kill ${pid},` : ""} stops it.`;
  throw new LaunchRefused(
    error.code,
    `${name} (in ${directory}) is in use, most likely by a shop that runs. ${stop} ${besides(port)}`,
  );
}

/**
 * How people from outside come in: what was said, and for the rest what the instance remembers. Throws CommandRefused
 * `up.half_a_certificate`, `up.plain_port_alone`.
 */
export function outsideOf(options: UpOptions, before: Outside): Outside {
  const { cert, key, plainPort } = options;
  if (cert !== false && Boolean(cert) !== Boolean(key)) {
    throw new CommandRefused("up.half_a_certificate", "--cert and --key belong together: give both.");
  }
  const said = cert && key ? { cert: resolve(cert), key: resolve(key) } : undefined;
  const certificate = cert === false ? undefined : (said ?? before.certificate);
  if (plainPort !== undefined && (!certificate || plainPort === options.port)) {
    const message =
      "--plain-port is where plain HTTP is sent on to TLS: give --cert and --key, and another --port.";
    throw new CommandRefused("up.plain_port_alone", message);
  }
  const plain = certificate ? (plainPort ?? before.plainPort) : undefined;
  const domain = options.domain ?? before.domain;
  // Who names another domain means that one, not the address from before.
  const publicUrl = options.publicUrl ?? (options.domain ? undefined : before.publicUrl);
  return {
    ...(domain ? { domain } : {}),
    ...(publicUrl ? { publicUrl: publicUrl.replace(/\/+$/, "") } : {}),
    ...(certificate ? { certificate } : {}),
    ...(plain === undefined ? {} : { plainPort: plain }),
  };
}

/** How the shop is reached, where that was said. */
export function publicUrlOf({ publicUrl, domain, certificate }: Outside): { publicUrl?: string } {
  if (publicUrl) return { publicUrl };
  return domain ? { publicUrl: `${certificate ? "https" : "http"}://${domain}` } : {};
}

/** Where traces go, where that was said. */
export const tracingOf = ({ traceTo, traceSample }: UpOptions): { trace?: Tracing } =>
  traceTo === undefined ? {} : { trace: { to: traceTo, sample: traceSample } };

/** Whoever lets a client do more lets it sign in more often too, in proportion. */
export function limitsOf(perClientPerMinute: number): Limits {
  const { signInsPerClientPerMinute, perClientPerMinute: usual } = defaultLimits;
  const signIns = Math.ceil((signInsPerClientPerMinute * perClientPerMinute) / usual);
  return { ...defaultLimits, perClientPerMinute, signInsPerClientPerMinute: signIns };
}
