import { at } from "#topology/address";
import { answerOf, type HttpAnswer } from "./answer.ts";
import { readEndpoints } from "./endpoints.ts";
import type { InstanceFacts } from "./instance.ts";
import type { InstanceStatus } from "./status.ts";

type Supervised = Pick<InstanceFacts, "directory" | "secret">;

/** It asks every component in its turn, and one on a host that is cut off takes its time not to answer. */
const statusWithinMs = 60_000;
/** Every application is watched in turn; a topology has a few dozen at most. */
const rollWithinMs = 30 * 60_000;

/** What the supervisor of an instance says of it; undefined where none answers. */
export async function askSupervisor(instance: Supervised): Promise<InstanceStatus | undefined> {
  const answer = await ask(instance, "/status", { timeoutMs: statusWithinMs });
  return answer?.status === 200 ? (JSON.parse(answer.text) as InstanceStatus) : undefined;
}

/** Has it replace the applications by a release; its answer in JSON when it is over, undefined where none answers. */
export const askToRoll = (
  instance: Supervised,
  release: { readonly directory: string; readonly version: string; readonly watchMs: number },
): Promise<HttpAnswer | undefined> =>
  ask(instance, "/roll", { method: "POST", body: JSON.stringify(release), timeoutMs: rollWithinMs });

async function ask(
  { directory, secret }: Supervised,
  path: string,
  options: { timeoutMs: number; method?: "POST"; body?: string },
): Promise<HttpAnswer | undefined> {
  const control = (await readEndpoints(directory))["supervisor control"];
  if (!control) return undefined;
  const headers = { authorization: `Bearer ${secret("supervisor")}` };
  return answerOf(`http://${at(control)}${path}`, { ...options, headers }).catch(() => undefined);
}
