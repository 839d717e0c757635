import type { Component, Host, Road, Topology } from "./model.ts";

/** Every node and edge of a topology, a line each, sorted: what a golden file holds and a reviewer reads. */
export const linesOf = (topology: Topology): string[] =>
  [
    ...topology.hosts.map(hostLine),
    ...topology.components.map(componentLine),
    ...topology.roads.map(roadLine),
  ].sort();

/**
 * What one topology has that another has not: lines that begin with "- " or "+ ", sorted by what they speak of, so that
 * something changed is its old line above its new one.
 */
export function diffOf(before: Topology, after: Topology): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const gone = old.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  const come = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].sort((one, other) => {
    const [left, right] = [subjectOf(one), subjectOf(other)];
    return left === right ? (one < other ? 1 : -1) : left < right ? -1 : 1;
  });
}

/** "component app" of "+ component app is …"; of a road everything. */
const subjectOf = (line: string) => line.slice(2).split(/ (?:is|in) /)[0] ?? line;

const hostLine = ({ name, dataCentre }: Host) => `host ${name} in ${dataCentre}`;

function componentLine({ name, kind, host, slot, ...traits }: Component): string {
  const words = Object.entries(traits).flatMap(([trait, value]) => traitWords(trait, value));
  return [`component ${name} is ${kind} on ${host}`, ...(slot ? [`slot ${slot}`] : []), ...words].join(", ");
}

/** What is off, none or nothing is not said. */
function traitWords(trait: string, value: unknown): string[] {
  if (value === false || value === "none" || value === 0) return [];
  if (value === true) return [trait];
  return [`${trait} ${Array.isArray(value) ? value.join(" ") : String(value)}`];
}

const roadLine = ({ from, role, to, domains }: Road) =>
  `road ${from} ${role} ${to}${domains ? ` for ${domains.join(" ")}` : ""}`;
