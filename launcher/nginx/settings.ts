import { at } from "#topology/address";
import type { Endpoint } from "#topology/wiring";
import {
  insideOnly,
  type ProxyPlace,
  type ProxyTls,
  pageBody,
  problemBody,
  proxyLimits,
  proxyStatuses,
  secureBase,
  type Upstream,
} from "../proxy.ts";
import { pagesCache, writesPage } from "./pages.ts";

/** Whose name lies in this folder of the proxy's directory gets no requests: looked at before each, with no reload. */
export const outFolder = "out";

const limits = proxyLimits;

/** The whole configuration of Nginx as a proxy: every setting in this file, and what it is for. */
export function nginxSettings(place: ProxyPlace): string {
  const { directory, upstreams, files, cachesPages, traceSample } = place;
  return `${nginxProcess(directory)}
events {
  worker_connections ${limits.connections * 2};
}

http {
${nginxFolders(directory)}
${clients}

  # What never changes is kept for long. An old page that asks for the files of the release before finds them here.
  proxy_cache_path "${directory}/kept" levels=1:2 keys_zone=kept:4m max_size=512m inactive=30d use_temp_path=off;
${cachesPages ? pagesCache(directory) : ""}
${kinds}
${traceSample === undefined ? "" : traces(traceSample)}
${pools(upstreams)}
${files ? filesPool(files) : ""}
${place.tls ? followedOnce : ""}${shop(place)}
${place.tls?.plain ? plainly(place, place.tls.plain) : ""}
${told(place)}
}
`;
}

/** What clients may do, and how they are answered. */
const clients = `  access_log off;
  server_tokens off;
  sendfile on;
  tcp_nopush on;
  reset_timedout_connection on;
  default_type application/octet-stream;

  # One client must not take everybody's share.
  limit_conn_zone $binary_remote_addr zone=addresses:4m;
  limit_conn addresses ${limits.connectionsPerAddress};
  limit_conn_status 429;
  client_max_body_size ${limits.bodyBytes};
  client_body_buffer_size 64k;
  client_header_buffer_size 2k;
  large_client_header_buffers 4 8k;
  client_header_timeout ${limits.headerSeconds}s;
  client_body_timeout ${limits.bodySeconds}s;
  send_timeout ${limits.sendSeconds}s;
  keepalive_timeout ${limits.restSeconds}s;
  keepalive_requests 10000;

  gzip on;
  gzip_comp_level 3;
  gzip_min_length 1024;
  gzip_proxied any;
  gzip_vary on;
  gzip_types text/plain text/css text/javascript application/javascript application/json
    application/problem+json application/xml image/svg+xml;`;

/** What requests are told apart by. */
const kinds = `  map $http_accept_encoding $encoding {
    default "";
    ~*\\bbr\\b br;
    ~*\\bgzip\\b gzip;
  }
  map $http_accept $form {
    default json;
    ~*text/html html;
  }

  # Reads may be asked twice, and go over connections that are kept. A write is sent over a new connection: that one
  # cannot be made is known before anything was sent, so another application can be asked without doing it twice.
  map $request_method $way {
    default writes;
    GET reads;
    HEAD reads;
  }
  map $way $kept_or_not {
    default close;
    reads "";
  }`;

/** Repeated wherever another header is added: such a place inherits none. */
const requestId = "add_header X-Request-Id $request_id always;";

/**
 * A trace is named like its request, and our part of it by the first half of that. Debian's Nginx cannot tell of traces
 * itself: the application that is asked tells for it since when it has had the request.
 */
const traces = (sample: number) => `
  split_clients $request_id $trace_flags {
    ${(sample * 100).toFixed(2)}% 01;
    * 00;
  }
  map $request_id $trace_span {
    "~^(?<firsthalf>.{16})" $firsthalf;
  }
`;

/** Whatever a client says about traces is overwritten. */
const traced = `
      proxy_set_header traceparent "00-$request_id-$trace_span-$trace_flags";
      proxy_set_header tracestate "";
      proxy_set_header X-Request-Start "t=$arrived";`;

/** What everybody outside reaches. */
const shop = (place: ProxyPlace) => {
  const { listen, directory, upstreams, files, cachesPages, traceSample, tls } = place;
  return `  server {
    listen ${at(listen)} backlog=1024${tls ? " ssl" : ""};
    server_name _;
${tls ? endTls(place, tls) : ""}
    set $out "";${traceSample === undefined ? "" : "\n    set $arrived $msec;"}
${upstreams.length > 1 ? upstreams.map((each) => leftOut(directory, each)).join("\n") : ""}

    proxy_http_version 1.1;
    proxy_connect_timeout ${limits.connectSeconds}s;
    proxy_send_timeout ${limits.answerSeconds}s;
    proxy_read_timeout ${limits.answerSeconds}s;
    # Nginx asks nobody else once it has sent a POST or PATCH, whatever came of it. PUT and DELETE it may repeat, as
    # HTTP says of them, after a connection broke. An answer of 502 or 503 (an application that closes) is a reason too.
    proxy_next_upstream error timeout http_502 http_503;
    proxy_next_upstream_tries 3;
    proxy_next_upstream_timeout ${limits.answerSeconds - 3}s;
    proxy_buffers 16 16k;
    proxy_buffer_size 16k;
    # One name for a request in every log and in its answer, also in one that was kept from another's request.
    proxy_hide_header X-Request-Id;
    ${requestId}

    # Figures of the business are read from the applications themselves, never through here.
    location ~ "${insideOnly}" {
      return 404;
    }

    location / {
${passOn({ encoding: '""' })}${traceSample === undefined ? "" : traced}
      proxy_pass http://$way$out;
${cachesPages ? writesPage : ""}    }

    location /assets/ {
${passOn({ encoding: "$encoding" })}${traceSample === undefined ? "" : traced}
      proxy_pass http://$way$out;
${keepForLong('"$uri $encoding"')}
      proxy_ignore_headers Vary;
    }
${files ? filesLocation : ""}
    location = /healthz {
      default_type application/json;
      return 200 '{"alive":true}';
    }

${refusals}
  }`;
};

/**
 * A variable, so that the file is read for each handshake: what was renewed is shown with no reload. `pemFile` is a
 * link; where it leads is looked up once a handshake, because a map remembers: chain and key come from one file.
 */
const followedOnce = `  map $realpath_root $outside_pem {
    default $realpath_root;
  }
`;

/** Nothing older than TLS 1.2. Who comes back continues a session; tickets would outlive their keys. */
const endTls = (place: ProxyPlace, { pemFile }: ProxyTls) => `    root "${pemFile}";
    ssl_certificate $outside_pem;
    ssl_certificate_key $outside_pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:outside:4m;
    ssl_session_timeout 1h;
    ssl_session_tickets off;
    # Plain HTTP on this port.
    error_page 497 =308 ${secureBase(place, "$host")}$request_uri;
`;

const plainly = (place: ProxyPlace, plain: Endpoint) => `  server {
    listen ${at(plain)} backlog=1024;
    server_name _;
    return 308 ${secureBase(place, "$host")}$request_uri;
  }
`;

/** What the launcher and Prometheus reach. */
const told = ({ status }: ProxyPlace) => `  server {
    listen ${at(status)};
    server_name _;
    keepalive_timeout 0;
${nginxOfItself}  }`;

/** What every Nginx of ours tells of itself, to the launcher and to Prometheus, and nothing else. */
export const nginxOfItself = `    location = /healthz {
      default_type application/json;
      return 200 '{"alive":true}';
    }
    location = /status {
      stub_status;
    }
    location / {
      return 404;
    }
`;

/** What every Nginx of ours has in common: a process that stays, says what goes wrong, and is no root. */
export const nginxProcess = (directory: string) => `daemon off;
pid "${directory}/nginx.pid";
error_log stderr warn;
worker_processes auto;
worker_rlimit_nofile ${limits.connections * 4};
worker_shutdown_timeout ${limits.answerSeconds}s;
pcre_jit on;
`;

/** Its own folders: those it was built with belong to root. */
export const nginxFolders = (directory: string) =>
  ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((each) => `  ${each}_temp_path "${directory}/temporary/${each}";`)
    .join("\n");

/** All applications, and all but one for each of them, so that one can be left out without a reload. */
function pools(upstreams: readonly Upstream[]): string {
  const without = upstreams.length > 1 ? upstreams : [];
  return [
    ...pool("", upstreams),
    ...without.flatMap(({ name }) =>
      pool(
        `_without_${name}`,
        upstreams.filter((each) => each.name !== name),
      ),
    ),
  ].join("\n");
}

/**
 * An application that fails ten times in a second is left out for the next: one that cannot be reached then costs one
 * request in a second the time to find out. Not after fewer: some requests break whoever answers them, some are
 * turned away by an application that has much to do, and when it is left out for that, the others have even more.
 */
function pool(suffix: string, members: readonly Upstream[]): string[] {
  const servers = members.map((each) => `    server ${at(each)} max_fails=10 fail_timeout=1s;`).join("\n");
  return [
    `  upstream reads${suffix} {
    zone reads${suffix} 128k;
${servers}
    keepalive 64;
    keepalive_timeout ${limits.reuseSeconds}s;
    keepalive_requests 10000;
  }`,
    `  upstream writes${suffix} {
    zone writes${suffix} 128k;
${servers}
  }`,
  ];
}

const filesPool = (files: Endpoint) => `  upstream files {
    server ${at(files)} max_fails=0;
    keepalive 16;
    keepalive_timeout ${limits.reuseSeconds}s;
  }
`;

const leftOut = (directory: string, { name }: Upstream) => `    if (-f "${directory}/${outFolder}/${name}") {
      set $out "_without_${name}";
    }`;

/** Who asks is said by us alone: whatever a client wrote into these is overwritten or left out. */
const passOn = ({ encoding }: { encoding: string }) => `      proxy_set_header Host $http_host;
      proxy_set_header Connection $kept_or_not;
      proxy_set_header Accept-Encoding ${encoding};
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host "";
      proxy_set_header X-Forwarded-Port "";
      proxy_set_header X-Real-IP "";
      proxy_set_header Forwarded "";
      proxy_set_header X-Request-Id $request_id;`;

/** For what has its content's hash in its name: an old answer is as good as a new one. */
const keepForLong = (key: string) => `      proxy_cache kept;
      proxy_cache_key ${key};
      proxy_cache_lock on;
      proxy_cache_lock_timeout 1s;
      proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;`;

const filesLocation = `
    location ~ "^/files/[0-9a-f]{64}[.][a-z]+$" {
      limit_except GET {
        deny all;
      }
      proxy_set_header Host files;
      proxy_set_header Connection "";
      proxy_set_header Authorization "";
      proxy_set_header Cookie "";
      proxy_pass http://files;
${keepForLong("$uri")}
      proxy_intercept_errors on;
      error_page 404 /.storey/404.$form;
    }
`;

/** For people a page, for programs what applications would say. */
const refusals = proxyStatuses
  .map(
    (status) => `    error_page ${status} /.storey/${status}.$form;
    location = /.storey/${status}.json {
      internal;
      default_type application/problem+json;
      add_header Retry-After 1 always;
      ${requestId}
      return ${status} '${problemBody(status)}';
    }
    location = /.storey/${status}.html {
      internal;
      default_type text/html;
      add_header Retry-After 1 always;
      ${requestId}
      return ${status} '${pageBody(status)}';
    }`,
  )
  .join("\n");
