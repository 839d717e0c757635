import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { canEnter, serverAccount } from "./account.ts";
import { loopback } from "./loopback.ts";

/**
 * Where instances are kept: what `--data` or STOREY_DATA says, else `data` in the checkout, or, for root in a checkout
 * the database's user cannot enter (such as one under /root), a directory of its own under /var/lib/storey.
 */
export async function chooseDataRoot(checkout: string, override?: string): Promise<string> {
  const chosen = override ?? process.env["STOREY_DATA"];
  if (chosen) return resolve(chosen);
  const inside = join(checkout, "data");
  const account = await serverAccount(loopback, inside);
  if (!account || (await canEnter(loopback, checkout, account))) return inside;
  return join("/var/lib/storey", slug(checkout));
}

/** Readable, and different for two checkouts of the same name. */
function slug(checkout: string): string {
  const name = basename(checkout)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 30);
  return `${name}-${createHash("sha256").update(checkout).digest("hex").slice(0, 8)}`;
}
