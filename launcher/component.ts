import type { Kind, Of, Topology } from "#topology/model";
import type { Endpoint } from "#topology/wiring";
import type { Release } from "./application/release.ts";
import type { Account, Host, ProcessIdentity } from "./host.ts";
import type { Need } from "./packages.ts";

/** Files of one component's identity: what it shows, and whom it believes. Absolute paths at its host. */
export interface Certificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly authorityFile: string;
}

/** What an entrance that ends TLS is given. */
export interface OutsideTls {
  /** Where everybody from outside comes in. */
  readonly listen: Endpoint;
  /** Where plain HTTP is answered with the way to TLS; absent: nowhere but on the same port. */
  readonly plain?: Endpoint;
  /** How the shop is reached, where that was said; absent: as whoever asks has called it. No slash at the end. */
  readonly publicUrl?: string;
  /** The private key and its chain in one text (PEM), as they are now. */
  pem(): string;
}

/** The place of one component of a running instance: what it may use, and where it finds the others. */
export interface Site {
  /** The component's name. */
  readonly name: string;
  readonly instance: string;
  /** The directory of the whole instance. */
  readonly instanceDirectory: string;
  /** What an application is started from. */
  readonly release: Release;
  readonly topology: Topology;
  readonly host: Host;
  /** Its own directory, kept between starts. */
  readonly directory: string;
  /** Where its output goes; the one before is kept as `.1`. */
  readonly logFile: string;
  /** What the launcher remembers of its process. */
  readonly recordFile: string;
  /** As whom a server runs, where the launcher is root; absent: as ourselves. */
  readonly account?: Account;
  /** Where this component listens under one of its driver's port names. */
  endpoint(port: string): Endpoint;
  /** Where another component listens under one of the port names of its driver. */
  endpointOf(name: string, port: string): Endpoint;
  /** The secret of that name: the same for every component of the instance that asks for it. */
  secret(name: string): string;
  /** Issues the component's certificate at its first start, signed by the instance's own authority. */
  certificate(): Promise<Certificate>;
  /** It ends TLS for people from outside; absent: it is no entrance, or they come over plain HTTP. */
  readonly tls?: OutsideTls;
  say(line: string): void;
}

/** A component that answers. */
export interface Running {
  readonly process: ProcessIdentity;
  /** Processes that belong to it and are not its descendants. */
  alongside?(): Promise<readonly ProcessIdentity[]>;
  /** As the component says it: "7.0.15". */
  readonly version: string;
  /** A way in at its own host that nobody else has: a socket. Others find it as the port `local`. */
  readonly local?: Endpoint;
  /** It was running already: the launcher that started it was killed. */
  readonly adopted: boolean;
  /** What is wrong with it, in words for people; undefined when it is well. Never throws, takes 2 s at most. */
  ailment(): Promise<string | undefined>;
  /** Its own numbers, by names such as `connections`; empty when it does not answer. */
  metrics(): Promise<Readonly<Record<string, number>>>;
  /**
   * Of a proxy: sends nothing new to the one of that name among those it passes requests on to, and to all others; with
   * undefined to all. What was sent before is answered still: let the one that was left out end in its own way. Throws
   * where there is nobody else to send to.
   */
  leaveOut?(name: string | undefined): Promise<void>;
  /** Of an entrance that ends TLS: shows another certificate (PEM, with its key) from the next connection on. */
  renew?(pem: string): Promise<void>;
  /** Ends it in the way that loses nothing, and waits until it is gone. */
  stop(): Promise<void>;
}

/** How one kind of component is found, set up and started: one folder of the launcher each. */
export interface Driver<K extends Kind = Kind> {
  readonly kind: K;
  /** What the distribution must bring; absent: it comes with npm. */
  need?(component: Of<K>): Need | readonly Need[] | undefined;
  /** Names of the ports it listens on. The first is where those who use it go. */
  readonly ports: readonly string[] | ((component: Of<K>) => readonly string[]);
  /** Megabytes it takes under the loads the lab knows; what `up` adds together before it starts anything. */
  memoryMb(component: Of<K>): number;
  /** Sets it up if need be, adopts it if it runs, starts it otherwise, and waits until it is ready. */
  start(component: Of<K>, site: Site): Promise<Running>;
}
