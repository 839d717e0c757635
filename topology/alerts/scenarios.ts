/** What makes a rule fire: how its numbers look while all is well, and when it is not. For tests of both evaluators. */
export interface Scenario {
  readonly rule: string;
  /** Of which stage the rules are. */
  readonly stage: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly series: readonly {
    readonly metric: string;
    readonly labels: Readonly<Record<string, string>>;
    /** One for each look. */
    readonly values: readonly number[];
  }[];
}

export const everySeconds = 5;
const looks = 60;
/** From this look on something is wrong. */
export const wrongFrom = 20;

type Labels = Readonly<Record<string, string>>;
const each = (valueAt: (look: number) => number) => Array.from({ length: looks }, (_, look) => valueAt(look));

/** A gauge that changes. */
const gauge = (metric: string, labels: Labels, well: number, ill: number) => ({
  metric,
  labels,
  values: each((look) => (look < wrongFrom ? well : ill)),
});

/** A counter by how much it grows between two looks. */
const counter = (metric: string, labels: Labels, well: number, ill: number) => ({
  metric,
  labels,
  values: each((look) => 100 + well * Math.min(look, wrongFrom) + ill * Math.max(0, look - wrongFrom)),
});

const component = (kind: string, name: string, host: string) => ({ component: name, kind, host });
const upOf = (labels: Labels, up: 0 | 1) => gauge("storey_component_up", labels, 1, up);
const app = component("application", "app", "shop");
const requests = (status: string) => ({ component: "app", method: "GET", route: "/", status });

/** One that is alone: it is down, and nothing else. */
const downAlone = (stage: number, kind: string, name: string, host: string): Scenario => ({
  rule: `${kind}_down`,
  stage,
  labels: { component: name, host },
  series: [upOf(component(kind, name, host), 0)],
});

/** Some of several, of which one at least stays. */
function downAmong(
  kind: string,
  members: readonly (readonly [string, string])[],
  ofThem: number,
): Scenario[] {
  const series = (gone: number) =>
    members.map(([name, host], at) => upOf(component(kind, name, host), at < gone ? 0 : 1));
  const [[name, host] = ["", ""]] = members;
  return [
    { rule: `${kind}_down`, stage: 5, labels: { component: name, host }, series: series(1) },
    { rule: `${kind}_too_few`, stage: 5, labels: { kind }, series: series(ofThem) },
  ];
}

const number = (name: string) => ({ ...component("postgres", "database-1", "data"), name });

export const scenarios: readonly Scenario[] = [
  downAlone(1, "postgres", "database", "shop"),
  downAlone(3, "application", "app", "shop"),
  downAlone(3, "redis", "redis", "shop"),
  downAlone(2, "prometheus", "prometheus", "watch"),
  downAlone(2, "alertmanager", "alertmanager", "watch"),
  downAlone(4, "nginx", "proxy", "web"),
  downAlone(4, "files", "files", "disk"),
  ...downAmong(
    "application",
    [
      ["app-1", "shop"],
      ["app-2", "shop-2"],
    ],
    2,
  ),
  ...downAmong(
    "postgres",
    [
      ["database-1", "data"],
      ["database-2", "data-2"],
      ["database-3", "data-3"],
    ],
    3,
  ),
  ...downAmong(
    "zookeeper",
    [
      ["zookeeper-1", "agree-1"],
      ["zookeeper-2", "agree-2"],
      ["zookeeper-3", "agree-3"],
    ],
    2,
  ),
  {
    rule: "target_silent",
    stage: 2,
    labels: { job: "applications", component: "app" },
    series: [gauge("up", { job: "applications", component: "app" }, 1, 0)],
  },
  {
    rule: "event_loop_late",
    stage: 1,
    labels: { component: "app" },
    series: [gauge("storey_nodejs_eventloop_lag_p99_seconds", app, 0.012, 0.6)],
  },
  {
    rule: "connections_awaited",
    stage: 1,
    labels: { component: "app", domain: "order" },
    series: [
      gauge("storey_database_connections", { ...app, domain: "order", state: "waiting" }, 1, 80),
      gauge("storey_database_connections", { ...app, domain: "order", state: "busy" }, 30, 60),
    ],
  },
  {
    rule: "connections_near_limit",
    stage: 2,
    labels: { component: "database" },
    series: [
      gauge(
        "storey_component_number",
        { ...component("postgres", "database", "data"), name: "connections" },
        // What two applications may open at stage 4 is no reason to call anybody.
        160,
        190,
      ),
    ],
  },
  {
    rule: "memory_over_budget",
    stage: 1,
    labels: { component: "app" },
    series: [
      gauge("storey_component_memory_bytes", app, 180e6, 400e6),
      gauge("storey_component_memory_budget_bytes", app, 190e6, 190e6),
    ],
  },
  {
    rule: "disk_filling",
    stage: 1,
    labels: { directory: "data" },
    series: [gauge("storey_disk_free_ratio", { directory: "data" }, 0.4, 0.08)],
  },
  {
    rule: "disk_nearly_full",
    stage: 1,
    labels: { directory: "data" },
    series: [gauge("storey_disk_free_ratio", { directory: "data" }, 0.09, 0.01)],
  },
  {
    rule: "answers_failing",
    stage: 1,
    labels: { component: "app" },
    series: [
      counter("storey_http_request_seconds_count", requests("200"), 50, 50),
      counter("storey_http_request_seconds_count", requests("503"), 0, 20),
    ],
  },
  {
    rule: "answers_slow",
    stage: 1,
    labels: { component: "app" },
    series: [
      counter("storey_http_request_seconds_count", requests("200"), 50, 50),
      counter("storey_http_request_seconds_bucket", { ...requests("200"), le: "0.01" }, 50, 20),
      counter("storey_http_request_seconds_bucket", { ...requests("200"), le: "1" }, 50, 20),
      counter("storey_http_request_seconds_bucket", { ...requests("200"), le: "5" }, 50, 50),
      counter("storey_http_request_seconds_bucket", { ...requests("200"), le: "+Inf" }, 50, 50),
    ],
  },
  {
    rule: "cache_away",
    stage: 3,
    labels: { component: "app" },
    series: [gauge("storey_cache_away", app, 0, 1)],
  },
  {
    rule: "cache_failing",
    stage: 3,
    labels: { component: "app" },
    series: [
      counter("storey_cache_events_total", { ...app, of: "redis", what: "error" }, 0, 40),
      counter("storey_cache_events_total", { ...app, of: "redis", what: "miss" }, 400, 400),
    ],
  },
  {
    rule: "events_late",
    stage: 1,
    labels: { domain: "search", box: "inbox" },
    series: [
      gauge("storey_events_oldest_seconds", { ...app, domain: "search", box: "inbox" }, 0, 45),
      gauge("storey_events_oldest_seconds", { ...app, domain: "search", box: "outbox" }, 0, 2),
    ],
  },
  {
    rule: "replica_late",
    stage: 5,
    labels: { component: "database-2" },
    series: [
      gauge("storey_component_number", number("position"), 9.001e9, 9.1e9),
      gauge("storey_component_number", { ...number("position"), component: "database-2" }, 9e9, 9e9),
    ],
  },
  {
    rule: "no_synchronous_standby",
    stage: 5,
    labels: {},
    series: [gauge("storey_component_number", number("synchronousStandbys"), 1, 0)],
  },
  {
    rule: "archive_fails",
    stage: 5,
    labels: { component: "database-1" },
    series: [gauge("storey_component_number", number("archiveFails"), 0, 1)],
  },
  {
    rule: "base_backup_overdue",
    stage: 5,
    labels: { component: "database-1" },
    series: [gauge("storey_component_number", number("baseAgeSeconds"), 80_000, 200_000)],
  },
  {
    rule: "audit_violated",
    stage: 1,
    labels: { invariant: "stock.oversold" },
    series: [gauge("storey_audit_broken", { ...app, invariant: "stock.oversold" }, 0, 2)],
  },
  {
    rule: "audit_overdue",
    stage: 1,
    labels: {},
    series: [gauge("storey_audit_age_seconds", app, 60, 9_000)],
  },
  {
    rule: "certificate_expiring",
    stage: 1,
    labels: { component: "app" },
    series: [gauge("storey_certificate_valid_seconds", app, 90 * 86_400, 20 * 86_400)],
  },
];
