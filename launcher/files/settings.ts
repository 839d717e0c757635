import { at } from "#topology/address";
import type { Endpoint } from "#topology/wiring";
import { nginxFolders, nginxOfItself, nginxProcess } from "../nginx/settings.ts";
import { proxyLimits as limits } from "../proxy.ts";

/**
 * The whole configuration of Nginx as the keeper of uploads. A file has the hash of its content for a name, so it is
 * written once, read by anybody who knows the name, and taken away or replaced by those alone who have the token. It
 * appears whole: Nginx writes it beside and moves it into place. Folders as in a directory of an application's own
 * (platform/files/drivers/disk.ts), so that files can be carried from one to the other.
 */
export function filesSettings(place: { listen: Endpoint; directory: string; token: string }): string {
  return `${nginxProcess(place.directory)}
events {
  worker_connections ${limits.connections};
}

http {
${nginxFolders(place.directory)}
${clients}

  # Matched as it is written: without the tilde Nginx takes capital letters for small ones.
  map "$request_method $http_authorization" $refused {
    default 1;
    "~^(?:GET|HEAD) " "";
    "~^(?:PUT|DELETE) Bearer ${place.token}$" "";
  }

${server(place)}
}
`;
}

/** What clients may do. Only pictures are kept (platform/files/api.ts). */
const clients = `  access_log off;
  server_tokens off;
  sendfile on;
  tcp_nopush on;
  client_max_body_size ${limits.bodyBytes};
  client_header_timeout ${limits.headerSeconds}s;
  client_body_timeout ${limits.bodySeconds}s;
  send_timeout ${limits.sendSeconds}s;
  keepalive_timeout ${limits.restSeconds}s;
  keepalive_requests 10000;

  default_type application/octet-stream;
  types {
    image/avif avif;
    image/gif gif;
    image/jpeg jpg;
    image/png png;
    image/svg+xml svg;
    image/webp webp;
  }`;

const server = ({ listen, directory }: { listen: Endpoint; directory: string }) => `  server {
    listen ${at(listen)} backlog=1024;
    server_name _;

    location ~ "^/files/(?<folder>[0-9a-f]{2})(?<rest>[0-9a-f]{62}[.](?:avif|gif|jpg|png|svg|webp))$" {
      if ($refused) {
        return 403;
      }
      alias "${directory}/uploads/$folder/$folder$rest";
      dav_methods PUT DELETE;
      create_full_put_path on;
      dav_access user:rw;
      # They came from merchants: nothing in them may run, whatever they say they are (apps/server/file-routes.ts).
      add_header Cache-Control "public, max-age=31536000, immutable";
      add_header Content-Security-Policy "default-src 'none'; style-src 'unsafe-inline'; sandbox";
      add_header X-Content-Type-Options nosniff;
      add_header Cross-Origin-Resource-Policy cross-origin;
    }
${nginxOfItself}  }`;
