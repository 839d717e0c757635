import { ofKind } from "#topology/model";
import type { Site } from "../component.ts";

/**
 * How often everybody is asked, in seconds. Rules wait for longer; and each time every component is asked how it is,
 * which at 5 s takes 1.8 % of a processor at stage 2: 10 ms a second of the supervisor, 5 of the application, 2 of the
 * database, 1 of Prometheus.
 */
const everySeconds = 5;

/** prometheus.yml of a topology, as JSON. It holds a secret: nobody else is told numbers. */
export function prometheusSettings(site: Site, ruleFile: string): string {
  const { topology } = site;
  const target = (name: string, port: string) => {
    const { host, port: number } = site.endpointOf(name, port);
    return `${host}:${number}`;
  };
  const [alertmanager] = ofKind(topology, "alertmanager");
  const authorization = { type: "Bearer", credentials: site.secret("supervisor") };
  const settings = {
    global: { scrape_interval: `${everySeconds}s`, evaluation_interval: `${everySeconds}s` },
    rule_files: [ruleFile],
    scrape_configs: [
      {
        job_name: "applications",
        authorization,
        static_configs: ofKind(topology, "application").map(({ name, host }) => ({
          targets: [target(name, "http")],
          labels: { component: name, host },
        })),
      },
      {
        job_name: "supervisor",
        authorization,
        // It speaks for others.
        honor_labels: true,
        static_configs: [{ targets: [target("supervisor", "control")], labels: { component: "supervisor" } }],
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
