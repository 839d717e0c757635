import { sharedPattern } from "../proxy.ts";

/**
 * Answers that an application calls public are kept for everybody, for what is left of half a second: the moment is
 * part of the key. Nginx counts lifetimes in seconds and keeps an answer "for 1 s" until the end of the next one; with
 * the 30 s and the stale answers that the storefront allows to caches elsewhere, a reader would see a price long after
 * it was changed. A page that one reader a second asks for is not written down at all.
 *
 * Who has a cookie, a token or a cart is answered by an application.
 */
export const pagesCache = (directory: string) => `
  proxy_cache_path "${directory}/pages" levels=1:2 keys_zone=pages:8m max_size=64m inactive=2s use_temp_path=off
    manager_files=500;
  map $msec $moment {
    default $msec;
    "~^(?<second>\\d+)[.][0-4]" $second.0;
    "~^(?<secondhalf>\\d+)[.][5-9]" $secondhalf.5;
  }
  map "$http_cookie$http_authorization$http_cart_token$http_storey_read" $personal {
    default 1;
    "" "";
  }
  # Told to keep it: public, and for more than no time.
  map $upstream_http_cache_control $unshared {
    default 1;
    "~*${sharedPattern}" "";
  }
`;

/**
 * Others who ask for what is being made wait and look again: Nginx looks once at the end of the wait, so that it is
 * short.
 */
export const writesPage = `
      proxy_cache pages;
      proxy_cache_key "$moment $http_host$request_uri";
      proxy_cache_valid 200 2s;
      proxy_ignore_headers Cache-Control Expires X-Accel-Expires;
      proxy_cache_min_uses 2;
      proxy_cache_lock on;
      proxy_cache_lock_timeout 50ms;
      proxy_cache_bypass $personal;
      proxy_no_cache $personal $unshared;
`;
