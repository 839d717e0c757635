import { closeSync, openSync, readdirSync, readFileSync, readSync, writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/**
 * The page of code that the kernel maps into every process, so that asking for the time costs no system call. A
 * debugger may write to a process' own copy of it; Chaos Mesh's TimeChaos makes clocks jump in this way, too. Rejected:
 * time namespaces, which leave CLOCK_REALTIME alone; libfaketime, which must be there when the process begins.
 */
interface Page {
  readonly at: number;
  readonly bytes: number;
}

/** Whole seconds that are added to what the kernel says, in place of one function of the page. */
interface Patch {
  readonly offset: number;
  readonly code: Buffer;
}

/** Why clocks cannot jump on this machine; undefined where they can. */
export function whyNoJump(): string | undefined {
  if (process.platform !== "linux")
    return "only Linux maps its clock into a process as code that can be replaced";
  if (process.arch !== "x64")
    return `the code for it is written for x86-64; this processor is ${process.arch}`;
  try {
    patchesFor(0);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** From now on the clock of a process is so many seconds ahead; 0 puts it right. Throws where that is not allowed. */
export async function shiftClock(pid: number, seconds: number): Promise<void> {
  const page = pageOf(pid);
  if (!page) return;
  const patches = seconds === 0 ? [{ offset: 0, code: original() }] : patchesFor(seconds);
  const wasStopped = stateOf(pid) === "T";
  try {
    await standStill(pid, page);
    const memory = openSync(`/proc/${pid}/mem`, "r+");
    try {
      for (const { offset, code } of patches) writeSync(memory, code, 0, code.length, page.at + offset);
    } finally {
      closeSync(memory);
    }
  } finally {
    if (!wasStopped) process.kill(pid, "SIGCONT");
  }
}

const stillWithinMs = 2_000;

/** Stops a process at a moment when none of its threads is in the page. */
async function standStill(pid: number, page: Page): Promise<void> {
  for (const deadline = performance.now() + stillWithinMs; ; ) {
    process.kill(pid, "SIGSTOP");
    const threads = readdirSync(`/proc/${pid}/task`);
    const isStill = threads.every((thread) => "Tt".includes(stateOf(pid, thread)));
    if (isStill && !threads.some((thread) => isWithin(page, counterOf(pid, thread)))) return;
    if (performance.now() > deadline) throw new Error(`process ${pid} does not stand still`);
    if (isStill) process.kill(pid, "SIGCONT");
    await pause(1);
  }
}

const isWithin = ({ at, bytes }: Page, counter: number): boolean => counter >= at && counter < at + bytes;

/** Where a thread that stands still goes on: the last number of the line, whatever it was doing. */
const counterOf = (pid: number, thread: string): number =>
  Number(readFileSync(`/proc/${pid}/task/${thread}/syscall`, "utf8").trim().split(" ").at(-1));

function stateOf(pid: number, thread = String(pid)): string {
  const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2, text.lastIndexOf(")") + 3);
}

/** A kernel's thread, or a process that has just ended, has none. */
function pageOf(pid: number): Page | undefined {
  const maps = readFileSync(`/proc/${pid}/maps`, "utf8");
  const found = /^([0-9a-f]+)-([0-9a-f]+) .*\[vdso\]$/m.exec(maps);
  if (!found) return undefined;
  const [from, to] = [Number.parseInt(found[1] ?? "", 16), Number.parseInt(found[2] ?? "", 16)];
  return { at: from, bytes: to - from };
}

/** The page as the kernel made it: it is the same in every process, and nobody has touched ours. */
function original(): Buffer {
  const page = pageOf(process.pid);
  if (!page) throw new Error("the kernel maps no clock into processes here (vdso=0)");
  const code = Buffer.alloc(page.bytes);
  const memory = openSync("/proc/self/mem", "r");
  try {
    readSync(memory, code, 0, code.length, page.at);
  } finally {
    closeSync(memory);
  }
  return code;
}

/** Our three functions in the places of the kernel's. */
function patchesFor(seconds: number): Patch[] {
  const code = original();
  const added = Buffer.alloc(8);
  added.writeBigInt64LE(BigInt(Math.round(seconds)));
  const number = added.toString("hex");
  // endbr64; mov eax, the call's number; syscall; …; movabs rcx, seconds; add; ret. What they touch the caller saves.
  const functions = {
    // Of the clocks only the two that tell the time of day: 0 and its coarse sister 5.
    __vdso_clock_gettime: `f30f1efa b8e4000000 0f05 85c0 7516 85ff 7405 83ff05 750d 48b9${number} 48010e c3`,
    __vdso_gettimeofday: `f30f1efa b860000000 0f05 85c0 7512 4885ff 740d 48b9${number} 48010f c3`,
    __vdso_time: `f30f1efa b8c9000000 0f05 48b9${number} 4801c8 4885ff 7403 488907 c3`,
  };
  const places = symbolsOf(code);
  return Object.entries(functions).map(([name, hex]) => {
    const place = places.get(name);
    const ours = Buffer.from(hex.replaceAll(" ", ""), "hex");
    if (!place || place.bytes < ours.length) throw new Error(`this kernel's ${name} has no room for another`);
    return { offset: place.at, code: ours };
  });
}

/** The functions of an ELF image of 64 bits, by its table of dynamic symbols (elf(5)). */
function symbolsOf(image: Buffer): ReadonlyMap<string, Page> {
  const word = (at: number) => Number(image.readBigUInt64LE(at));
  const [sections, size, count] = [word(0x28), image.readUInt16LE(0x3a), image.readUInt16LE(0x3c)];
  const found = new Map<string, Page>();
  const dynamicSymbols = 11;
  for (let section = sections; section < sections + count * size; section += size) {
    if (image.readUInt32LE(section + 4) !== dynamicSymbols) continue;
    const names = word(sections + image.readUInt32LE(section + 0x28) * size + 0x18);
    const [from, bytes] = [word(section + 0x18), word(section + 0x20)];
    for (let symbol = from; symbol < from + bytes; symbol += 24) {
      const name = names + image.readUInt32LE(symbol);
      const text = image.toString("latin1", name, image.indexOf(0, name));
      found.set(text, { at: word(symbol + 8), bytes: word(symbol + 16) });
    }
  }
  return found;
}
