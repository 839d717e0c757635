import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { buildConsole } from "#apps/operator/console/build";
import { operatorConsole } from "#apps/operator/console/plugin";
import type { Operated } from "./operate.ts";
import { sendProblem } from "./problem.ts";
import type { ServerSettings } from "./settings.ts";

/** The operators' page at `/console`, in the colours of the storefront. */
export async function addConsole(
  app: FastifyInstance,
  { place, directories }: Pick<ServerSettings, "place" | "directories">,
  operated: Operated,
  iconUrl: string,
): Promise<void> {
  const styles = join(import.meta.dirname, "../storefront/client/styles");
  const shared = ["tokens.css", "unseen.css"].map((name) => readFile(join(styles, name), "utf8"));
  await app.register(operatorConsole, {
    ...operated,
    topology: place.topology,
    build: await buildConsole({ buildDir: directories.build }),
    shopStyle: (await Promise.all(shared)).join("\n"),
    iconUrl,
    answerRefusal: sendProblem,
  });
}
