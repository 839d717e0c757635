import type { Context } from "#kernel/context";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks, until when, under which trace: made by the edge for every request before its handler. */
    context: Context;
    /** The name of the account that asks, for greeting; empty for anybody else. */
    accountName: string;
  }
}

/** The header a guest without cookies sends its cart's token in. */
export const cartTokenHeader = "cart-token";
