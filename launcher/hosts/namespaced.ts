import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command, Host } from "../host.ts";
import { loopback } from "../loopback.ts";
import { namespaces } from "./processes.ts";

/** util-linux; part of every distribution. */
export const nsenter = "/usr/bin/nsenter";

/** Joins every group that is named before "--", then becomes what is named after it. */
const joinThen =
  'until [ "$1" = -- ]; do echo $$ > "$1/cgroup.procs" || exit 125; shift; done; shift; exec "$@"';

/**
 * A host that is a network namespace of this machine. Files and processes are this machine's, so all but starting is as
 * on loopback. A process joins the host's groups before it enters its network, and is then what it would be there:
 * `ip netns exec` would give it another /sys, in which there are no groups.
 */
export function namespaced(at: {
  name: string;
  address: string;
  namespace: string;
  /** Of its groups. */
  directories: readonly string[];
}): Host {
  const within = (command: Command): Command => {
    const { program, args, account, ...rest } = command;
    // The shell would be there where the program is not.
    if (program.startsWith("/") && !existsSync(program))
      throw Object.assign(new Error(`spawn ${program} ENOENT`), { code: "ENOENT" });
    const who = account ? ["-S", String(account.uid), "-G", String(account.gid)] : [];
    const enter = [nsenter, `--net=${join(namespaces, at.namespace)}`, ...who, "--"];
    return {
      ...rest,
      program: "/bin/sh",
      args: ["-c", joinThen, "sh", ...at.directories, "--", ...enter, program, ...args],
    };
  };
  return {
    ...loopback,
    name: at.name,
    address: at.address,
    run: async (command, timeoutMs) => loopback.run(within(command), timeoutMs),
    start: async (command, outputFile) => loopback.start(within(command), outputFile),
  };
}
