import { get } from "node:https";
import { join } from "node:path";
import { answerOf } from "#launcher/answer";
import type { InstanceFacts } from "#launcher/instance";
import { readJson, writeJson } from "#launcher/json-file";
import { holderOf } from "#launcher/lock";
import { loopback } from "#launcher/loopback";

/** A shop that one process runs in the foreground (`npm start`), of which no supervisor tells. */
export interface ForegroundStatus {
  readonly instance: string;
  readonly stage: number;
  readonly pid: number;
  /** Absent while it is not open yet: it starts, or another command has the instance. */
  readonly url?: string;
  readonly memoryBytes: number;
  /** Processor time since it started, in milliseconds. */
  readonly cpuMs: number;
  /** What is wrong; null when it is well. */
  readonly ailment: string | null;
}

interface Word {
  readonly pid: number;
  readonly url: string;
  readonly local: string;
}

const fileOf = (directory: string) => join(directory, "foreground.json");

/** Leaves word of a shop that this process has opened. `local`: where this machine reaches it. */
export function leaveWord(directory: string, at: { url: string; local: string }): Promise<void> {
  return writeJson(fileOf(directory), { pid: process.pid, ...at } satisfies Word, 0o600);
}

/** Who holds the instance and how it is; undefined where nobody does. Of processes that ended no word is believed. */
export async function lookAtForeground(facts: InstanceFacts): Promise<ForegroundStatus | undefined> {
  const pid = holderOf(facts.directory);
  if (pid === undefined) return undefined;
  const { name: instance, stage } = facts;
  const word = await readJson<Word>(fileOf(facts.directory));
  const process = await loopback.probe(pid);
  const usage = (process && (await loopback.usage(process))) ?? { memoryBytes: 0, cpuMs: 0 };
  const found = { instance, stage, pid, ...usage };
  if (word?.pid !== pid || !word.url || !word.local) {
    return { ...found, ailment: "holds the instance and is not open: it starts, or is another command" };
  }
  return { ...found, url: word.url, ailment: (await ailmentOf(`${word.local}/readyz`)) ?? null };
}

async function ailmentOf(url: string): Promise<string | undefined> {
  try {
    const status = url.startsWith("https:") ? await statusOverTls(url) : (await answerOf(url)).status;
    return status === 200 ? undefined : `answers ${status} when asked whether it is ready`;
  } catch (error) {
    return `does not answer (${(error as Error).message})`;
  }
}

/** Its certificate is for its name, and it is asked by its address on this machine. */
const statusOverTls = (url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = get(url, { rejectUnauthorized: false, timeout: 1_500, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer in 1.5 s"))).on("error", reject);
  });

/** For people. */
export function foregroundInWords({
  instance,
  stage,
  pid,
  url,
  memoryBytes,
  cpuMs,
  ailment,
}: ForegroundStatus) {
  const size = `${Math.round(memoryBytes / 1024 ** 2)} MB, ${(cpuMs / 1_000).toFixed(1)} s of processor time`;
  const where = url ? `at ${url}, in the foreground` : "held";
  return [
    `${instance}: stage ${stage}, ${where} by process ${pid} (${size}): ${ailment ?? "well"}`,
    `Ctrl-C where it was started, or kill ${pid}, stops it.`,
  ].join("\n");
}
