import { at } from "#topology/address";
import type { Alert } from "#topology/alerts/rule";
import type { Component } from "#topology/model";
import { driverOf, portsOf } from "./drivers.ts";
import type { Endpoints } from "./endpoints.ts";
import type { Launched } from "./launch.ts";
import type { Target } from "./target.ts";

/** One component of a running instance, as `storey status` and the console show it. */
export interface ComponentStatus {
  readonly name: string;
  readonly kind: Component["kind"];
  readonly host: string;
  readonly addresses: Readonly<Record<string, string>>;
  readonly version: string;
  readonly pid: number;
  readonly memoryBytes: number;
  /** What it was meant to take at most. */
  readonly memoryBudgetBytes: number;
  /** Processor time since it started, in milliseconds. */
  readonly cpuMs: number;
  /** What is wrong with it; null when it is well. */
  readonly ailment: string | null;
  /** Its own numbers. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface InstanceStatus {
  readonly instance: string;
  readonly stage: number;
  readonly stageName: string;
  readonly url: string;
  readonly supervisor: number;
  readonly components: readonly ComponentStatus[];
  /** What is wrong and has been for long enough, the worst first. */
  readonly alerts: readonly Alert[];
}

/** Asks every component how it is, side by side. */
export function statusOf(
  launched: Launched,
  target: Pick<Target, "hostOf">,
  endpoints: Endpoints,
): Promise<ComponentStatus[]> {
  const { components } = launched.topology;
  return Promise.all(components.map((component) => statusOfOne(component, { launched, target, endpoints })));
}

async function statusOfOne(
  component: Component,
  with_: { launched: Launched; target: Pick<Target, "hostOf">; endpoints: Endpoints },
): Promise<ComponentStatus> {
  const { name, kind, host } = component;
  const running = with_.launched.find(name);
  const memoryBudgetBytes = driverOf(component).memoryMb(component) * 1024 ** 2;
  const facts = { name, kind, host, addresses: addressesOf(component, with_.endpoints), memoryBudgetBytes };
  if (!running) {
    const gone = { version: "", pid: 0, memoryBytes: 0, cpuMs: 0, metrics: {} };
    return { ...facts, ...gone, ailment: "does not run" };
  }
  const [ailment, metrics, alongside = []] = await Promise.all([
    running.ailment(),
    running.metrics(),
    running.alongside?.(),
  ]);
  const usage = { memoryBytes: 0, cpuMs: 0 };
  for (const each of [running.process, ...alongside]) {
    const { memoryBytes = 0, cpuMs = 0 } = (await with_.target.hostOf(host).usage(each)) ?? {};
    usage.memoryBytes += memoryBytes;
    usage.cpuMs += cpuMs;
  }
  const { version, process } = running;
  return { ...facts, version, pid: process.pid, ...usage, ailment: ailment ?? null, metrics };
}

function addressesOf(component: Component, endpoints: Endpoints): Record<string, string> {
  if (portsOf(component).length === 0) return { local: "a socket" };
  const own = Object.entries(endpoints).filter(([key]) => key.startsWith(`${component.name} `));
  return Object.fromEntries(
    own.map(([key, endpoint]) => [key.slice(component.name.length + 1), at(endpoint)]),
  );
}
