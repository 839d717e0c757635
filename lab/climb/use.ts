import type { Consumption } from "#launcher/hosts/consumption";

/** What a host used of what it has, over some time. Shares are 0 to 1. */
export interface HostUse {
  readonly host: string;
  /** Of its own share of a processor. */
  readonly cpuShare: number;
  readonly cpuMs: number;
  /** How much of the time its processes were kept waiting because the share was used up. */
  readonly throttledShare: number;
  readonly memoryShare: number;
  readonly memoryKills: number;
  readonly diskBytesPerSecond: number;
  readonly networkBytesPerSecond: number;
}

/** The difference of two readings that lie `forMs` apart. */
export function usesBetween(
  before: ReadonlyMap<string, Consumption>,
  after: ReadonlyMap<string, Consumption>,
  forMs: number,
): readonly HostUse[] {
  return [...after].map(([host, now]) => {
    const then = before.get(host) ?? now;
    const perSecond = (of: (reading: Consumption) => number) => ((of(now) - of(then)) / forMs) * 1_000;
    const cpuMs = now.cpuMs - then.cpuMs;
    return {
      host,
      cpuMs,
      cpuShare: cpuMs / ((forMs * now.cpuPercentAllowed) / 100),
      throttledShare: (now.throttledMs - then.throttledMs) / forMs,
      memoryShare: now.memoryBytes / now.memoryLimitBytes,
      memoryKills: now.memoryKills - then.memoryKills,
      diskBytesPerSecond: perSecond((reading) => reading.diskReadBytes + reading.diskWrittenBytes),
      networkBytesPerSecond: perSecond((reading) => reading.networkReceivedBytes + reading.networkSentBytes),
    };
  });
}

/** What was used up first. */
export interface GaveWay {
  readonly host: string | null;
  readonly resource: "processor" | "memory" | "nothing that is counted here";
  readonly share: number;
}

/** From here on a host is at its end with its processor: what is asked for comes in bursts. */
const usedUp = 0.8;

/** Which host, and which of its resources, gave way in a run that did not hold. */
export function gaveWay(uses: readonly HostUse[]): GaveWay {
  const killed = uses.find(({ memoryKills }) => memoryKills > 0);
  if (killed) return { host: killed.host, resource: "memory", share: killed.memoryShare };
  const busiest = uses.toSorted((a, b) => b.cpuShare - a.cpuShare)[0];
  const share = busiest?.cpuShare ?? 0;
  return busiest && share >= usedUp
    ? { host: busiest.host, resource: "processor", share }
    : { host: null, resource: "nothing that is counted here", share };
}
