/** What an application has counted since it started and holds now, by name; only what it tells of. */
export type ApplicationNumbers = Readonly<Record<string, number>>;

/** Names of the numbers of answers that were given within so many seconds: `answeredWithin 0.05`. */
export const answeredWithin = "answeredWithin ";

/** What those who watch ask for is no load that buyers make. */
const watchers = /^\/(?:api\/v1\/operations\/|console\b|healthz$|readyz$|metrics$|alerts$)/;

/**
 * Reads the numbers that people look at from an application's own metrics, in Prometheus' form. Counters stay counters:
 * whoever shows rates takes the difference of two readings, of each application before they are added together.
 */
export function applicationNumbers(text: string): ApplicationNumbers {
  const numbers: Record<string, number> = {};
  const add = (name: string, value: number) => {
    numbers[name] = (numbers[name] ?? 0) + value;
  };
  const most = (name: string, value: number) => {
    numbers[name] = Math.max(numbers[name] ?? 0, value);
  };
  for (const [, metric = "", written = "", value] of text.matchAll(/^(storey_\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const labels = labelsOf(written);
    const number = Number(value);
    switch (metric) {
      case "storey_http_request_seconds_count":
        if (watchers.test(labels["route"] ?? "")) break;
        add("requests", number);
        add("failures", isFailure(labels["status"]) ? number : 0);
        break;
      case "storey_http_request_seconds_sum":
        if (!watchers.test(labels["route"] ?? "")) add("answerSeconds", number);
        break;
      case "storey_http_request_seconds_bucket":
        if (!watchers.test(labels["route"] ?? "")) add(answeredWithin + labels["le"], number);
        break;
      case "storey_business_total":
        if (labels["what"] === "order_placed") add("ordersPlaced", number);
        break;
      case "storey_events_waiting":
        add("eventsWaiting", number);
        break;
      case "storey_events_oldest_seconds":
        most("oldestEventSeconds", number);
        break;
      case "storey_errors_logged_total":
        add("errorsLogged", number);
        break;
      case "storey_audited_timestamp_seconds":
        most("auditedAtSeconds", number);
        break;
      case "storey_audited_broken":
        most("auditedBroken", number);
        break;
    }
  }
  return numbers;
}

/** Refusals because of overload are told by their own alerts; they are no failures. */
const isFailure = (status = ""): boolean => status.startsWith("5") && status !== "503";

const labelsOf = (written: string): Record<string, string> =>
  Object.fromEntries(
    [...written.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );
