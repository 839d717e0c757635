import { at } from "#topology/address";
import { type Alert, inOrderOfWeight } from "#topology/alerts/rule";
import type { Endpoint } from "#topology/wiring";
import { answerOf } from "../answer.ts";
import type { Alarm } from "./alarm.ts";

/** Where nobody else watches, applications judge themselves and are asked; one that does not answer is an alert. */
export function askForAlerts(
  applications: readonly { readonly name: string; readonly endpoint: Endpoint }[],
  token: string,
): Alarm {
  return {
    take: () => {
      throw new Error("there is no Alertmanager in this topology");
    },
    list: async () => {
      const answers = await Promise.all(applications.map((each) => askOne(each, token)));
      return inOrderOfWeight(answers.flat());
    },
  };
}

async function askOne(
  { name, endpoint }: { name: string; endpoint: Endpoint },
  token: string,
): Promise<readonly Alert[]> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const { status, text } = await answerOf(`http://${at(endpoint)}/alerts`, { headers });
    if (status !== 200) throw new Error(`it answers ${status}`);
    return (JSON.parse(text) as { alerts: Alert[] }).alerts;
  } catch (error) {
    return [silent(name, (error as Error).message)];
  }
}

const silent = (name: string, why: string): Alert => ({
  rule: "application_down",
  severity: "critical",
  labels: { component: name },
  since: new Date().toISOString(),
  summary: `${name} does not say how it is: ${why}`,
  next: `Read what it said last: ./storey logs ${name}.`,
});
