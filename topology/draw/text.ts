import type { Host, Topology } from "../model.ts";
import { bundlesOf } from "./bundles.ts";
import { floorsOf, inPlace, isAside } from "./floors.ts";
import { counted, detailsOf, roleWords, titleOf } from "./words.ts";

const columns = 100;

/** A topology for a terminal of 100 columns: hosts as boxes, floor under floor, between them what leads where. */
export function writeTopology(topology: Topology): string {
  const floors = floorsOf(topology);
  const centres = [...new Set(topology.hosts.map(({ dataCentre }) => dataCentre))];
  const hosts = centres.flatMap((centre) => inPlace(topology, centre, false));
  const floorOf = (host: Host) =>
    Math.min(...tenants(topology, host).map(({ name }) => floors.get(name) ?? 0));
  const main = hosts.filter((host) => !isAside(topology, host) && tenants(topology, host).length > 0);
  const used = [...new Set(main.map(floorOf))].sort((one, other) => one - other);
  const machines = counted(topology.hosts.length, "machine");
  const processes = counted(topology.components.length, "process", "processes");
  return [
    `${titleOf(topology.name)}, stage ${topology.stage} of 15: ${machines}, ${processes}`,
    "",
    ...leads(topology, ["outside"]),
    ...used.flatMap((floor) => {
      const here = main.filter((host) => floorOf(host) === floor);
      const names = here.flatMap((host) => tenants(topology, host).map(({ name }) => name));
      return [...sideBySide(topology, here, centres.length > 1), ...leads(topology, names)];
    }),
    ...sideBySide(
      topology,
      hosts.filter((host) => isAside(topology, host)),
      centres.length > 1,
    ),
    "",
  ].join("\n");
}

const tenants = ({ components }: Topology, { name }: Host) =>
  components.filter((component) => component.host === name);

/** What leads from these to others, a line a bundle. */
function leads(topology: Topology, names: readonly string[]): string[] {
  const from = bundlesOf(topology).filter((bundle) => bundle.from.some((name) => names.includes(name)));
  return from.map(({ role, from: askers, to }) => {
    const here = askers.filter((name) => names.includes(name));
    return `   ↓ ${(roleWords[role] || role).padEnd(12)} ${here.join(", ")} → ${to.join(", ")}`;
  });
}

function sideBySide(topology: Topology, hosts: readonly Host[], saysCentre: boolean): string[] {
  const rows: string[][][] = [];
  for (const host of hosts) {
    const box = boxOf(topology, host, saysCentre);
    const row = rows.at(-1);
    const width = [...(row ?? []), box].reduce((sum, each) => sum + (each[0]?.length ?? 0) + 2, 0);
    if (row && width <= columns) row.push(box);
    else rows.push([box]);
  }
  return rows.flatMap((row) => {
    const height = Math.max(...row.map((box) => box.length));
    const padded = row.map((box) => [
      ...box,
      ...Array.from({ length: height - box.length }, () => " ".repeat(box[0]?.length ?? 0)),
    ]);
    return Array.from({ length: height }, (_, line) =>
      padded
        .map((box) => box[line] ?? "")
        .join("  ")
        .trimEnd(),
    );
  });
}

function boxOf(topology: Topology, host: Host, saysCentre: boolean): string[] {
  const title = saysCentre ? `${host.name} (${host.dataCentre})` : host.name;
  const here = tenants(topology, host);
  const names = Math.max(...here.map(({ name }) => name.length));
  const lines = here.map((each) => `${each.name.padEnd(names)}  ${detailsOf(each).join(", ")}`);
  const width = Math.max(title.length + 1, ...lines.map((line) => line.length));
  return [
    `┌ ${title} ${"─".repeat(width - title.length)}┐`,
    ...lines.map((line) => `│ ${line.padEnd(width)} │`),
    `└${"─".repeat(width + 2)}┘`,
  ];
}
