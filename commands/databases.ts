import { componentDirectory } from "#launcher/instance";
import { dataDirectory } from "#launcher/postgres/data-directory";
import { ofKind, type Postgres } from "#topology/model";
import { stageOf } from "./stage.ts";

/** Where a database server of an instance keeps its data on this machine. */
export interface DatabaseDirectory {
  readonly name: string;
  readonly directory: string;
  readonly from: Postgres["engine"];
  readonly guardian: Postgres["guardian"];
}

/** Every database server of an instance, in the order of its topology. */
export const databaseDirectories = (instance: { directory: string; stage: number }): DatabaseDirectory[] =>
  ofKind(stageOf(instance.stage), "postgres").map(({ name, engine, guardian }) => {
    const directory = componentDirectory(instance.directory, name);
    const site = { instanceDirectory: instance.directory, directory };
    return { name, directory: dataDirectory(site, engine), from: engine, guardian };
  });

/** The one that a command works with beside the shop: the only one there is, until a cluster chooses. */
export function databaseOf(instance: { directory: string; stage: number }): DatabaseDirectory {
  const [first] = databaseDirectories(instance);
  if (!first) throw new Error(`stage ${instance.stage} has no database`);
  return first;
}
