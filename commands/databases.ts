import { join } from "node:path";
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
  ofKind(stageOf(instance.stage), "postgres").map(({ name, engine, guardian }) => ({
    name,
    directory: databaseDirectory(instance.directory, { name, engine }),
    from: engine,
    guardian,
  }));

/** The embedded server's data lies where it has lain since before instances had stages. */
const databaseDirectory = (directory: string, { name, engine }: Pick<Postgres, "name" | "engine">): string =>
  engine === "embedded" ? join(directory, "postgres") : join(directory, "components", name, "data");

/** The one that a command works with beside the shop: the only one there is, until a cluster chooses. */
export function databaseOf(instance: { directory: string; stage: number }): DatabaseDirectory {
  const [first] = databaseDirectories(instance);
  if (!first) throw new Error(`stage ${instance.stage} has no database`);
  return first;
}
