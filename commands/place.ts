import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerSettings } from "#apps/server/settings";
import type { Endpoint } from "#topology/wiring";
import { checkout } from "./instance.ts";
import { stageOf } from "./stage.ts";

/** Which process of which shop a server is, for its console. */
export function placeOf(is: {
  instance: string;
  stage: number;
  process: string;
  control?: Endpoint | undefined;
}): Pick<ServerSettings, "place"> {
  const { instance, stage, process, control } = is;
  const { version }: { version: string } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  const topology = stageOf(stage);
  return { place: { instance, topology, process, version, ...(control ? { control } : {}) } };
}
