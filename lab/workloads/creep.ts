import { once } from "node:events";
import { createConnection } from "node:net";
import { performance } from "node:perf_hooks";

const everyMs = 500;
const mostMs = 60_000;

/**
 * Sends a request a few bytes at a time and never comes to the end of its headers (Slowloris, 2009). Answers what the
 * server did about it; throws where it let that go on for a minute.
 */
export async function creepIn(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port || 80) });
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
  let said = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    said += text;
  });
  const ended = once(socket, "close").catch(() => undefined);
  socket.on("error", () => undefined);
  socket.write(`GET / HTTP/1.1\r\nhost: ${hostname}\r\n`);
  const timer = setInterval(() => {
    if (performance.now() - startedAt > mostMs) socket.destroy();
    else if (!socket.destroyed) socket.write("x-a: b\r\n");
  }, everyMs);
  await ended;
  clearInterval(timer);
  if (seconds() >= mostMs / 1_000) throw new Error("a slow client was not cut off within a minute");
  const status = /^HTTP\/1\.\d (\d+)/.exec(said)?.[1];
  return `cut off${status ? ` with ${status}` : ""}`;
}
