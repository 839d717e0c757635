import { createClient } from "@redis/client";

export interface RedisPlace {
  readonly host: string;
  readonly port: number;
  readonly password?: string | undefined;
  /** The certificate of the authority that signed the server's; without it the connection is not encrypted. */
  readonly tls?: { readonly ca: string } | undefined;
  /** Keeps several shops on one server apart. */
  readonly prefix?: string | undefined;
}

/** Begins to connect, and goes on after every break; what is asked meanwhile fails at once. */
export function connectRedis(place: RedisPlace) {
  const { host, port, tls } = place;
  const common = { host, port, connectTimeout: 1_000, reconnectStrategy: reconnectMs };
  const client = createClient({
    ...(place.password ? { password: place.password } : {}),
    socket: tls ? { ...common, tls: true as const, ca: tls.ca } : common,
    // What is asked while there is no connection is answered from elsewhere, not kept for later.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 20_000,
    disableClientInfo: true,
  });
  // An error event that nobody hears ends the process; what was asked fails by itself, and the circuit counts that.
  client.on("error", () => undefined);
  client.connect().catch(() => undefined);
  return client;
}
export type RedisClient = ReturnType<typeof connectRedis>;

/** Twice a second, not in step with others. */
const reconnectMs = (retries: number): number => 300 + ((retries * 137) % 400);
