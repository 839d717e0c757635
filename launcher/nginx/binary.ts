import type { Host } from "../host.ts";
import type { Need } from "../packages.ts";
import { onPath, programOf } from "../program.ts";

/** For the proxy and for the component that keeps files. */
export const need: Need = { name: "Nginx", anyOf: onPath("nginx"), packages: ["nginx"] };

/** The program, what it says its version is, and which modules it was built with. */
export async function nginxBinary(
  host: Host,
): Promise<{ program: string; version: string; modules: string }> {
  const program = await programOf(host, need);
  const { stderr } = await host.run({ program, args: ["-V"] }, 5_000);
  return { program, version: /nginx\/([\d.]+)/.exec(stderr)?.[1] ?? "unknown", modules: stderr };
}
