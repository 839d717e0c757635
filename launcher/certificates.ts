import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "./component.ts";
import type { Account } from "./host.ts";
import { loopback } from "./loopback.ts";
import { LaunchRefused } from "./refused.ts";

/** Ten years: components of one instance believe each other for as long as the instance lives. */
const days = "3650";

/**
 * The instance's own authority, made at the first call on the supervisor's machine. Its key never leaves the directory;
 * who holds the authority's certificate can tell a component of the instance from a stranger that took its port.
 */
function openAuthority(directory: string): Promise<string> {
  const made = making.get(directory) ?? makeAuthority(directory).finally(() => making.delete(directory));
  making.set(directory, made);
  return made;
}

/** Components that start side by side all want it, and there must be one. */
const making = new Map<string, Promise<string>>();

async function makeAuthority(directory: string): Promise<string> {
  const file = join(directory, "authority.crt");
  if (existsSync(file)) return file;
  await mkdir(directory, { recursive: true, mode: 0o711 });
  const [key, draft] = [join(directory, "authority.key"), join(directory, "authority.new")];
  const subject = ["-subj", "/CN=Storey instance", "-days", days];
  await openssl(["req", "-x509", ...ellipticKey, "-nodes", "-keyout", key, "-out", draft, ...subject]);
  await rename(draft, file);
  return file;
}

/** A certificate for whatever answers at `addresses`, signed by the instance's authority; made once for each name. */
export async function issueCertificate(
  directory: string,
  of: { name: string; addresses: readonly string[]; account?: Account },
): Promise<Certificate> {
  const authorityFile = await openAuthority(directory);
  const own = join(directory, of.name);
  const { certificateFile, keyFile } = {
    certificateFile: join(own, "own.crt"),
    keyFile: join(own, "own.key"),
  };
  const names = of.addresses.map((each) => `${/^[\d.]+$|:/.test(each) ? "IP" : "DNS"}:${each}`).join(",");
  await loopback.putDirectory(own, { mode: 0o700, account: of.account });
  // A component that came to another address shows another certificate.
  const namesFile = join(own, "names");
  const isMade =
    existsSync(certificateFile) && (await readFile(namesFile, "utf8").catch(() => names)) === names;
  if (!isMade) {
    const draft = join(own, "own.new");
    const authority = ["-CA", authorityFile, "-CAkey", join(directory, "authority.key")];
    const request = ["-subj", `/CN=${of.name}`, "-addext", `subjectAltName=${names}`, "-days", days];
    await openssl([
      "req",
      "-x509",
      ...authority,
      ...ellipticKey,
      "-nodes",
      "-keyout",
      keyFile,
      "-out",
      draft,
      ...request,
    ]);
    if (of.account) {
      const owner = `${of.account.uid}:${of.account.gid}`;
      await loopback.run({ program: "/bin/chown", args: [owner, keyFile, draft] }, 5_000);
    }
    await rename(draft, certificateFile);
    await loopback.putFile(namesFile, names, { mode: 0o600 });
  }
  return { certificateFile, keyFile, authorityFile };
}

const ellipticKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];

async function openssl(args: readonly string[]): Promise<void> {
  const command = { program: "/usr/bin/openssl", args, environment: { PATH: "/usr/bin:/bin" } };
  const { exitCode, stderr } = await loopback.run(command, 30_000).catch(() => {
    const next = "Install the package openssl, then start again.";
    throw new LaunchRefused(
      "launch.no_packages",
      `Certificates are made with openssl, which is not here. ${next}`,
    );
  });
  if (exitCode !== 0)
    throw new LaunchRefused("launch.component_failed", `openssl refused:\n${stderr.trim()}`);
}
