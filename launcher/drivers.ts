import type { Component, Kind } from "#topology/model";
import { alertmanager } from "./alertmanager/alertmanager.ts";
import { application } from "./application/application.ts";
import type { Driver } from "./component.ts";
import { files } from "./files/files.ts";
import { haproxy } from "./haproxy/haproxy.ts";
import { memcached } from "./memcached/memcached.ts";
import { nginx } from "./nginx/nginx.ts";
import { postgres } from "./postgres/driver.ts";
import { prometheus } from "./prometheus/prometheus.ts";
import { redis } from "./redis/redis.ts";
import { zookeeper } from "./zookeeper/zookeeper.ts";

/** One folder for each kind of component. A kind that is not here cannot be launched on this machine yet. */
export const drivers: { readonly [K in Kind]?: Driver<K> } = {
  application,
  postgres,
  redis,
  memcached,
  nginx,
  haproxy,
  files,
  zookeeper,
  prometheus,
  alertmanager,
};

/** The driver of a component. Throws where its kind has none. */
export function driverOf<C extends Component>(component: C): Driver<C["kind"]> {
  const driver = drivers[component.kind] as Driver<C["kind"]> | undefined;
  if (!driver) throw new Error(`there is no driver for ${component.kind} in launcher/drivers.ts`);
  return driver;
}

/** Names of the ports that a component listens on. */
export function portsOf(component: Component): readonly string[] {
  const { ports } = driverOf(component);
  return typeof ports === "function" ? ports(component) : ports;
}
