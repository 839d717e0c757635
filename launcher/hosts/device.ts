import { readFile, readlink, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** The whole disk, as "major:minor", that holds a directory: shares of a disk are not given by partition. */
export async function deviceOf(directory: string): Promise<string> {
  const { dev } = await stat(directory);
  // As glibc packs them: the minor number's low eight bits first.
  const [major, minor] = [(dev >> 8) & 0xfff, (dev & 0xff) | ((dev >> 12) & 0xfff00)];
  const at = await readlink(`/sys/dev/block/${major}:${minor}`).catch(() => "");
  const isPart = await stat(`/sys/dev/block/${major}:${minor}/partition`).then(
    () => true,
    () => false,
  );
  if (!isPart) return `${major}:${minor}`;
  const whole = await readFile(`/sys/class/block/${basename(dirname(at))}/dev`, "utf8");
  return whole.trim();
}
