import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isoTime } from "#kernel/clock";
import { expectDone, isRefusal, type Refusal, refuse } from "#kernel/refusal";
import type {} from "#platform/http/request";
import { mapStyle } from "#topology/draw/look";
import type { Topology } from "#topology/model";
import type { OperationsDoor } from "../api.ts";
import type { Audits } from "../audits.ts";
import { type ConsoleView, pointOf } from "../browser/model.ts";
import type { Monitor } from "../monitor.ts";
import type { ConsoleBuild } from "./build.ts";
import { drawMaps } from "./map.ts";
import { consolePage, type Parts } from "./page.ts";

export interface ConsoleOptions {
  readonly operations: OperationsDoor;
  readonly monitor: Pick<Monitor, "past">;
  readonly audits: Pick<Audits, "isRunning">;
  readonly topology: Topology;
  readonly build: ConsoleBuild;
  /** What the shop and the console look alike in, as a style sheet: colours, type, spacing. */
  readonly shopStyle: string;
  readonly iconUrl: string;
  /** Answers with a refusal, as the rest of the shop does. */
  readonly answerRefusal: (reply: FastifyReply, refusal: Refusal) => FastifyReply;
}

const root = "/console";
const forEver = { "cache-control": "public, max-age=31536000, immutable" };

/**
 * The console: a page that is whole without scripts, its forms, and what the page is made of. Only operators see it;
 * whoever is nobody signs in first.
 */
export async function operatorConsole(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  const { operations, answerRefusal, build, iconUrl } = options;
  const style = await styleOf(options.shopStyle);
  const styleUrl = `${root}/style-${createHash("sha256").update(style).digest("hex").slice(0, 16)}.css`;
  const scriptUrl = `${root}/script-${build.hash}.js`;
  const parts: Parts = { styleUrl, scriptUrl, iconUrl, maps: drawMaps(options.topology) };
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: 1_024 },
    (_r, body, done) => done(null, new URLSearchParams(String(body))),
  );
  app.get(styleUrl, (_request, reply) => reply.headers(forEver).type("text/css; charset=utf-8").send(style));
  app.get(scriptUrl, (_request, reply) =>
    reply.headers(forEver).type("text/javascript; charset=utf-8").send(build.script),
  );

  /** Lets operators through only. */
  const operatorsOnly = async (request: FastifyRequest, reply: FastifyReply) => {
    const { caller } = request.context;
    reply.headers({ "cache-control": "private, no-store", vary: "cookie, authorization" });
    if (caller.kind !== "account") return reply.redirect(`/sign-in?next=${encodeURIComponent(root)}`, 303);
    if (!caller.operator)
      return answerRefusal(
        reply,
        refuse("request.forbidden", "The console is for operators. Your account is none."),
      );
    return undefined;
  };
  const back = (reply: FastifyReply) => reply.redirect(root, 303);

  app.get(root, { preHandler: operatorsOnly }, async (request, reply) => {
    const view = await viewOf(request, options);
    return reply.type("text/html; charset=utf-8").send(consolePage(view, request.accountName, parts));
  });
  app.post<{ Params: { name: string } }>(
    `${root}/flags/:name`,
    { preHandler: operatorsOnly },
    async (request, reply) => {
      const on = request.body instanceof URLSearchParams ? request.body.get("on") : null;
      if (on !== "true" && on !== "false")
        return answerRefusal(reply, refuse("request.invalid", "A flag is turned with on=true or on=false."));
      const outcome = await operations.setFlag(request.context, {
        name: request.params.name,
        on: on === "true",
      });
      return isRefusal(outcome) ? answerRefusal(reply, outcome) : back(reply);
    },
  );
  app.post(`${root}/audit`, { preHandler: operatorsOnly }, async (request, reply) => {
    expectDone(await operations.audit(request.context, {}));
    return back(reply);
  });
}

async function viewOf(
  request: FastifyRequest,
  { operations, monitor, audits }: ConsoleOptions,
): Promise<ConsoleView> {
  const { context } = request;
  const [topology, health, flags] = await Promise.all([
    operations.topology(context, {}),
    operations.health(context, {}),
    operations.flags(context, {}),
  ]);
  return {
    topology: expectDone(topology),
    health: expectDone(health),
    flags: expectDone(flags),
    past: monitor
      .past()
      .map(({ atMs, ...moment }) =>
        pointOf({ at: isoTime(atMs), figures: moment.figures, components: [...moment.components] }),
      ),
    auditing: audits.isRunning(),
  };
}

/** What is the shop's, the look of maps, and what is the console's own. */
async function styleOf(shopStyle: string): Promise<string> {
  const own = ["console.css", "panels.css", "map.css"].map((name) =>
    readFile(join(import.meta.dirname, name), "utf8"),
  );
  return [shopStyle, mapStyle, ...(await Promise.all(own))].join("\n");
}
