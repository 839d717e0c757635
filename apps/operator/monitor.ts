import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "#kernel/clock";
import type { ComponentHealth, Figures } from "./api.ts";
import type { Look, Source } from "./look.ts";
import { componentsOf, figuresOf, lookedBackMs } from "./rates.ts";

/** What all components are and do, at one moment. */
export interface Moment {
  readonly atMs: number;
  readonly figures: Figures;
  readonly components: readonly ComponentHealth[];
}

export interface Monitor {
  /** The newest look with what follows from it and those before. Throws where nothing can be seen at all. */
  now(): Promise<{ look: Look; moment: Moment }>;
  /** Of the last minutes in which somebody watched, the oldest first. */
  past(): readonly Moment[];
  stop(): void;
}

export const everyMs = 2_000;
/** Nobody has asked for so long: nobody watches. A look costs each component a few milliseconds. */
const watchedMs = 30_000;
/** A first look knows no rates; a second one so much later does. */
const secondLookMs = 300;
const pastMost = 90;

/** Looks every 2 s for as long as somebody asks, once for all who ask. */
export function openMonitor(source: Source, clock: Clock): Monitor {
  let looks: readonly Look[] = [];
  let past: readonly Moment[] = [];
  let askedMs = 0;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    looking ??= (async () => {
      const next = await source.look();
      looks = [...looks.filter(({ atMs }) => next.atMs - atMs <= lookedBackMs), next];
      const moment = { atMs: next.atMs, figures: figuresOf(looks), components: componentsOf(looks) };
      past = [...past, moment].slice(-pastMost);
    })().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const watch = () => {
    timer ??= setInterval(() => {
      if (clock.now() - askedMs > watchedMs) return stop();
      look().catch(() => undefined);
    }, everyMs).unref();
  };
  return {
    now: async () => {
      askedMs = clock.now();
      watch();
      const isOld = () => askedMs - (looks.at(-1)?.atMs ?? 0) > 2 * everyMs;
      if (isOld()) {
        const isFirst = looks.length === 0 || askedMs - (looks.at(-1)?.atMs ?? 0) > lookedBackMs;
        await look();
        if (isFirst) {
          await pause(secondLookMs);
          await look();
        }
      }
      const [newest, moment] = [looks.at(-1), past.at(-1)];
      if (!newest || !moment) throw new Error("there was no look");
      return { look: newest, moment };
    },
    past: () => past,
    stop,
  };
}
