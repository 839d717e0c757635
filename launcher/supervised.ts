import { request } from "undici";
import { at } from "./address.ts";
import { readEndpoints } from "./endpoints.ts";
import type { InstanceFacts } from "./instance.ts";
import type { InstanceStatus } from "./status.ts";

/** What the supervisor of an instance says of it; undefined where none answers. */
export async function askSupervisor(
  facts: Pick<InstanceFacts, "directory" | "secret">,
): Promise<InstanceStatus | undefined> {
  const control = (await readEndpoints(facts.directory))["supervisor control"];
  if (!control) return undefined;
  const headers = { authorization: `Bearer ${facts.secret("supervisor")}` };
  const answer = await request(`http://${at(control)}/status`, { headers }).catch(() => undefined);
  if (answer?.statusCode === 200) return (await answer.body.json()) as InstanceStatus;
  await answer?.body.dump();
  return undefined;
}
