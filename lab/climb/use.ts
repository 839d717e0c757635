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
  readonly resource: "processor" | "processor, in bursts" | "memory" | "nothing that is counted here";
  /** Of that resource, 0 to 1. */
  readonly share: number;
  /** How much of the time the host's processes were kept waiting. */
  readonly throttledShare: number;
}

/** From here on a host is at its end with its processor: what is asked for comes in bursts. */
const usedUp = 0.8;
/** Kept waiting for so much of the time, a host answers the slowest hundredth late though it rests in between. */
const heldUp = 0.1;

/** Which host, and which of its resources, gave way in a run that did not hold. */
export function gaveWay(uses: readonly HostUse[]): GaveWay {
  const killed = uses.find(({ memoryKills }) => memoryKills > 0);
  if (killed) return named(killed, "memory", killed.memoryShare);
  const busiest = uses.toSorted((a, b) => b.cpuShare - a.cpuShare)[0];
  if (busiest && busiest.cpuShare >= usedUp) return named(busiest, "processor", busiest.cpuShare);
  const heldUpMost = uses.toSorted((a, b) => b.throttledShare - a.throttledShare)[0];
  if (heldUpMost && heldUpMost.throttledShare >= heldUp)
    return named(heldUpMost, "processor, in bursts", heldUpMost.cpuShare);
  return {
    host: null,
    resource: "nothing that is counted here",
    share: busiest?.cpuShare ?? 0,
    throttledShare: heldUpMost?.throttledShare ?? 0,
  };
}

const named = ({ host, throttledShare }: HostUse, resource: GaveWay["resource"], share: number): GaveWay => ({
  host,
  resource,
  share,
  throttledShare,
});
