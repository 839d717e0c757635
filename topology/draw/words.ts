import type { Component, Kind, Role } from "../model.ts";

/** What people call a kind of component. */
export const kindWords: Readonly<Record<Kind, string>> = {
  application: "application",
  postgres: "PostgreSQL",
  redis: "Redis",
  memcached: "memcached",
  nginx: "Nginx",
  haproxy: "HAProxy",
  files: "file server",
  zookeeper: "ZooKeeper",
  prometheus: "Prometheus",
  alertmanager: "Alertmanager",
};

/** What a component is, the most telling first, for a box that may have room for one of them only. */
export function detailsOf(component: Component): readonly string[] {
  const kind = kindWords[component.kind];
  switch (component.kind) {
    case "application":
      return [
        ...(component.domains === "all" ? ["whole shop"] : component.domains),
        ...(component.cacheMb > 0 ? ["cache"] : []),
      ];
    case "postgres":
      if (component.engine === "embedded") return [kind, "built in"];
      return component.guardian === "none" ? [kind] : [kind, "Patroni"];
    case "redis":
    case "memcached":
      return [kind, `${component.memoryMb} MB`];
    case "nginx":
    case "haproxy":
      return component.cachesPages ? [kind, "keeps pages"] : [kind];
    case "files":
      return ["pictures", "uploads"];
    case "zookeeper":
      return ["votes who leads"];
    case "prometheus":
      return ["watches all"];
    case "alertmanager":
      return ["tells people"];
  }
}

/** What goes along a road, for the line that draws it; nothing where the ends say it. */
export const roleWords: Readonly<Record<Role, string>> = {
  entrance: "",
  http: "requests",
  database: "SQL",
  follows: "replication",
  cache: "cache",
  files: "files",
  rpc: "calls",
  consensus: "who leads?",
  agrees: "",
  alerts: "alerts",
};

/** The name of a stage as a title: "read-replicas" is "Read replicas". */
export const titleOf = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");

/** "1 machine", "3 machines". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
