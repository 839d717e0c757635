import type { Endpoint } from "#topology/wiring";

/** One member of the ensemble, by the number that its file `myid` holds. */
export interface Member {
  readonly number: number;
  readonly peer: Endpoint;
  readonly election: Endpoint;
}

/**
 * zoo.cfg. A tick of 0.5 s and sessions of at most 4 s: a database whose host died loses its leadership within that
 * (measured: writes go on after 4.2 s; with the usual 2 s ticks after 10.5 s).
 */
export function zookeeperSettings(options: {
  directory: string;
  client: Endpoint;
  members: readonly Member[];
}): string {
  const { directory, client, members } = options;
  return [
    "tickTime=500",
    "initLimit=20",
    "syncLimit=6",
    "minSessionTimeout=1000",
    "maxSessionTimeout=4000",
    `dataDir=${directory}/data`,
    `clientPort=${client.port}`,
    `clientPortAddress=${client.host}`,
    "maxClientCnxns=200",
    // Nothing but the words that tell how it is.
    "4lw.commands.whitelist=srvr,mntr",
    "admin.enableServer=false",
    "autopurge.snapRetainCount=3",
    "autopurge.purgeInterval=1",
    ...members.map(
      ({ number, peer, election }) => `server.${number}=${peer.host}:${peer.port}:${election.port}`,
    ),
    "",
  ].join("\n");
}

/** Only what went wrong, on the output that the launcher keeps. */
export const logSettings = [
  "log4j.rootLogger=WARN, CONSOLE",
  "log4j.appender.CONSOLE=org.apache.log4j.ConsoleAppender",
  "log4j.appender.CONSOLE.layout=org.apache.log4j.PatternLayout",
  "log4j.appender.CONSOLE.layout.ConversionPattern=%d{ISO8601} %-5p %c{1} %m%n",
  "",
].join("\n");
