import { join } from "node:path";
import type { Postgres } from "#topology/model";
import type { Site } from "../component.ts";
import { pathsIn } from "../instance.ts";

/** Where a server keeps its data. The embedded one's lies where it lay before instances had stages. */
export const dataDirectory = (
  { instanceDirectory, directory }: Pick<Site, "instanceDirectory" | "directory">,
  engine: Postgres["engine"],
): string => (engine === "embedded" ? pathsIn(instanceDirectory).postgres : join(directory, "data"));
