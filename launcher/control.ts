import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { InstanceStatus } from "./status.ts";
import type { Alarm } from "./watching/alarm.ts";
import { inPrometheusText, ownNumbers } from "./watching/numbers.ts";

/** A hundred alerts are 100 KB; whatever sends more is no Alertmanager. */
const longestBytes = 1 << 20;

/** What a supervisor answers to whoever has the instance's secret: commands, the console, Prometheus, Alertmanager. */
export interface Control {
  readonly port: number;
  stop(): Promise<void>;
}

/** Listens at this machine only: at an address that its own processes reach, or its own hosts too. */
export async function openControl(options: {
  host?: string;
  port: number;
  token: string;
  /** Of the instance. */
  directory: string;
  alarm: Alarm;
  status(): Promise<InstanceStatus>;
  /** Replaces the applications by another release, as asked. */
  roll(asked: unknown): Promise<object>;
}): Promise<Control> {
  const { token, alarm, directory } = options;
  const status = shared(options.status);
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (!isToken(request.headers.authorization, token))
      return end(response, 401, "text/plain", "who asks?\n");
    switch (`${request.method} ${request.url}`) {
      case "GET /status":
        return end(response, 200, "application/json", JSON.stringify(await status()));
      case "GET /metrics": {
        const [{ components }, own] = await Promise.all([status(), ownNumbers(directory, Date.now())]);
        return end(response, 200, "text/plain; version=0.0.4", inPrometheusText(components, own));
      }
      case "GET /alerts":
        return end(response, 200, "application/json", JSON.stringify({ alerts: await alarm.list() }));
      case "POST /alerts":
        alarm.take(await bodyOf(request));
        return end(response, 200, "application/json", "{}");
      case "POST /roll":
        return end(
          response,
          200,
          "application/json",
          JSON.stringify(await options.roll(await bodyOf(request))),
        );
      default:
        return end(response, 404, "text/plain", "there is /status, /metrics, /alerts and /roll\n");
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => end(response, 500, "text/plain", `${error.message}\n`));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host ?? "127.0.0.1", port: options.port }, resolve);
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

/** Whoever asks while the components are being asked is told the same. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined;
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > longestBytes) throw new Error("that is too long");
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function isToken(header: string | undefined, token: string): boolean {
  const [given, wanted] = [Buffer.from(header ?? ""), Buffer.from(`Bearer ${token}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function end(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type }).end(body);
}
