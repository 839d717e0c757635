import type { Endpoint } from "#topology/wiring";

/** An address and a port as URLs and configurations write them. */
export const at = ({ host, port }: Endpoint) => `${host.includes(":") ? `[${host}]` : host}:${port}`;
