import { at } from "#topology/address";
import type { Site } from "../component.ts";
import { repeatSeconds } from "../watching/heartbeat.ts";

/** alertmanager.yml, as JSON: every alert goes to the supervisor, which shows it and writes it down. */
export function alertmanagerSettings(site: Site): string {
  const supervisor = at(site.endpointOf("supervisor", "control"));
  const settings = {
    route: {
      receiver: "supervisor",
      group_by: ["alertname"],
      group_wait: "1s",
      group_interval: "5s",
      repeat_interval: `${repeatSeconds}s`,
    },
    receivers: [
      {
        name: "supervisor",
        webhook_configs: [
          {
            url: `http://${supervisor}/alerts`,
            http_config: { authorization: { type: "Bearer", credentials: site.secret("supervisor") } },
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
