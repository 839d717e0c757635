import type { Clock } from "#kernel/clock";
import { randomToken } from "#kernel/id";
import type { Line } from "../api.ts";
import type { RedisClient } from "./redis-client.ts";

/** How often it is proved that nothing said on the line has been missed. */
const beatMs = 150;

/**
 * Hears what other processes drop, and knows up to when it has heard everything: Redis passes on in order, so whoever
 * receives a beat of their own has received what was said before it. Whatever breaks begins a new line.
 */
export function openLine(parts: {
  readonly listener: RedisClient;
  /** The connection that drops are sent on. */
  commands(): RedisClient;
  readonly channel: string;
  readonly clock: Clock;
  heard(keys: readonly string[]): void;
}) {
  const { listener, commands, channel, clock, heard } = parts;
  const self = randomToken();
  const beats = `${channel}:${self}`;
  let connection = 0;
  let line: Line | undefined;

  const broken = () => {
    connection++;
    line = undefined;
  };
  for (const event of ["error", "reconnecting", "end"]) listener.on(event, broken);

  const hear = (message: string, from: string) => {
    if (from === beats) {
      const [of, sentAt] = JSON.parse(message) as [number, number];
      if (of === connection) line = { since: line?.since ?? sentAt, upTo: sentAt };
      return;
    }
    const [teller, ...keys] = JSON.parse(message) as string[];
    if (teller !== self) heard(keys);
  };
  // The client subscribes again by itself after a break; the first time it must be connected.
  const subscribe = () => listener.subscribe([channel, beats], hear).catch(() => undefined);
  if (listener.isReady) void subscribe();
  else listener.once("ready", subscribe);

  const beating = setInterval(() => {
    if (!listener.isReady || !commands().isReady) return;
    const beat = JSON.stringify([connection, clock.now()]);
    commands()
      .publish(beats, beat)
      .catch(() => undefined);
  }, beatMs);
  beating.unref();

  return {
    /** The name under which this process tells: it need not hear itself. */
    self,
    line: () => line,
    close: () => {
      clearInterval(beating);
      listener.destroy();
    },
  };
}
