import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { Compile } from "typebox/compile";
import type { Clock } from "#kernel/clock";
import { told } from "./charge.ts";
import { root } from "./page.ts";
import type { Signer } from "./sign.ts";
import type { SandboxStore } from "./store.ts";

const refundForm = Compile(
  Type.Object({
    key: Type.String({ minLength: 1, maxLength: 100 }),
    reference: Type.String({ maxLength: 100 }),
    amount: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 }),
    currency: Type.String({ pattern: "^[A-Z]{3}$" }),
  }),
);

/** What shops ask: what became of a charge, and to give money back. Every request is signed. */
export function shopInterface(
  app: FastifyInstance,
  { store, clock, signer }: { store: SandboxStore; clock: Clock; signer: Signer },
): void {
  app.addHook("preHandler", async (request, reply) => {
    const text = `${request.method} ${request.url.slice(root.length)}\n${bodyOf(request)}`;
    if (!signer.isSigned(text, String(request.headers["sandbox-signature"] ?? ""))) {
      return reply
        .code(401)
        .send({ error: "Sign the request with the key that was agreed, and the present time." });
    }
  });

  app.get<{ Params: { reference: string } }>("/charges/:reference", async (request, reply) => {
    const charge = await store.find(request.params.reference);
    if (!charge) return reply.code(404).send({ error: "Nobody has paid or declined that." });
    return reply.type("application/json").send(told(charge));
  });

  app.post("/refunds", async (request, reply) => {
    const asked = parsed(bodyOf(request));
    if (!refundForm.Check(asked)) {
      return reply.code(400).send({ error: "Send key, reference, amount and currency as JSON." });
    }
    const isGiven = await store.refund(asked.key, asked, clock.now());
    if (!isGiven)
      return reply.code(409).send({ error: "That much was not captured, or is given back already." });
    return { key: asked.key, state: "done" };
  });
}

const bodyOf = (request: FastifyRequest): string => (typeof request.body === "string" ? request.body : "");

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
