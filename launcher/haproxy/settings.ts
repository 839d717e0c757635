import { at } from "#topology/address";
import type { Endpoint } from "#topology/wiring";
import {
  insideOnly,
  type ProxyPlace,
  pageBody,
  problemBody,
  proxyLimits,
  proxyStatuses,
  secureBase,
  sharedPattern,
  type Upstream,
} from "../proxy.ts";

const limits = proxyLimits;

/** What it knows besides. */
export interface HaproxyPlace extends ProxyPlace {
  readonly password: string;
  /** Where TLS is ended, behind the port that people come to. */
  readonly inner: Endpoint;
  /** Where the launcher hands it another certificate. */
  readonly socket: string;
}

/** Nothing older than TLS 1.2. A renewed certificate comes through the socket, which its own user alone may open. */
const encrypted = (socket: string) => `  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
  stats socket ${quoted(socket)} mode 600 level admin
`;

/** The backends whose servers are the applications; the first is watched, and the others follow it. */
const watched = "reads";

/**
 * The whole configuration of HAProxy: every setting on one page, and what it is for. It asks each application twice a
 * second whether it is ready, and never asks another one once a write was sent.
 */
export function haproxySettings(place: HaproxyPlace): string {
  return `${everywhere(place)}

${shop(place)}

${backends(place)}

${told(place)}
`;
}

const everywhere = ({ tls, socket }: HaproxyPlace) => `global
  log stdout format raw daemon warning
  maxconn ${limits.connections}
  # Fewer open files than that are less than we hoped for, and no reason not to start.
  no strict-limits
  hard-stop-after ${limits.answerSeconds}s
${tls ? encrypted(socket) : ""}
# Public answers, for a second: whatever an application allows to caches elsewhere, nobody sees a price for longer
# after it was changed. Lifetimes end with a second of the clock, so that "1" means one at most.
cache pages
  total-max-size 64
  max-object-size 1000000
  max-age 1

# What has its content's hash in its name.
cache kept
  total-max-size 64
  max-object-size 4000000
  max-age 86400
  process-vary on

defaults
  mode http
  log global
  option dontlognull
  option redispatch 1
  retries 3
  balance roundrobin
  timeout connect ${limits.connectSeconds}s
  timeout client ${limits.sendSeconds}s
  timeout server ${limits.answerSeconds}s
  timeout queue 2s
  timeout check 1s
  timeout http-request ${limits.headerSeconds}s
  timeout http-keep-alive ${limits.restSeconds}s
${proxyStatuses.map(refusal).join("\n")}`;

/** What everybody outside reaches. */
const shop = (place: HaproxyPlace) => `${place.tls ? telling(place) : ""}frontend shop
  bind ${place.tls ? `${at(place.inner)} accept-proxy ssl crt ${quoted(place.tls.pemFile)} alpn http/1.1` : `${at(place.listen)} backlog 1024`}
  stick-table type ipv6 size 100k expire 10s store conn_cur
  http-request track-sc0 src
  http-request deny deny_status 429 if { sc0_conn_cur gt ${limits.connectionsPerAddress} }
  http-request deny deny_status 413 if { req.body_size gt ${limits.bodyBytes} }
  http-request return status 200 content-type application/json string '{"alive":true}' if { path /healthz }
  # One name for a request in every log and in its answer, also in one that was kept from another's request.
  http-request set-var(txn.request_id) uuid()${place.traceSample === undefined ? "" : traceBegun(place.traceSample)}
  http-after-response set-header X-Request-Id %[var(txn.request_id)]
  # Figures of the business are read from the applications themselves, never through here.
  http-request deny deny_status 404 if { path,url_dec -m reg ${insideOnly} }
  # Applications are not kept by clients who send a form byte by byte. What is larger than a buffer passes as it comes.
  http-request wait-for-body time ${limits.bodySeconds}s unless { method GET HEAD }

  # Who asks is said by us alone: whatever a client wrote into these is overwritten or left out.
  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Forwarded-Proto ${place.tls ? "https" : "http"}
  http-request set-header X-Request-Id %[var(txn.request_id)]
  http-request del-header X-Forwarded-Host
  http-request del-header X-Forwarded-Port
  http-request del-header X-Real-IP
  http-request del-header Forwarded${place.traceSample === undefined ? "" : traced}

  acl is_read method GET HEAD
  acl is_page req.hdr(accept) -m sub text/html
  acl is_alone nbsrv(${watched}) eq 0
${place.files ? useFiles : ""}  use_backend assets if is_read { path_beg /assets/ }
  use_backend nobody if is_alone is_page
  use_backend ${watched} if is_read
  default_backend writes`;

/** A trace is named like its request, and our part of it by the first half of that. */
const traceBegun = (sample: number) => `
  http-request set-var(txn.arrived) date(0,ms)
  http-request set-var(txn.trace) var(txn.request_id),regsub(-,,g)
  http-request set-var(txn.trace_flags) str(00)
  http-request set-var(txn.trace_flags) str(01) if { rand(10000) lt ${Math.round(sample * 10_000)} }`;

/** Whatever a client says about traces is overwritten. The application tells for us since when we had the request. */
const traced = `
  http-request set-header traceparent 00-%[var(txn.trace)]-%[var(txn.trace),bytes(0,16)]-%[var(txn.trace_flags)]
  http-request del-header tracestate
  http-request set-header X-Request-Start t=%[var(txn.arrived)]`;

/**
 * TLS and plain HTTP come to one port: the first byte says which of the two it is. TLS is ended behind, where who asks
 * is said by the first of them (PROXY protocol).
 */
const telling = (place: HaproxyPlace) => `frontend door
  mode tcp
  bind ${at(place.listen)} backlog 1024
  timeout client ${limits.restSeconds + limits.answerSeconds}s
  tcp-request inspect-delay ${limits.headerSeconds}s
  tcp-request content accept if { req.ssl_hello_type 1 }
  tcp-request content accept if HTTP
  tcp-request content reject
  use_backend secured if { req.ssl_hello_type 1 }
  default_backend plain

backend secured
  mode tcp
  timeout server ${limits.restSeconds + limits.answerSeconds}s
  server shop ${at(place.inner)} send-proxy-v2

backend plain
  mode http
  http-request redirect code 308 location ${secureBase(place, "%[hdr(host),field(1,:)]")}%[pathq]
${place.tls?.plain ? plainly(place.tls.plain) : ""}
`;

const plainly = (plain: Endpoint) => `
frontend plain-http
  bind ${at(plain)} backlog 1024
  default_backend plain
`;

const quoted = (path: string) => `"${path}"`;

/** Whom requests are passed on to. */
const backends = ({
  upstreams,
  files,
  cachesPages,
}: ProxyPlace) => `# Reads may be asked twice, over connections that are kept.
backend ${watched}
  option httpchk
  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host shop
  http-check expect status 200
  retry-on conn-failure empty-response junk-response 502 503
${cachesPages ? pagesKept : ""}  filter compression
  compression algo gzip
  compression type text/html text/plain text/css text/javascript application/javascript
  compression type application/json application/problem+json application/xml image/svg+xml
  compression offload
  default-server check inter 500ms fastinter 100ms fall 2 rise 1 observe layer4 error-limit 5 on-error mark-down
${servers(upstreams)}

# A write goes over a connection of its own: that one cannot be made is known before anything was sent.
backend writes
  option http-server-close
  retry-on conn-failure
${servers(upstreams, `track ${watched}/`)}

backend assets
  retry-on conn-failure empty-response junk-response 502 503
  filter cache kept
  http-request cache-use kept
  http-response cache-store kept
${servers(upstreams, `track ${watched}/`)}

backend nobody
  http-request return status 503 content-type "text/html; charset=utf-8" hdr Retry-After 1 string '${pageBody(503)}'
${files ? filesBackend(at(files)) : ""}`;

/** What the launcher and Prometheus reach. */
const told = ({ status, password }: { status: Endpoint; password: string }) => `frontend status
  bind ${at(status)}
  option httpclose
  http-request return status 200 content-type application/json string '{"alive":true}' if { path /healthz }
  http-request use-service prometheus-exporter if { path /metrics }
  # The launcher reads numbers here, and leaves applications out.
  stats enable
  stats uri /status
  stats auth launcher:${password}
  stats admin if TRUE
  stats hide-version`;

const problemType = "application/problem+json";

const refusal = (status: (typeof proxyStatuses)[number]) =>
  `  http-error status ${status} content-type ${problemType} hdr Retry-After 1 string '${problemBody(status)}'`;

const servers = (upstreams: readonly Upstream[], follows?: string) =>
  upstreams
    .map((each) => `  server ${each.name} ${at(each)}${follows ? ` ${follows}${each.name}` : ""}`)
    .join("\n");

/**
 * Who has a cookie, a token or a cart is answered by an application. HAProxy keeps nothing that depends on a cookie and
 * nothing that says "max-age=0", whatever it says besides to caches like this one; so both are put aside while it is
 * kept, and back before it is sent.
 */
const pagesKept = `  filter cache pages
  acl is_personal req.hdr_cnt(cookie) gt 0
  acl is_personal req.hdr_cnt(authorization) gt 0
  acl is_personal req.hdr_cnt(cart-token) gt 0
  acl is_personal req.hdr_cnt(storey-read) gt 0
  http-request set-var(txn.anonymous) bool(true) if !is_personal
  http-request cache-use pages if !is_personal
  acl is_anonymous var(txn.anonymous) -m bool
  acl is_shared res.fhdr(cache-control) -m reg -i ${sharedPattern}
  acl sets_cookie res.hdr_cnt(set-cookie) gt 0
  acl is_aside res.hdr_cnt(x-told) gt 0
  http-response del-header X-Told
  http-response set-header X-Told %[res.fhdr(cache-control)] if is_anonymous is_shared !sets_cookie
  http-response set-header Cache-Control "public, max-age=1" if is_aside
  http-response del-header Vary if is_aside
  http-response cache-store pages if is_aside
  http-after-response set-header Cache-Control %[res.fhdr(x-told)] if is_aside
  http-after-response set-header Vary "Cookie, Authorization" if is_aside
  http-after-response del-header X-Told
`;

const useFiles = `  acl is_file path -m reg ^/files/[0-9a-f]{64}[.][a-z]+$
  http-request deny deny_status 403 if is_file !is_read
  use_backend files if is_file
`;

const filesBackend = (address: string) => `
backend files
  retry-on conn-failure empty-response junk-response
  http-request del-header Authorization
  http-request del-header Cookie
  filter cache kept
  http-request cache-use kept
  http-response cache-store kept
  http-response return status 404 content-type application/problem+json string '${problemBody(404)}' if { status 404 }
  server files ${address}
`;
