import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Endpoint } from "#topology/wiring";

/** A tiny application for tests of proxies: a process of its own, so that it can be killed. */
export interface TestUpstream {
  readonly name: string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/**
 * Starts one and waits until it listens. It appends a line "name method url" to `seenFile` for every request before it
 * does anything else with it.
 */
export async function startUpstream(name: string, at: Endpoint, seenFile: string): Promise<TestUpstream> {
  const args = [import.meta.filename, name, at.host, String(at.port), seenFile];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const sweep = () => void child.kill("SIGKILL");
  process.once("exit", sweep);
  const exited = once(child, "exit").then(() => process.off("exit", sweep));
  if (!child.stdout) throw new Error("no output");
  await once(child.stdout, "data");
  return {
    name,
    kill: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}

/** What the page says; `POST /price` sets it in every process. */
const state = { price: "10", closing: false, connections: 0, rendered: 0 };

/** By path; `?on=NAME` makes only the process of that name misbehave, the others answer at once. */
async function answer(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://upstream");
  const wanted = url.searchParams.get("on");
  const path = wanted === null || wanted === name ? url.pathname : "/who";
  const say = (status: number, headers: Record<string, string>, body: string) =>
    void response
      .writeHead(status, {
        "x-served-by": name,
        "content-length": String(Buffer.byteLength(body)),
        ...headers,
      })
      .end(body);
  const shared = {
    "cache-control": "public, max-age=0, s-maxage=30, stale-while-revalidate=60",
    vary: "Cookie",
  };
  const html = { "content-type": "text/html; charset=utf-8" };
  if (state.closing && path !== "/slow")
    return say(503, { connection: "close", "retry-after": "1" }, "closing");
  for await (const _ of request);
  switch (path) {
    case "/readyz":
      return say(200, {}, "ready");
    case "/slow":
      await pause(Number(url.searchParams.get("ms") ?? 20));
      return say(200, {}, "slow");
    case "/break":
      return void request.socket.destroy();
    case "/busy":
      return say(503, { "retry-after": "1" }, "busy");
    case "/hang":
      return undefined;
    case "/price":
      state.price = url.searchParams.get("now") ?? "";
      return say(200, {}, state.price);
    case "/page":
      state.rendered += 1;
      return say(200, { ...shared, ...html }, `<p>${state.price}</p>`);
    case "/own-page":
      return say(200, { ...html, "cache-control": "private, no-store" }, name);
    case "/setting-page":
      return say(200, { ...shared, ...html, "set-cookie": "cart=1" }, name);
    case "/large":
      return say(200, html, "<p>Storey, storey by storey</p>".repeat(2_000));
    case "/assets/app-1234.js":
      return say(
        200,
        { "content-type": "text/javascript", "cache-control": "public, max-age=31536000, immutable" },
        "x()",
      );
    default: {
      const { method, headers } = request;
      const { connections, rendered } = state;
      const whole = { name, method, url: request.url, headers, connections, rendered };
      return say(200, { "content-type": "application/json" }, JSON.stringify(whole));
    }
  }
}

if (import.meta.main) {
  const [name = "", host, port, seenFile = ""] = process.argv.slice(2);
  const server = createServer({ keepAliveTimeout: 72_000 }, (request, response) => {
    if (request.url !== "/readyz") appendFileSync(seenFile, `${name} ${request.method} ${request.url}\n`);
    answer(name, request, response).catch(() => request.socket.destroy());
  });
  server.on("connection", () => {
    state.connections += 1;
  });
  // As an application ends: it takes no new connections, turns away what still comes, and finishes what it began.
  process.once("SIGTERM", () => {
    state.closing = true;
    setInterval(() => server.closeIdleConnections(), 20);
    server.close(() => process.exit(0));
  });
  server.listen(Number(port), host, () => process.stdout.write("listening\n"));
}
