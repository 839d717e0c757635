import { request } from "undici";
import type { Clock } from "#kernel/clock";
import { at } from "#topology/address";
import type { Alert } from "#topology/alerts/rule";
import { type ApplicationNumbers, applicationNumbers } from "#topology/application-numbers";
import { fillersOf, type Topology } from "#topology/model";
import type { Endpoint } from "#topology/wiring";
import type { ComponentLook, Look, Source } from "./look.ts";

/** Which process of which shop this is. */
export interface Place {
  readonly instance: string;
  readonly topology: Topology;
  /** Its own name among the components. */
  readonly process: string;
  readonly version: string;
  /** Where the supervisor answers; absent: nobody supervises. */
  readonly control?: Endpoint;
}

const answerWithinMs = 3_000;

/** What a supervisor tells of a component, as much of it as is shown. */
interface Told {
  readonly name: string;
  readonly kind: string;
  readonly host: string;
  readonly version: string;
  readonly memoryBytes: number;
  readonly memoryBudgetBytes?: number;
  readonly cpuMs: number;
  readonly ailment: string | null;
  readonly metrics: ApplicationNumbers;
}

/**
 * Asks the supervisor, which sees every component alike. It is the one source where there is one: what applications
 * count comes through it too, so that no figure is of one process while it seems to be of the shop.
 */
export function askSupervisor(control: Endpoint, token: string, clock: Clock): Source {
  const url = `http://${at(control)}/status`;
  return {
    look: async () => {
      const { statusCode, body } = await request(url, {
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(answerWithinMs),
      });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`the supervisor answers ${statusCode}`);
      const { components, alerts = [] } = JSON.parse(text) as {
        components: readonly Told[];
        alerts?: readonly Alert[];
      };
      return { atMs: clock.now(), problem: null, alerts, components: components.map(lookOf) };
    },
  };
}

const lookOf = ({ metrics, memoryBudgetBytes, ...told }: Told): ComponentLook => {
  const runs = told.version !== "" || told.memoryBytes > 0;
  return {
    ...told,
    memoryBytes: runs ? told.memoryBytes : null,
    cpuMs: runs ? told.cpuMs : null,
    memoryBudgetBytes: memoryBudgetBytes ?? null,
    numbers: told.kind === "application" ? metrics : {},
  };
};

/** What a process sees by itself: its own numbers, and whether its database answers. */
export interface Own {
  readonly place: Place;
  readonly clock: Clock;
  /** Its metrics in Prometheus' form. */
  metrics(): Promise<string>;
  databaseReady(): Promise<void>;
  alerts(): readonly Alert[];
}

/** Looks at this process alone: where nobody supervises, there is no other of the shop. */
export function lookAtOneself(own: Own): Source {
  return { look: () => ownLook(own, null) };
}

/** The supervisor's view, and while it does not answer this process's own, with the reason why. */
export function preferring(source: Source, own: Own): Source {
  return {
    look: () =>
      source
        .look()
        .catch((error: Error) =>
          ownLook(
            own,
            `The supervisor does not answer (${error.message}): this is what ${own.place.process} sees.`,
          ),
        ),
  };
}

async function ownLook(
  { place, clock, metrics, databaseReady, alerts }: Own,
  problem: string | null,
): Promise<Look> {
  const [text, ailment] = await Promise.all([
    metrics(),
    databaseReady().then(
      () => null,
      (error: Error) => `does not answer: ${error.message}`,
    ),
  ]);
  const databases = fillersOf(place.topology, place.process, "database").map(({ name }) => name);
  const { user, system } = process.cpuUsage();
  const components = place.topology.components.map(({ name, kind, host }): ComponentLook => {
    const unseen = {
      name,
      kind,
      host,
      version: "",
      memoryBytes: null,
      memoryBudgetBytes: null,
      cpuMs: null,
      numbers: {},
    };
    if (name === place.process) {
      return {
        ...unseen,
        version: place.version,
        ailment: null,
        memoryBytes: process.memoryUsage.rss(),
        cpuMs: (user + system) / 1_000,
        numbers: applicationNumbers(text),
      };
    }
    return { ...unseen, ailment: databases.includes(name) ? ailment : undefined };
  });
  return { atMs: clock.now(), components, alerts: alerts(), problem };
}
