import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** What a supervisor tells while it brings an instance up. */
export type Told =
  | { readonly say: string }
  | { readonly ready: { readonly url: string; readonly pid: number } }
  | { readonly failed: { readonly code: string | undefined; readonly message: string } };

const lookEveryMs = 50;

/**
 * Follows what a supervisor writes to `file` until it is ready or has failed; undefined when it ended without a word.
 * It takes as long as the supervisor takes: each component has its own limit.
 */
export async function follow(
  file: string,
  isAlive: () => boolean,
  say: (line: string) => void,
): Promise<Exclude<Told, { say: string }> | undefined> {
  let read = 0;
  for (;;) {
    const wasAlive = isAlive();
    const text = await readFile(file, "utf8").catch(() => "");
    const whole = text.slice(read, text.lastIndexOf("\n") + 1);
    read += whole.length;
    for (const line of whole.split("\n").filter(Boolean)) {
      const told = parse(line);
      if (!("say" in told)) return told;
      say(told.say);
    }
    if (!wasAlive) return undefined;
    await pause(lookEveryMs);
  }
}

const marks = { ready: "== ready ", failed: "== failed " } as const;

/** How it is written: plain lines for people, who read them again with `storey logs`, and marked ones for programs. */
export function lineOf(told: Told): string {
  if ("say" in told) return told.say;
  return "ready" in told
    ? `${marks.ready}${JSON.stringify(told.ready)}`
    : `${marks.failed}${JSON.stringify(told.failed)}`;
}

function parse(line: string): Told {
  if (line.startsWith(marks.ready)) return { ready: JSON.parse(line.slice(marks.ready.length)) };
  if (line.startsWith(marks.failed)) return { failed: JSON.parse(line.slice(marks.failed.length)) };
  return { say: line };
}
