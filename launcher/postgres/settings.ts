import type { Endpoint } from "#topology/wiring";
import type { Certificate } from "../component.ts";

/** The superuser's name; the application's domains have roles of their own, without its rights. */
export const superuserName = "storey";

/** Only a part of the socket's file name where nothing listens on a network. */
export const socketPort = 5432;

/** Where a server listens beside its socket: TLS only, with a certificate that its clients check. */
export interface Listen {
  readonly endpoint: Endpoint;
  readonly certificate: Certificate;
}

/** Every setting of a server, by name. */
export function settingsOf(options: {
  socketDir: string;
  major: number;
  listen?: Listen;
}): Record<string, string> {
  const { listen } = options;
  const settings: Record<string, string> = {
    // Where it can be reached.
    listen_addresses: listen?.endpoint.host ?? "",
    port: String(listen?.endpoint.port ?? socketPort),
    unix_socket_directories: `"${options.socketDir}"`,
    unix_socket_permissions: "0700",
    password_encryption: "scram-sha-256",
    // A server that several processes reach admits what the validator of topologies counts on.
    max_connections: listen ? "200" : "100",
    // What an acknowledged order rests on; never to be loosened for speed.
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // From the first start, so that the shop can be moved away while it sells (DATA 21).
    wal_level: "logical",
    max_replication_slots: "10",
    max_wal_senders: "10",
    // A slot whose reader never comes back must not fill the disk.
    max_slot_wal_keep_size: "4GB",
    // The whole idle shop stays under 200 MB; the system's page cache serves the rest.
    shared_buffers: "64MB",
    max_wal_size: "512MB",
    checkpoint_timeout: "5min",
    random_page_cost: "1.1",
    // Statements here take milliseconds; compiling one takes tens of them.
    jit: "off",
    // Long work (an import, an index) raises these for its own session.
    statement_timeout: "30s",
    idle_in_transaction_session_timeout: "30s",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    // A file per weekday, begun anew when the day comes again.
    logging_collector: "on",
    log_directory: "log",
    log_filename: "server-%a.log",
    log_rotation_age: "1d",
    log_rotation_size: "0",
    log_truncate_on_rotation: "on",
    log_line_prefix: "%m [%p] %q%u@%d ",
    log_min_duration_statement: "1s",
  };
  if (listen) {
    settings["ssl"] = "on";
    settings["ssl_cert_file"] = listen.certificate.certificateFile;
    settings["ssl_key_file"] = listen.certificate.keyFile;
    settings["ssl_min_protocol_version"] = "TLSv1.3";
  }
  // 18 reads through worker processes by default: 3 more processes, for data that fits the page cache.
  if (options.major >= 18) settings["io_method"] = "sync";
  return settings;
}

/**
 * postgresql.conf, written at every start. What an operator wants otherwise goes into `local.conf` beside it, which is
 * read last.
 */
export function renderSettings(options: { socketDir: string; major: number; listen?: Listen }): string {
  const settings = settingsOf(options);
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return `# Written by Storey at every start. Your own settings belong in local.conf.\n${lines.join("\n")}\ninclude = 'local.conf'\n`;
}

/** local.conf, until somebody writes into it. */
export const ownSettings = "# Your own settings for PostgreSQL, read after Storey's and kept by it.\n";

/** pg_hba.conf: nobody gets in without a password, not even through the socket; over a network only encrypted. */
export const accessRules = [
  "local all all scram-sha-256",
  "local replication all scram-sha-256",
  "hostssl all all all scram-sha-256",
  "",
].join("\n");

/** How a cluster is made, as Patroni has it: the same choices as `initArguments`. */
export const initOptions = (major: number): (string | Record<string, string>)[] => [
  { encoding: "UTF8" },
  { locale: "C.UTF-8" },
  ...(major >= 17 ? [{ "locale-provider": "builtin" }, { "builtin-locale": "C.UTF-8" }] : []),
  "data-checksums",
];

/** What initdb is told. `locale` is C.UTF-8, or C where the system does not know that. */
export function initArguments(options: {
  dataDir: string;
  passwordFile: string;
  major: number;
  locale: string;
}): string[] {
  // The builtin provider sorts alike on every system and under every version of its C library; it came with 17.
  const builtin = options.major >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : [];
  return [
    `--pgdata=${options.dataDir}`,
    `--username=${superuserName}`,
    `--pwfile=${options.passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    `--locale=${options.locale}`,
    ...builtin,
    "--data-checksums",
    "--no-instructions",
  ];
}
