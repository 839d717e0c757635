import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { runClosedLoop } from "../generate/closed-loop.ts";
import { processCpuMs } from "../machine/processes.ts";
import { openApi } from "../shop/api.ts";
import type { Limit } from "./limit.ts";

const callers = 32;

/** How many requests a second bare `node:http` answers the lab's own client, in a process beside it. */
export async function measureHttp(forMs: number): Promise<Limit> {
  const child = fork(join(import.meta.dirname, "bare-http.ts"), {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  try {
    if (!child.stdout || !child.pid) throw new Error("bare node:http was not started");
    const [said] = (await once(child.stdout, "data")) as [Buffer];
    const api = openApi(`http://127.0.0.1:${Number(said.toString())}`, callers);
    try {
      const ask = async () => {
        await api.text({ path: "/" });
      };
      await runClosedLoop({ callers, forMs: Math.min(1_000, forMs), once: ask });
      const before = processCpuMs(child.pid);
      const { operations, perSecond, latency } = await runClosedLoop({ callers, forMs, once: ask });
      const cpuMs = (processCpuMs(child.pid) - before) / operations;
      return {
        name: "bare node:http",
        by: `${callers} connections of the lab's client`,
        perSecond,
        cpuMs,
        p50: latency.p50,
        p99: latency.p99,
      };
    } finally {
      await api.close();
    }
  } finally {
    child.kill();
  }
}
