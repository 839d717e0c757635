import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Clock } from "#kernel/clock";
import { bucketCount, randomBucket } from "#kernel/id";
import { readBill } from "./charge.ts";
import { badLinkPage, type Choice, isChoice, payPage } from "./page.ts";
import type { Signer } from "./sign.ts";
import type { SandboxStore } from "./store.ts";

/** When shops are told, in milliseconds after the buyer's choice. */
export interface Delays {
  /** Between these two, most often near the first. */
  readonly usual: readonly [from: number, to: number];
  /** For "Pay, but tell the shop late". */
  readonly late: number;
  /** How many of 100 callbacks are sent twice though nobody asked for it. */
  readonly doubledPercent: number;
}
export const defaultDelays: Delays = { usual: [150, 1_000], late: 30_000, doubledPercent: 10 };

/** Nothing is loaded from elsewhere, nothing runs, and no other site shows the page in a frame. */
const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The pages on which a buyer pays or declines. They need no JavaScript. */
export async function pages(
  app: FastifyInstance,
  with_: { store: SandboxStore; clock: Clock; signer: Signer; delays: Delays; poke(): void },
): Promise<void> {
  const { store, clock, signer, delays, poke } = with_;
  const [style, icon] = await Promise.all(
    ["style.css", "icon.svg"].map((name) => readFile(join(import.meta.dirname, name), "utf8")),
  );
  const show = (reply: FastifyReply, status: number, page: string) =>
    reply
      .code(status)
      .headers({
        "content-security-policy": policy,
        "cache-control": "no-store",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
      })
      .type("text/html; charset=utf-8")
      .send(page);
  const kept = { "cache-control": "public, max-age=3600", "x-content-type-options": "nosniff" };

  app.get("/style.css", (_request, reply) => reply.headers(kept).type("text/css; charset=utf-8").send(style));
  app.get("/icon.svg", (_request, reply) => reply.headers(kept).type("image/svg+xml").send(icon));

  app.get("/pay", async (request, reply) => {
    const fields = new URLSearchParams(request.url.split("?")[1] ?? "");
    const bill = readBill(signer, fields);
    if (!bill) return show(reply, 400, badLinkPage());
    return show(reply, 200, payPage(bill, fields.get("signature") ?? "", await store.find(bill.reference)));
  });

  app.post("/pay", async (request, reply) => {
    const fields = new URLSearchParams(String(request.body ?? ""));
    const bill = readBill(signer, fields);
    const choice = fields.get("choice");
    if (!bill || !isChoice(choice)) return show(reply, 400, badLinkPage());
    const now = clock.now();
    await store.decide(
      bill,
      choice === "decline" ? "declined" : "captured",
      dueTimes(choice, delays, now),
      now,
    );
    poke();
    return reply.redirect(bill.back, 303);
  });
}

function dueTimes(
  choice: Choice,
  { usual: [from, to], late, doubledPercent }: Delays,
  nowMs: number,
): number[] {
  // A square makes short delays the usual ones, and leaves some long.
  const soon = () => nowMs + Math.round(from + (to - from) * chance() ** 2);
  if (choice === "late") return [nowMs + late];
  const isTwice = choice === "twice" || chance() * 100 < doubledPercent;
  return isTwice ? [soon(), soon()] : [soon()];
}

const chance = () => randomBucket() / bucketCount;
