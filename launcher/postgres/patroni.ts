import { join } from "node:path";
import { at } from "#topology/address";
import { fillersOf, type Postgres } from "#topology/model";
import { answerOf } from "../answer.ts";
import type { Running, Site } from "../component.ts";
import { startDaemon } from "../daemon.ts";
import { patroni as need } from "../packages.ts";
import { programOf } from "../program.ts";
import { openArchive } from "./archive.ts";
import { archiveNumbers } from "./archive-numbers.ts";
import { findBinaries } from "./binaries.ts";
import { dataDirectory } from "./data-directory.ts";
import { numbersOf } from "./numbers.ts";
import { putPrograms } from "./patroni-programs.ts";
import { patroniSettings } from "./patroni-settings.ts";
import { findPostmaster } from "./postmaster.ts";
import { openSocketDirectory } from "./socket-directory.ts";
import { stopOrphan } from "./start.ts";

/** A replica copies the whole database at its first start. */
const readyWithinMs = 120_000;
/** Writing everything down, and handing the lead over. */
const stopWithinMs = 60_000;

/** What Patroni says of the server it looks after. */
interface Told {
  readonly state?: string;
  readonly role?: string;
  readonly timeline?: number;
  readonly sync_standby?: boolean;
  readonly replication?: readonly { readonly sync_state: string; readonly state: string }[];
  readonly xlog?: { readonly location?: number; readonly replayed_location?: number };
}

/** One member of a cluster in which Patroni decides who takes writes. */
export async function startPatroni(component: Postgres, site: Site): Promise<Running> {
  const { directory, account, host, topology } = site;
  const dataDir = dataDirectory(site, component.engine);
  const socketDir = await openSocketDirectory(host, { dataDir, account, inside: join(directory, "socket") });
  const archive = await openArchive(host, site.instanceDirectory, account);
  const binaries = await findBinaries(host, "distribution", account);
  const programs = join(directory, "programs");
  await putPrograms(host, { from: binaries.directory, into: programs, account });
  const listen = site.endpoint("postgres");
  const rest = site.endpoint("patroni");
  const file = join(directory, "patroni.json");
  const ask = () => tell(`http://${at(rest)}/patroni`);
  const daemon = await startDaemon({
    site,
    account,
    files: {
      [file]: patroniSettings({
        cluster: site.instance,
        name: component.name,
        directory,
        dataDir,
        socketDir,
        binaries: { directory: programs, major: binaries.major },
        listen,
        rest,
        consensus: fillersOf(topology, component.name, "consensus").map((each) =>
          site.endpointOf(each.name, "client"),
        ),
        certificate: await site.certificate(),
        archive,
        ...(component.unconfirmedWrites ? { unconfirmedWrites: component.unconfirmedWrites } : {}),
        passwords: {
          superuser: site.secret("superuser"),
          replication: site.secret("replication"),
          rest: site.secret("patroni"),
        },
      }),
    },
    command: {
      program: await programOf(host, need),
      args: [file],
      directory,
      account,
      environment: { LC_ALL: "C.UTF-8", PATH: "/usr/bin:/bin", HOME: directory },
    },
    isReady: async () => (await ask())?.state === "running",
    readyWithinMs,
    stopSignal: "SIGTERM",
    stopWithinMs,
  });
  return {
    ...daemon,
    version: binaries.version,
    local: { host: socketDir, port: listen.port },
    ailment: async () => {
      const told = await ask();
      if (!told) return "does not answer";
      return told.state === "running" ? undefined : `is ${told.state}`;
    },
    metrics: async () => {
      const local = { host: socketDir, port: listen.port };
      const counted = numbersOf(local, site.secret("superuser")).catch(() => ({}));
      const standing = standingOf(await ask());
      const archived =
        standing["leads"] === 1 ? archiveNumbers(host, archive, local, site.secret("superuser")) : {};
      return { ...(await counted), ...standing, ...(await archived) };
    },
    // Patroni lets it go, so that it outlives Patroni: it is nobody's child.
    alongside: async () => {
      const found = await findPostmaster(host, dataDir);
      return found ? [found] : [];
    },
    stop: async () => {
      await daemon.stop();
      // Patroni was killed before, and left its server.
      await stopOrphan(host, dataDir);
    },
  };
}

function standingOf(told: Told | undefined): Record<string, number> {
  if (!told) return {};
  const leads = told.role === "master" || told.role === "primary";
  const streaming = (told.replication ?? []).filter(({ state }) => state === "streaming");
  const synchronous = streaming.filter(({ sync_state }) => sync_state === "sync").length;
  const at = told.xlog?.location ?? told.xlog?.replayed_location ?? 0;
  return {
    leads: leads ? 1 : 0,
    timeline: told.timeline ?? 0,
    // Unknown while it starts: no figure rather than one that looks far behind.
    ...(at > 0 ? { position: at } : {}),
    ...(leads ? { synchronousStandbys: synchronous, standbys: streaming.length } : {}),
  };
}

/** Also a server that does not run answers, with another status. */
async function tell(url: string): Promise<Told | undefined> {
  try {
    return JSON.parse((await answerOf(url)).text) as Told;
  } catch {
    return undefined;
  }
}
