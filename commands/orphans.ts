import { join } from "node:path";
import { endRecorded, findRecorded } from "#launcher/daemon";
import { findHosts, removeHosts } from "#launcher/hosts/hosts";
import { componentDirectory } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import { stopOrphan } from "#launcher/postgres/start";
import { databaseDirectories } from "./databases.ts";
import { stageOf } from "./stage.ts";

/** Stops what runs of an instance that nobody looks after; answers the names of what that was. */
export async function stopOrphans(instance: { directory: string; stage: number }): Promise<string[]> {
  const stopped: string[] = [];
  // What is frozen ends no better than what is cut off.
  await (await findHosts(instance.directory))?.mendAll();
  for (const { name } of stageOf(instance.stage).components) {
    const recordFile = join(instance.directory, "run", `${name}.json`);
    const orphan = await findRecorded({ host: loopback, recordFile });
    if (orphan) {
      stopped.push(name);
      await loopback.stop(orphan, "SIGTERM", 30_000);
    }
    // What did not end, and workers that outlived their killed master.
    await endRecorded({
      name,
      host: loopback,
      recordFile,
      directory: componentDirectory(instance.directory, name),
    });
  }
  for (const { name, directory } of databaseDirectories(instance)) {
    if (await stopOrphan(loopback, directory)) stopped.push(name);
  }
  await removeHosts(instance.directory);
  return stopped;
}
