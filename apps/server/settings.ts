import type { Place } from "#apps/operator/sources";
import type { Delays } from "#apps/sandbox/pages";
import type { Clock } from "#kernel/clock";
import type { CacheSettings } from "./caches.ts";
import type { Reach } from "./compose.ts";
import type { TraceSettings } from "./traced-requests.ts";
import type { AuditSettings } from "./watch-audit.ts";
import type { WatchSettings } from "./watch-rules.ts";

/** What one process must know of where it is: its wiring, and the secrets that go with it. It reads nothing else. */
export interface ServerSettings {
  readonly database: {
    /** A directory of a unix socket, or a host name. */
    readonly host: string;
    readonly port: number;
    /** The other members of its cluster; which of them all takes writes is found out. */
    readonly others?: readonly { readonly host: string; readonly port: number }[];
    readonly name: string;
    /** Of whoever signed the server's certificate (PEM), where it is reached over a network. */
    readonly authority?: string;
    readonly connections: number;
  };
  /** What was read and is kept; nothing unless said. */
  readonly cache?: CacheSettings;
  /** How everybody comes to a door; by a function call unless said. */
  readonly reach?: Reach;
  readonly http: {
    readonly host: string;
    /** 0 for any free one. */
    readonly port: number;
    /** How the shop is reached from outside, such as https://shop.example; no slash at the end. */
    readonly publicUrl?: string;
    readonly tls?: TlsSettings;
    /** Beside TLS: where those who watch this process ask it in plain HTTP, on a network of our own. */
    readonly inside?: { readonly host: string; readonly port: number };
    /** Proxies whose X-Forwarded-For and X-Request-Id are believed; none unless said: nobody can forge them. */
    readonly trustedProxies?: readonly string[];
  };
  /** `settings`: what changes while it runs, of all processes of the shop that share a disk. */
  readonly directories: { readonly files: string; readonly build: string; readonly settings: string };
  /** A component that keeps uploads for several processes; absent: the directory. */
  readonly files?: { readonly host: string; readonly port: number };
  /** Which process of which shop it is. */
  readonly place: Place;
  readonly limits: Limits;
  /** How long a buyer has to pay, in milliseconds. */
  readonly payWithinMs: number;
  /** Demo data with its accounts and its sandbox provider. Never set in production. */
  readonly demo?: DemoSettings;
  /** By what the process judges itself; absent: somebody else does. */
  readonly watch?: WatchSettings;
  /** That it audits the shop as time passes, and how often; one process of a shop does. */
  readonly audits?: AuditSettings;
  /** Where traces go; absent: there are none, and nothing is loaded that would make them. */
  readonly trace?: TraceSettings;
  readonly clock: Clock;
  readonly logLevel: "silent" | "error" | "warn" | "info" | "debug";
  /** Where log lines go; standard output unless said. */
  readonly logTo?: { write(line: string): void };
  secret(name: string): string;
}

/** How this process itself ends TLS. PEM texts. */
export interface TlsSettings {
  readonly cert: string;
  readonly key: string;
  /** Where plain HTTP is answered with the way to TLS; it is on TLS's own port anyway. */
  readonly plain?: { readonly host: string; readonly port: number };
  /** Hands on what is renewed, until it is stopped. */
  watch?(take: (renewed: { cert: string; key: string }) => void): { stop(): Promise<void> };
}

export interface DemoSettings {
  readonly accounts: readonly { email: string; password: string; role: string }[];
  /** How late the sandbox's callbacks come, and how many of a hundred come twice. */
  readonly callbackDelaysMs?: Partial<Delays>;
}

export interface Limits {
  /** Requests a client's address may make in a minute. */
  readonly perClientPerMinute: number;
  /** Sign-ins and registrations a client's address may try in a minute. */
  readonly signInsPerClientPerMinute: number;
  /** Requests in work at once; one more is told to come back. */
  readonly atOnce: number;
  /** The process turns requests away while its event loop is later than this, in milliseconds. */
  readonly eventLoopDelayMs: number;
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Bytes of the bodies of all requests in work at once. */
  readonly bodyBytesAtOnce: number;
  /** Milliseconds a client may take to send a request. */
  readonly receiveMs: number;
}

/** All defaults on one page. */
export const defaultLimits: Limits = {
  perClientPerMinute: 1_200,
  signInsPerClientPerMinute: 30,
  atOnce: 512,
  eventLoopDelayMs: 1_000,
  bodyBytes: 1_048_576,
  bodyBytesAtOnce: 67_108_864,
  receiveMs: 20_000,
};
export const defaultPayWithinMs = 30 * 60_000;
export const defaultConnections = 63;
