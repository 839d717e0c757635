import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Endpoint } from "#topology/wiring";
import { readJson } from "./json-file.ts";

/** Where each component of an instance listens, by "component port-name". */
export type Endpoints = Readonly<Record<string, Endpoint>>;

/** Where an instance keeps them while it runs. */
export const endpointsFile = (directory: string): string => join(directory, "run", "endpoints.json");

/**
 * Where the components of an instance listened when it was last started. None before the first start, and none where
 * the hosts of a killed instance are gone: what answers at their addresses then is a stranger, who must not be told
 * secrets.
 */
export async function readEndpoints(directory: string): Promise<Partial<Endpoints>> {
  const known = (await readJson<Record<string, Endpoint>>(endpointsFile(directory))) ?? {};
  const host = known["supervisor control"]?.host;
  const ours = Object.values(networkInterfaces()).flatMap(
    (each) => each?.map(({ address }) => address) ?? [],
  );
  return host !== undefined && ours.includes(host) ? known : {};
}
