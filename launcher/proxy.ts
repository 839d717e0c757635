import { requestRefusals } from "#kernel/door";
import { fillersOf } from "#topology/model";
import type { Endpoint } from "#topology/wiring";
import type { Site } from "./component.ts";

/** One of the applications that a proxy passes requests on to. */
export interface Upstream extends Endpoint {
  readonly name: string;
}

/** What every proxy needs to know of where it is. */
export interface ProxyPlace {
  readonly listen: Endpoint;
  /** Where it tells of itself: `/healthz`, and its own numbers. */
  readonly status: Endpoint;
  /** Its own directory. */
  readonly directory: string;
  readonly upstreams: readonly Upstream[];
  /** The component that keeps uploads; absent: the applications serve them. */
  readonly files?: Endpoint;
  readonly cachesPages: boolean;
  /** It begins traces, and decides that so many of them are kept: 0.01 is one in a hundred. Absent: none. */
  readonly traceSample?: number;
  /** It ends TLS; absent: plain HTTP. */
  readonly tls?: ProxyTls;
}

/** Where a proxy finds what it shows, and what it tells whoever comes without TLS. */
export interface ProxyTls {
  readonly pemFile: string;
  /** A port of its own for plain HTTP; its own port answers that anyway. */
  readonly plain?: Endpoint;
  /** How the shop is reached, where that was said; absent: as whoever asks has called it. */
  readonly publicUrl?: string;
}

export const proxyPorts = ["http", "status"] as const;

/** The place of a proxy, from the roads that leave it. */
export function proxyPlace(site: Site, cachesPages: boolean, pemFile?: string): ProxyPlace {
  const { tls } = site;
  const [files] = fillersOf(site.topology, site.name, "files");
  return {
    listen: site.endpoint("http"),
    status: site.endpoint("status"),
    directory: site.directory,
    upstreams: fillersOf(site.topology, site.name, "http").map(({ name }) => ({
      name,
      ...site.endpointOf(name, "http"),
    })),
    ...(files ? { files: site.endpointOf(files.name, "files") } : {}),
    cachesPages,
    ...(site.release.trace ? { traceSample: site.release.trace.sample } : {}),
    ...(tls && pemFile
      ? {
          tls: {
            pemFile,
            ...(tls.plain ? { plain: tls.plain } : {}),
            ...(tls.publicUrl ? { publicUrl: tls.publicUrl } : {}),
          },
        }
      : {}),
  };
}

/** On which everybody outside is listened to. */
export const portsOf = ({ listen, tls }: ProxyPlace): number[] => [
  listen.port,
  ...(tls?.plain ? [tls.plain.port] : []),
];

/** Where plain requests are sent, with the variable that holds the name they were sent to. */
export const secureBase = ({ listen, tls }: ProxyPlace, name: string): string =>
  tls?.publicUrl ?? `https://${name}${listen.port === 443 ? "" : `:${listen.port}`}`;

/** Throws where nobody would be left to send requests to, or nobody has that name. */
export function refuseAlone({ upstreams }: ProxyPlace, leftOut: string | undefined): void {
  if (leftOut === undefined) return;
  const rest = upstreams.filter(({ name }) => name !== leftOut);
  if (rest.length === upstreams.length) throw new Error(`nothing is sent to "${leftOut}"`);
  if (rest.length === 0) throw new Error(`there is nobody but "${leftOut}" to send requests to`);
}

/** Of a Cache-Control that lets everybody have the same answer, for more than no time. A Perl regular expression. */
export const sharedPattern =
  "^(?=.*\\bpublic\\b)(?!.*\\b(?:private|no-store|no-cache|s-maxage=0)\\b)(?=.*\\b(?:s-maxage|max-age)=[1-9])";

/** Paths that nobody outside has any business with, decoded. A regular expression of Perl, Nginx and HAProxy. */
export const insideOnly = "^/+(?:metrics|alerts)/*$";

/** Limits of every proxy, on one page. Times in seconds. */
export const proxyLimits = {
  /** Connections in work for one address: a company behind one address has fewer, a flood has more. */
  connectionsPerAddress: 512,
  /** All connections. Each in work has one to an application beside it. */
  connections: 4_096,
  /** As large as any route takes (a file of products); each route of an application takes less by itself. */
  bodyBytes: 12_582_912,
  /** A header comes in a packet or two; who takes longer keeps a connection from others. */
  headerSeconds: 5,
  /** Between two pieces of a body, and of an answer that a client takes. */
  bodySeconds: 10,
  sendSeconds: 30,
  /** A client's resting connection. */
  restSeconds: 65,
  /** To reach an application on a network of our own. */
  connectSeconds: 1,
  /** An application gives up after 10 s (apps/server/edge.ts) and says so itself. */
  answerSeconds: 15,
  /** Shorter than an application keeps its resting connections (72 s): it closes none that we are about to use. */
  reuseSeconds: 30,
} as const;

/** What a proxy itself has to refuse: by status, the code applications use for the same, and what to do next. */
const refusals = {
  404: ["request.not_found", "There is nothing at this address."],
  413: ["request.too_large", "Send less at once."],
  429: ["request.too_many", "Too many requests at once from one address. Try again in a second."],
  502: ["request.failed", "No answer came. Try again; repeat an order with the Idempotency-Key it had."],
  503: ["request.overloaded", "Nobody is free to answer. Try again in a second."],
  504: ["request.failed", "No answer came in time. Repeat an order with the Idempotency-Key it had."],
} as const;
export type ProxyStatus = keyof typeof refusals;
export const proxyStatuses = Object.keys(refusals).map(Number) as ProxyStatus[];

/** A refusal for programs: problem details (RFC 9457). Holds no quote and no dollar sign, which proxies would read. */
export function problemBody(status: ProxyStatus): string {
  const [code, detail] = refusals[status];
  const [, title] = requestRefusals[code];
  return JSON.stringify({ type: `/api/problems#${code}`, title, status, code, detail });
}

/** The same for people. */
export function pageBody(status: ProxyStatus): string {
  const [code, detail] = refusals[status];
  const [, title] = requestRefusals[code];
  const head = `<!doctype html><html lang=en><meta charset=utf-8><title>${title}</title>`;
  return `${head}<h1>${title}</h1><p>${detail}</p></html>`;
}
