import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { ComponentStatus, InstanceStatus } from "./status.ts";

/** What a supervisor answers to whoever has the instance's secret: `storey status`, the console, Prometheus. */
export interface Control {
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens at this machine only. */
export async function openControl(options: {
  port: number;
  token: string;
  status(): Promise<InstanceStatus>;
}): Promise<Control> {
  const { token, status } = options;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (!isToken(request.headers.authorization, token))
      return end(response, 401, "text/plain", "who asks?\n");
    if (request.url === "/status")
      return end(response, 200, "application/json", JSON.stringify(await status()));
    if (request.url === "/metrics") {
      const { components } = await status();
      return end(response, 200, "text/plain; version=0.0.4", inPrometheusText(components));
    }
    return end(response, 404, "text/plain", "there is /status and /metrics\n");
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => end(response, 500, "text/plain", `${error.message}\n`));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: options.port }, resolve);
  });
  return {
    port: options.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isToken(header: string | undefined, token: string): boolean {
  const [given, wanted] = [Buffer.from(header ?? ""), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function end(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type }).end(body);
}

/** Every component's health, use and own numbers, as Prometheus reads them. */
export function inPrometheusText(components: readonly ComponentStatus[]): string {
  const lines: string[] = [];
  for (const { name, kind, host, ailment, memoryBytes, cpuMs, metrics } of components) {
    const labels = `component="${name}",kind="${kind}",host="${host}"`;
    lines.push(
      `storey_component_up{${labels}} ${ailment === null ? 1 : 0}`,
      `storey_component_memory_bytes{${labels}} ${memoryBytes}`,
      `storey_component_cpu_seconds_total{${labels}} ${cpuMs / 1000}`,
    );
    for (const [metric, value] of Object.entries(metrics)) {
      lines.push(`storey_component_number{${labels},name="${metric}"} ${value}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
