import type { Endpoint } from "./wiring.ts";

/** An address and a port as URLs and configurations write them. */
export const at = ({ host, port }: Endpoint) => `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** The address at which this machine reaches a server that listens on `host`. */
export const reachable = (host: string) => (host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host);
