import { join } from "node:path";
import { systemClock } from "#kernel/clock";
import type { Site } from "../component.ts";

/** For how long whoever has just followed the link may take to open where it led: no handshake is let take so long. */
const followedMs = 60_000;

/**
 * Puts an entrance's key and chain where Nginx reads them, and nobody else. For each handshake it opens the file twice,
 * for the chain and for the key: were one file replaced by another, a handshake between the two would find a key that
 * does not fit. So each has a file of its own, named by when it came, and what is replaced is the link to it, which
 * Nginx follows once. Those before are taken away when the next comes.
 */
export async function putLinkedPem(site: Site, pem: string): Promise<string> {
  const { host, directory, account } = site;
  const link = join(directory, "outside.pem");
  const now = systemClock.now();
  const name = `outside-${now}.pem`;
  await host.putDirectory(directory, { mode: 0o700, account });
  await host.putFile(join(directory, name), pem, { mode: 0o600, account });
  await replaceLink(site, name, link);
  for (const each of await host.list(directory)) {
    const came = Number(/^outside-(\d+)\.pem$/.exec(each)?.[1] ?? now);
    if (came < now - followedMs) await host.remove(join(directory, each));
  }
  return link;
}

/** In one step: there is always a link. */
async function replaceLink({ host }: Site, name: string, link: string): Promise<void> {
  const fresh = `${link}.new`;
  const { exitCode, stderr } = await host.run({ program: "/bin/ln", args: ["-sfn", name, fresh] }, 5_000);
  if (exitCode !== 0) throw new Error(`${fresh} cannot be made: ${stderr.trim()}`);
  await host.move(fresh, link);
}
