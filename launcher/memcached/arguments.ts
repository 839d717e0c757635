import type { Endpoint } from "#topology/wiring";

/**
 * Every setting of memcached, on one page. There is no password: builds of distributions leave SASL to files outside
 * of any instance, and its own list of passwords (-Y) shuts out the binary protocol that clients speak. Whoever can
 * reach the address can read it, so it listens on that one address alone, over TCP alone.
 */
export function memcachedArguments({ listen, memoryMb }: { listen: Endpoint; memoryMb: number }): string[] {
  return [
    ...["-l", listen.host, "-p", String(listen.port), "-U", "0"],
    ...["-m", String(memoryMb)],
    // The largest item, and its own default: what is larger than this is not worth a cache's memory.
    ...["-I", "1m"],
    // Two threads of its four: it shares its machine, and answers faster than a few applications ask.
    ...["-t", "2", "-c", "2000"],
  ];
}
