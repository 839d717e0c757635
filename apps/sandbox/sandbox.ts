import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import type { Clock } from "#kernel/clock";
import { deliver } from "./deliver.ts";
import { shopInterface } from "./interface.ts";
import { root } from "./page.ts";
import { type Delays, defaultDelays, pages } from "./pages.ts";
import { signer } from "./sign.ts";
import { sandboxStore } from "./store.ts";

/** What the sandbox is started with. */
export interface SandboxSettings {
  /** Of the schema `sandbox`, which 001-create.sql makes. */
  readonly store: Parameters<typeof sandboxStore>[0];
  readonly clock: Clock;
  /** Shared with the shop, for every signature in both directions. */
  readonly key: string;
  /** Where the shop wants to be told: `http://127.0.0.1:3000/api/v1/payments/callbacks/sandbox`. */
  readonly callbackUrl: string;
  readonly delaysMs?: Partial<Delays>;
  readonly log: (message: string, error?: unknown) => void;
}

/** Forms and refunds are a few hundred bytes. */
const bodyLimit = 16_384;

/**
 * A Fastify plugin that plays somebody else's payment provider, under /sandbox: it knows nothing of the shop
 * but a key and an address. Callbacks go out from when the server is ready until it closes.
 */
export function sandbox(settings: SandboxSettings): FastifyPluginAsync {
  const { clock, log, callbackUrl } = settings;
  const store = sandboxStore(settings.store);
  const signs = signer(settings.key, clock);
  return async (server) => {
    let delivery: ReturnType<typeof deliver> | undefined;
    server.addHook("onReady", async () => {
      delivery = deliver({ store, clock, signer: signs, callbackUrl, log });
    });
    server.addHook("onClose", async () => delivery?.stop());
    await server.register(
      async (app) => {
        takeBodiesAsText(app);
        const delays = { ...defaultDelays, ...settings.delaysMs };
        await app.register(async (scope) =>
          pages(scope, { store, clock, signer: signs, delays, poke: () => delivery?.poke() }),
        );
        await app.register(async (scope) => shopInterface(scope, { store, clock, signer: signs }));
      },
      { prefix: root },
    );
  };
}

/** A signature is over a body to the letter, so nothing may parse it first. */
function takeBodiesAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  for (const type of ["application/json", "application/x-www-form-urlencoded"]) {
    app.addContentTypeParser(type, { parseAs: "string", bodyLimit }, (_request, body, done) =>
      done(null, body),
    );
  }
}
