import { createConnection } from "node:net";
import type { Endpoint } from "#topology/wiring";

/** An answer longer than this is none of a server we know. */
const longestBytes = 1 << 20;

/**
 * Says something to a server that speaks in lines, and returns all it says until it hangs up: the last line said must
 * ask for that. Throws when it cannot be reached, does not end within `timeoutMs`, or says more than a megabyte.
 */
export function converse(at: Endpoint, lines: readonly string[], timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(at);
    const heard: Buffer[] = [];
    let bytes = 0;
    const fail = (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    socket.on("data", (chunk) => {
      heard.push(chunk);
      bytes += chunk.length;
      if (bytes > longestBytes) fail(new Error("an answer without end"));
    });
    socket.once("error", fail);
    socket.once("end", () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(Buffer.concat(heard).toString("utf8"));
    });
    socket.write(lines.map((line) => `${line}\r\n`).join(""));
  });
}
