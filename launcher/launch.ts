import type { Component, Topology } from "#topology/model";
import type { Running, Site } from "./component.ts";
import { driverOf } from "./drivers.ts";
import { inOrder, reversed, waitsFor } from "./order.ts";

/** Every component of a topology, running. */
export interface Launched {
  readonly topology: Topology;
  running(name: string): Running;
  find(name: string): Running | undefined;
  /** Starts a component again: after its death, or stopped before by `stopOne`. */
  start(name: string): Promise<Running>;
  stopOne(name: string): Promise<void>;
  /** Stops everything, those who use something before what they use. */
  stop(): Promise<void>;
}

export interface LaunchOptions {
  readonly topology: Topology;
  siteOf(component: Component, running: ReadonlyMap<string, Running>): Site;
  /** When all that a component waits for has started: what must be set up in those before it may begin. */
  beforeStart?(component: Component, running: ReadonlyMap<string, Running>): Promise<void>;
  say(line: string): void;
}

/**
 * Starts every component in the order that its roads give, side by side where they do not meet. When one does not
 * start, those that did are stopped again, and its refusal is thrown.
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { topology, siteOf, say } = options;
  const running = new Map<string, Running>();
  const componentsByName = new Map(topology.components.map((each) => [each.name, each]));
  const waits = waitsFor(topology);
  const startOne = async (name: string): Promise<Running> => {
    const component = componentsByName.get(name);
    if (!component) throw new Error(`stage ${topology.stage} has no component "${name}"`);
    await options.beforeStart?.(component, running);
    const before = performance.now();
    const started = await driverOf(component).start(component, siteOf(component, running));
    running.set(name, started);
    const took = ((performance.now() - before) / 1000).toFixed(1);
    say(
      `${name}: ${component.kind} ${started.version} ${started.adopted ? "was running" : "is ready"} (${took} s)`,
    );
    return started;
  };
  const stopOne = async (name: string): Promise<void> => {
    const started = running.get(name);
    if (!started) return;
    await started.stop();
    running.delete(name);
  };
  const stop = () => inOrder(reversed(waits), stopOne);
  try {
    await inOrder(waits, async (name) => void (await startOne(name)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    topology,
    running: (name) => {
      const found = running.get(name);
      if (!found) throw new Error(`"${name}" does not run`);
      return found;
    },
    find: (name) => running.get(name),
    start: startOne,
    stopOne,
    stop,
  };
}
