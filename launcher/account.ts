import type { Account, Host } from "./host.ts";
import { LaunchRefused } from "./refused.ts";

/**
 * As whom a server of `dataDir` must run: undefined (ourselves) for an ordinary user. PostgreSQL refuses
 * root, and its user must be in passwd, so root gives the server to whoever owns the data already, else to
 * `nobody`.
 */
export async function serverAccount(host: Host, dataDir: string): Promise<Account | undefined> {
  if (host.uid !== 0) return undefined;
  const accounts = await readAccounts(host);
  const { realPath } = (await host.look(dataDir)) ?? {};
  const owner = realPath === undefined ? undefined : (await host.look(realPath))?.uid;
  const account =
    accounts.find((each) => owner && each.uid === owner) ?? accounts.find((each) => each.name === "nobody");
  if (account && account.uid !== 0) return account;
  const reason = "PostgreSQL does not run as root, and this system has no user `nobody` to run it as.";
  throw new LaunchRefused("launch.no_account", `${reason} Start Storey as an ordinary user.`);
}

/**
 * Whether `account` (absent: ourselves) can enter `directory`, asked of the system itself: modes, lists and
 * mounts count.
 */
export async function canEnter(host: Host, directory: string, account?: Account): Promise<boolean> {
  const command = { program: "/bin/sh", args: ["-c", 'cd -- "$1"', "sh", directory], account };
  return (await host.run(command, 5_000)).exitCode === 0;
}

async function readAccounts(host: Host): Promise<Account[]> {
  const lines = ((await host.readFile("/etc/passwd")) ?? "").split("\n");
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    // macOS writes nobody's number as -2.
    return name && uid && gid ? [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }] : [];
  });
}
