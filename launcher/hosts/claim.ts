import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LaunchRefused } from "../refused.ts";
import { askIp } from "./ip.ts";
import { networksEach, rangesFor } from "./plan.ts";

/** Gone after a reboot, as everything is that the kernel keeps for us. */
const claims = "/run/storey-hosts";

/**
 * Takes a range of addresses for the instance of that directory: the one it has or had, else one of its own choice that
 * nobody on this machine uses or can reach. To make a directory is to claim it: of two starters one gets it. Throws
 * LaunchRefused `launch.no_addresses`.
 */
export async function claimRange(directory: string, key: string, before?: string): Promise<string> {
  await mkdir(claims, { recursive: true, mode: 0o755 });
  const used = await usedAddresses();
  const wanted = [...(before ? [before] : []), ...rangesFor(key)];
  for (const range of wanted) {
    const owner = await ownerOf(range);
    if (owner === directory) return range;
    if (owner !== undefined || used.some((each) => overlaps(range, each))) continue;
    if (await take(range, directory)) return range;
  }
  throw new LaunchRefused(
    "launch.no_addresses",
    "Every range of addresses from 198.18.0.0 to 198.19.255.255 is in use on this machine. Stop an instance that runs on hosts (./storey down --name …), or what else uses them (ip route).",
  );
}

/** Gives the range back. */
export async function releaseRange(directory: string): Promise<void> {
  for (const range of await readdir(claims).catch(() => []))
    if ((await ownerOf(range)) === directory) await rm(join(claims, range), { recursive: true, force: true });
  await rmdir(claims).catch(() => undefined);
}

/** Instances that have a range and whose directory is no more: nobody can end them but whoever comes next. */
export async function abandoned(): Promise<string[]> {
  const owners = await Promise.all((await readdir(claims).catch(() => [])).map(ownerOf));
  const gone = await Promise.all(
    owners.map(async (owner) => owner !== undefined && !(await stat(owner).catch(() => undefined))),
  );
  return owners.filter((owner, at): owner is string => gone[at] === true);
}

const ownerOf = (range: string): Promise<string | undefined> =>
  readFile(join(claims, range, "owner"), "utf8").then(
    (text) => text.trim(),
    () => undefined,
  );

/** Filled first, and put in its place as a whole: a claim always says whose it is. */
async function take(range: string, directory: string): Promise<boolean> {
  const draft = join(claims, `.${range}-${process.pid}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft);
  await writeFile(join(draft, "owner"), `${directory}\n`);
  return rename(draft, join(claims, range)).then(
    () => true,
    async () => {
      await rm(draft, { recursive: true, force: true });
      return false;
    },
  );
}

interface Route {
  readonly dst: string;
}

/** Every network that this machine is part of or knows a way to, but for "everything else". */
async function usedAddresses(): Promise<string[]> {
  const routes = await askIp<Route>("-4", "route", "show", "table", "all");
  return routes.map(({ dst }) => dst).filter((dst) => /^\d/.test(dst) && !dst.startsWith("0.0.0.0"));
}

/** Whether a range meets a network such as "198.18.0.0/15", or one address. */
export function overlaps(range: string, network: string): boolean {
  const [address = "", bits = "32"] = network.split("/");
  const [first, second] = [numberOf(address), numberOf(`${range}.0`)];
  const [firstSize, secondSize] = [2 ** (32 - Number(bits)), networksEach * 256];
  const start = Math.floor(first / firstSize) * firstSize;
  return start < second + secondSize && second < start + firstSize;
}

const numberOf = (address: string): number => {
  const parts = address.split(".").map(Number);
  return [0, 1, 2, 3].reduce((sum, at) => sum * 256 + (parts[at] ?? 0), 0);
};
