import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** What a file of the kernel says; empty where there is none. */
export const say = (...path: string[]): Promise<string> => readFile(join(...path), "utf8").catch(() => "");

/** Tells the kernel something. Never makes a file. */
export const tell = (value: string | number, ...path: string[]): Promise<void> =>
  writeFile(join(...path), String(value), { flag: "r+" });

/** "name 12" a line. */
export const numbersIn = (text: string): Record<string, number> =>
  Object.fromEntries(
    [...text.matchAll(/^(\S+) (\d+)$/gm)].map(([, name = "", value]) => [name, Number(value)]),
  );

/** The numbers of processes, one a line. */
export const pidsIn = (text: string): number[] => text.split("\n").filter(Boolean).map(Number);

/** The folders in one; none where it is not there. */
export const foldersIn = async (directory: string): Promise<string[]> =>
  (await readdir(directory, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** Makes a group. */
export const makeGroup = async (directory: string): Promise<void> =>
  void (await mkdir(directory, { recursive: true }));

/** Takes a group away: for a moment after the last process has ended it is still busy. */
export async function removeGroup(directory: string): Promise<void> {
  for (const deadline = performance.now() + 5_000; ; await pause(5)) {
    try {
      return await rmdir(directory);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return;
      if (code !== "EBUSY" || performance.now() > deadline) throw error;
    }
  }
}
