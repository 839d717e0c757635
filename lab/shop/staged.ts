import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { componentDirectory, lookAtInstance } from "#launcher/instance";
import { loopback } from "#launcher/loopback";
import { dataDirectory } from "#launcher/postgres/data-directory";
import { findPostmaster } from "#launcher/postgres/postmaster";
import type { ComponentStatus, InstanceStatus } from "#launcher/status";
import { askSupervisor } from "#launcher/supervised";
import { stages } from "#stages/all";
import { ofKind } from "#topology/model";

const run = promisify(execFile);
const checkout = join(import.meta.dirname, "../..");
const program = join(checkout, "storey");

/** An instance at some stage on this machine, brought up as anybody would and looked after by its supervisor. */
export interface StagedShop {
  readonly url: string;
  readonly bootMs: number;
  status(): Promise<InstanceStatus>;
  /** Waits until all are well and answers what sends SIGKILL to a component's first process. It is brought back. */
  aim(component: string): Promise<() => Promise<void>>;
  /** Waits until every component is well again. */
  whole(): Promise<void>;
  /** Waits until every database of a cluster is a part of it again. */
  rejoined?(): Promise<void>;
  /** `storey down`: throws when something of it is left. */
  stop(): Promise<void>;
}

/** As a victim: whichever database takes writes at that moment. */
export const leader = "the leading database";

const wholeWithinMs = 60_000;

/** Starts stage `stage` as an instance of that name under `dataRoot`, with no products. Throws in its own words. */
export async function startStage(at: {
  stage: number;
  name: string;
  dataRoot: string;
  port: number;
  /** Of `storey up`, besides the usual. */
  options?: readonly string[];
}): Promise<StagedShop> {
  const where = ["--name", at.name, "--data", at.dataRoot];
  const storey = async (...args: string[]) => {
    const { stdout } = await run(program, [...args, ...where, "--json"], { maxBuffer: 16 << 20 });
    return stdout;
  };
  const usual = ["--demo-products", "0", "--client-limit", "1000000000", "--install"];
  const before = performance.now();
  await storey("up", "--stage", String(at.stage), "--port", String(at.port), ...usual, ...(at.options ?? []));
  const bootMs = performance.now() - before;
  const facts = await lookAtInstance({ name: at.name, dataRoot: at.dataRoot });
  if (!facts) throw new Error(`${at.name} came up and is not there`);
  const status = async (): Promise<InstanceStatus> => {
    const told = await askSupervisor(facts);
    if (!told) throw new Error(`the supervisor of ${at.name} does not answer`);
    return told;
  };
  const whole = async () => {
    for (const deadline = performance.now() + wholeWithinMs; ; ) {
      const ailing = (await status()).components.filter(({ ailment }) => ailment !== null);
      if (ailing.length === 0) return;
      const said = ailing.map(({ name, ailment }) => `${name}: ${ailment}`).join("; ");
      if (performance.now() > deadline) throw new Error(`not whole after ${wholeWithinMs} ms: ${said}`);
      await pause(100);
    }
  };
  const isGuarded = stages.some(
    (each) =>
      each.stage === at.stage && ofKind(each, "postgres").some(({ guardian }) => guardian === "patroni"),
  );
  return {
    ...(isGuarded ? { rejoined: () => rejoined(status) } : {}),
    url: (await status()).url,
    bootMs,
    status,
    aim: async (component) => {
      const found = await living(async () => {
        await whole();
        return (await status()).components.find(
          ({ name, kind, metrics }) =>
            name === component || (component === leader && kind === "postgres" && metrics["leads"] === 1),
        );
      });
      if (!found) throw new Error(`${component} does not run`);
      const { name, pid } = found;
      return async () => {
        // The server that a guardian looks after dies with it, as on a machine that loses its power. Found at the last
        // moment: the guardian may have started another one since.
        const { directory: instanceDirectory } = facts;
        const site = { instanceDirectory, directory: componentDirectory(instanceDirectory, name) };
        const server = await findPostmaster(loopback, dataDirectory(site, "distribution"));
        process.kill(pid, "SIGKILL");
        if (server && server.pid !== pid) killIfThere(server.pid);
      };
    },
    whole,
    stop: async () => void (await storey("down")),
  };
}

/** One leads, all others follow it on its timeline, and one at least confirms its writes. */
async function rejoined(status: () => Promise<InstanceStatus>): Promise<void> {
  for (const deadline = performance.now() + wholeWithinMs; ; await pause(100)) {
    const servers = (await status()).components.filter(({ kind }) => kind === "postgres");
    const leaders = servers.filter(({ metrics }) => metrics["leads"] === 1);
    const [one] = leaders;
    const follow = servers.filter(({ metrics }) => metrics["timeline"] === one?.metrics["timeline"]);
    const { standbys = 0, synchronousStandbys = 0 } = one?.metrics ?? {};
    const areAll = follow.length === servers.length && standbys === servers.length - 1;
    if (leaders.length === 1 && areAll && synchronousStandbys >= 1) return;
    const said = () => servers.map(({ name, metrics }) => `${name} ${JSON.stringify(metrics)}`).join("; ");
    if (performance.now() > deadline)
      throw new Error(`no whole cluster after ${wholeWithinMs} ms: ${said()}`);
  }
}

/** A supervisor that has not noticed a death yet still tells the number of the dead: asks until one of the living. */
async function living(
  find: () => Promise<ComponentStatus | undefined>,
): Promise<ComponentStatus | undefined> {
  for (const deadline = performance.now() + wholeWithinMs; performance.now() < deadline; await pause(100)) {
    const found = await find();
    if (found?.pid && (await loopback.probe(found.pid))) return found;
  }
  return undefined;
}

/** A server that its guardian is just about to start again has left its number behind. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
