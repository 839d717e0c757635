import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** Names that Fastify, too, takes for networks among its trusted proxies. */
const networks: Readonly<Record<string, readonly string[]>> = {
  loopback: ["127.0.0.0/8", "::1/128"],
  linklocal: ["169.254.0.0/16", "fe80::/10"],
  uniquelocal: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"],
};

/** What fits a header, a line of a log and a trace, and holds nothing that either would read. */
const wellFormed = /^[\w.-]{8,64}$/;

/**
 * How requests are named in logs, answers and traces: as the proxy in front named them, so that its log and ours speak
 * of the same request. A name that anybody else sends is not taken: it could be that of another's request.
 */
export function requestIds(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trusted = new BlockList();
  for (const each of trustedProxies.flatMap((name) => networks[name] ?? name)) {
    const [address = "", bits] = each.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string) => trusted.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  return ({ headers, socket }) => {
    const given = headers["x-request-id"];
    const isNamed = typeof given === "string" && wellFormed.test(given);
    if (isNamed && socket.remoteAddress && isTrusted(socket.remoteAddress)) return given;
    return randomUUID();
  };
}
