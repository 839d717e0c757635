import { ofKind } from "#topology/model";
import type { Site } from "../component.ts";

/** How often every component is asked, in seconds. */
const everySeconds = 2;

/** prometheus.yml of a topology, as JSON. It holds a secret: the supervisor answers nobody without it. */
export function prometheusSettings(site: Site): string {
  const { topology } = site;
  const target = (name: string, port: string) => {
    const { host, port: number } = site.endpointOf(name, port);
    return `${host}:${number}`;
  };
  const [alertmanager] = ofKind(topology, "alertmanager");
  const settings = {
    global: { scrape_interval: `${everySeconds}s`, evaluation_interval: `${everySeconds}s` },
    scrape_configs: [
      {
        job_name: "applications",
        static_configs: ofKind(topology, "application").map(({ name, host }) => ({
          targets: [target(name, "http")],
          labels: { component: name, host },
        })),
      },
      {
        job_name: "supervisor",
        authorization: { type: "Bearer", credentials: site.secret("supervisor") },
        honor_labels: true,
        static_configs: [{ targets: [target("supervisor", "control")] }],
      },
    ],
    ...(alertmanager
      ? {
          alerting: {
            alertmanagers: [{ static_configs: [{ targets: [target(alertmanager.name, "http")] }] }],
          },
        }
      : {}),
  };
  return `${JSON.stringify(settings, undefined, 2)}\n`;
}
