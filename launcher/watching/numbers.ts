import { X509Certificate } from "node:crypto";
import { globSync } from "node:fs";
import { readFile, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ComponentStatus } from "../status.ts";

/** What a supervisor knows besides its components. */
export interface OwnNumbers {
  readonly directory: string;
  /** Of the disk on which the instance lies, 0 to 1, for those who are not root. */
  readonly diskFreeRatio: number;
  readonly certificates: readonly { readonly component: string; readonly validSeconds: number }[];
}

/** Reads the disk and the certificates of an instance. */
export async function ownNumbers(directory: string, nowMs: number): Promise<OwnNumbers> {
  const { bavail, blocks } = await statfs(directory);
  const files = globSync(join(directory, "certificates/{authority.crt,*/own.crt}"));
  const certificates = await Promise.all(
    files.map(async (file) => {
      const untilMs = Date.parse(new X509Certificate(await readFile(file)).validTo);
      const component = basename(file) === "own.crt" ? basename(dirname(file)) : "authority";
      return { component, validSeconds: (untilMs - nowMs) / 1000 };
    }),
  );
  return { directory, diskFreeRatio: bavail / blocks, certificates };
}

/** Every component's health, use and own numbers, and the supervisor's, as Prometheus reads them. */
export function inPrometheusText(components: readonly ComponentStatus[], own: OwnNumbers): string {
  const lines: string[] = [];
  for (const each of components) {
    const labels = { component: each.name, kind: each.kind, host: each.host };
    lines.push(
      line("storey_component_up", labels, each.ailment === null ? 1 : 0),
      line("storey_component_memory_bytes", labels, each.memoryBytes),
      line("storey_component_memory_budget_bytes", labels, each.memoryBudgetBytes),
      line("storey_component_cpu_seconds_total", labels, each.cpuMs / 1000),
    );
    for (const [name, value] of Object.entries(each.metrics))
      lines.push(line("storey_component_number", { ...labels, name }, value));
  }
  lines.push(line("storey_disk_free_ratio", { directory: own.directory }, own.diskFreeRatio));
  for (const { component, validSeconds } of own.certificates)
    lines.push(line("storey_certificate_valid_seconds", { component }, validSeconds));
  return `${lines.join("\n")}\n`;
}

const line = (metric: string, labels: Readonly<Record<string, string>>, value: number): string =>
  `${metric}{${Object.entries(labels).map(([name, each]) => `${name}="${escaped(each)}"`)}} ${value}`;

const escaped = (text: string): string => text.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n");
