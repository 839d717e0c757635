import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import { randomToken } from "#kernel/id";
import { refuse } from "#kernel/refusal";
import { problemOf, sendProblem } from "./problem.ts";

/** Answers what has an address that cannot be decoded: no route and no hook sees it. */
export function refuseUnroutable(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.header("x-request-id", request.id).headers(request.server.securityHeaders);
  sendProblem(reply, refuse("request.invalid", "The address cannot be read. Is something in it cut off?"));
}

/** Answers what is no HTTP, or does not come to its end in time: there is no request yet that could be replied to. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  // The client has gone, or has been answered in part already.
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const refusals: Record<string, [code: string, message: string]> = {
    HPE_HEADER_OVERFLOW: ["request.too_large", "Send shorter headers."],
    ERR_HTTP_REQUEST_TIMEOUT: [
      "request.invalid",
      "The request did not come to its end in time. Send it again.",
    ],
  };
  const [code, message] = refusals[error.code ?? ""] ?? ["request.invalid", "That is no HTTP request."];
  const problem = problemOf(refuse(code, message), randomToken());
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\ncontent-type: application/problem+json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nx-request-id: ${problem.trace}\r\nconnection: close\r\n\r\n${body}`,
  );
}
