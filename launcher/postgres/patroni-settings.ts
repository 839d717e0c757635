import type { Endpoint } from "#topology/wiring";
import type { Certificate } from "../component.ts";
import { type Archive, archiveSettings, fetchCommand } from "./archive.ts";
import { accessRules, initOptions, settingsOf, superuserName } from "./settings.ts";

export interface PatroniPlace {
  /** The cluster's name in the ensemble, and this member's in the cluster. */
  readonly cluster: string;
  readonly name: string;
  readonly directory: string;
  readonly dataDir: string;
  readonly socketDir: string;
  readonly binaries: { readonly directory: string; readonly major: number };
  readonly listen: Endpoint;
  readonly rest: Endpoint;
  readonly consensus: readonly Endpoint[];
  readonly certificate: Certificate;
  readonly archive: Archive;
  readonly unconfirmedWrites?: "accepted";
  readonly passwords: { readonly superuser: string; readonly replication: string; readonly rest: string };
}

export const replicatorName = "replicator";
export const restUser = "storey";
/** So often a Patroni looks at its server and the cluster, unless it is woken. */
export const turnSeconds = 1;

/**
 * patroni.yml, as JSON. A member that stays in touch with the others goes on leading while the ensemble is away
 * (failsafe); a commit waits for a second disk, and where there is none it is refused rather than promised (strict),
 * unless the topology says otherwise.
 */
export function patroniSettings(place: PatroniPlace): string {
  const { certificate, passwords, listen, rest } = place;
  const address = ({ host, port }: Endpoint) => `${host}:${port}`;
  const tls = { sslmode: "verify-full", sslrootcert: certificate.authorityFile };
  const {
    port: _port,
    listen_addresses: _listen,
    ...parameters
  } = settingsOf({
    socketDir: place.socketDir,
    major: place.binaries.major,
    listen: { endpoint: listen, certificate },
  });
  const settings = {
    scope: place.cluster,
    namespace: "/storey/",
    name: place.name,
    restapi: {
      listen: address(rest),
      connect_address: address(rest),
      authentication: { username: restUser, password: passwords.rest },
    },
    zookeeper: { hosts: place.consensus.map(address) },
    bootstrap: bootstrapSettings(place.binaries.major, place.unconfirmedWrites === undefined),
    postgresql: {
      listen: address(listen),
      connect_address: address(listen),
      data_dir: place.dataDir,
      bin_dir: place.binaries.directory,
      pgpass: `${place.directory}/pgpass`,
      use_unix_socket: true,
      use_unix_socket_repl: true,
      remove_data_directory_on_diverged_timelines: true,
      remove_data_directory_on_rewind_failure: true,
      authentication: {
        superuser: { username: superuserName, password: passwords.superuser, ...tls },
        replication: { username: replicatorName, password: passwords.replication, ...tls },
        rewind: { username: superuserName, password: passwords.superuser, ...tls },
      },
      parameters: {
        ...parameters,
        ...archiveSettings(place.archive),
        // Patroni itself goes in there, and takes quotes for a part of the name.
        unix_socket_directories: place.socketDir,
        wal_log_hints: "on",
        hot_standby: "on",
        // A replica that was away for a moment finds what it missed here, and otherwise in the archive.
        wal_keep_size: "256MB",
        // With the usual 5 s a standby whose leader has just gone sleeps through its own promotion.
        wal_retrieve_retry_interval: "100ms",
      },
      recovery_conf: { restore_command: fetchCommand(place.archive) },
      pg_hba: [...accessRules.split("\n").filter(Boolean), "hostssl replication all all scram-sha-256"],
    },
    watchdog: { mode: "off" },
    tags: { nofailover: false, noloadbalance: false, clonefrom: true, nosync: false },
  };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}

/** The same with one more tag, or without it. */
export function withTag(settings: string, name: string, value: string | undefined): string {
  const { tags, ...rest } = JSON.parse(settings) as { tags: Record<string, unknown> };
  const { [name]: _, ...others } = tags;
  const wanted = { ...rest, tags: value === undefined ? others : { ...others, [name]: value } };
  return `${JSON.stringify(wanted, undefined, 2)}\n`;
}

/** How the cluster is made, and the rules that all its members keep. */
const bootstrapSettings = (major: number, refusesUnconfirmed: boolean) => ({
  dcs: {
    ttl: 20,
    loop_wait: turnSeconds,
    retry_timeout: 3,
    // A replica that is further behind never leads.
    maximum_lag_on_failover: 1 << 20,
    // A database that was killed is not waited for: another one leads.
    primary_start_timeout: 0,
    master_start_timeout: 0,
    synchronous_mode: true,
    synchronous_mode_strict: refusesUnconfirmed,
    failsafe_mode: true,
    // A new leader would make slots in its next turn, 1.5 s later, and until a standby follows nothing is confirmed.
    // One that was away for long finds in the archive what the leader has forgotten.
    postgresql: { use_pg_rewind: true, use_slots: false },
  },
  initdb: initOptions(major),
});
