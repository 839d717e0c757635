import type { ServerSettings } from "#apps/server/settings";
import type { Endpoint } from "#topology/wiring";
import { checkout } from "./instance.ts";
import { versionOf } from "./release.ts";
import { stageOf } from "./stage.ts";

/** Which process of which shop a server is, for its console. */
export function placeOf(is: {
  instance: string;
  stage: number;
  process: string;
  control?: Endpoint | undefined;
}): Pick<ServerSettings, "place"> {
  const { instance, stage, process, control } = is;
  const topology = stageOf(stage);
  const version = versionOf(checkout);
  return { place: { instance, topology, process, version, ...(control ? { control } : {}) } };
}
