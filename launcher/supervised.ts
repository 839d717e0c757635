import { request } from "undici";
import type { InstanceFacts } from "./instance.ts";
import { readPorts } from "./ports.ts";
import type { InstanceStatus } from "./status.ts";

/** What the supervisor of an instance says of it; undefined where none answers. */
export async function askSupervisor(
  facts: Pick<InstanceFacts, "directory" | "secret">,
): Promise<InstanceStatus | undefined> {
  const port = (await readPorts(facts.directory))["supervisor control"];
  if (!port) return undefined;
  const headers = { authorization: `Bearer ${facts.secret("supervisor")}` };
  const answer = await request(`http://127.0.0.1:${port}/status`, { headers }).catch(() => undefined);
  if (answer?.statusCode === 200) return (await answer.body.json()) as InstanceStatus;
  await answer?.body.dump();
  return undefined;
}
