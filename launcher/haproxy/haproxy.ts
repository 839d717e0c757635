import { createConnection } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { at } from "#topology/address";
import { ailmentAt, answerOf } from "../answer.ts";
import type { Driver, Running, Site } from "../component.ts";
import { startDaemon } from "../daemon.ts";
import { mayListen, putPem } from "../outside.ts";
import type { Need } from "../packages.ts";
import { openSocketDirectory } from "../postgres/socket-directory.ts";
import { onPath, programOf } from "../program.ts";
import { type ProxyPlace, portsOf, proxyLimits, proxyPlace, proxyPorts, refuseAlone } from "../proxy.ts";
import { haproxySettings } from "./settings.ts";

export const need: Need = { name: "HAProxy", anyOf: onPath("haproxy"), packages: ["haproxy"] };

/** The other proxy before the applications: it asks them itself whether they are ready. */
export const haproxy: Driver<"haproxy"> = {
  kind: "haproxy",
  ports: [...proxyPorts, "inner"],
  need: () => need,
  // 141 MB with both caches, idle or not, taken once: it takes the memory of its caches when it starts.
  memoryMb: ({ cachesPages }) => 24 + 64 + (cachesPages ? 64 : 0),
  start: async ({ cachesPages }, site) => {
    const { directory, account, host } = site;
    const pemFile = site.tls && (await putPem(site, site.tls.pem()));
    const place = proxyPlace(site, cachesPages, pemFile);
    const program = await programOf(host, need);
    const socket = join(
      site.tls ? await openSocketDirectory(host, { dataDir: directory, account }) : directory,
      "admin",
    );
    const settings = join(directory, "haproxy.cfg");
    const healthy = `http://${at(place.status)}/healthz`;
    const daemon = await startDaemon({
      site,
      files: {
        [settings]: haproxySettings({
          ...place,
          password: passwordOf(site),
          inner: site.endpoint("inner"),
          socket,
        }),
      },
      command: mayListen({ program, args: ["-db", "-f", settings], directory, account }, portsOf(place)),
      isReady: async () => (await ailmentAt(healthy)) === undefined,
      readyWithinMs: 10_000,
      // Takes no new connections and ends what it began; SIGTERM would cut that off.
      stopSignal: "SIGUSR1",
      stopWithinMs: (proxyLimits.answerSeconds + 3) * 1_000,
      account,
    });
    const renew = async (pem: string) => showAnother(socket, await putPem(site, pem), pem);
    if (daemon.adopted && site.tls) await renew(site.tls.pem());
    // Who was left out by a launcher that is gone would stay so for ever.
    if (daemon.adopted) await leaveOut(site, place, undefined);
    const said = await host.run({ program, args: ["-v"] }, 5_000);
    return {
      ...daemon,
      version: /version (\d[\d.]*)/i.exec(said.stdout)?.[1] ?? "unknown",
      ailment: () => ailmentAt(healthy),
      ...(site.tls ? { renew } : {}),
      metrics: () => rowsOf(site).then(numbersOf, () => ({})),
      leaveOut: async (name) => {
        refuseAlone(place, name);
        await leaveOut(site, place, name);
      },
    } satisfies Running;
  },
};

/** Says it through its socket, where an answer ends with the connection. Throws in its own words. */
async function showAnother(socket: string, pemFile: string, pem: string): Promise<void> {
  const said = await tellSocket(socket, `set ssl cert ${pemFile} <<\n${pem}\n`);
  if (!/Transaction (?:created|updated)/.test(said)) throw new Error(said.trim());
  const done = await tellSocket(socket, `commit ssl cert ${pemFile}\n`);
  if (!done.includes("Success")) throw new Error(done.trim());
}

async function tellSocket(path: string, words: string): Promise<string> {
  const socket = createConnection({ path });
  socket.setTimeout(5_000, () => socket.destroy(new Error("HAProxy does not answer at its socket")));
  socket.end(words);
  return text(socket);
}

/** Its page of statistics knows one password in the clear, so it is one that opens nothing else. */
const passwordOf = (site: Site) => site.secret(`haproxy ${site.name}`);

const authorizationOf = (site: Site) => ({
  authorization: `Basic ${Buffer.from(`launcher:${passwordOf(site)}`).toString("base64")}`,
});

/** Returns when what the one left out had in work is answered, after as long as an answer may take at most. */
async function leaveOut(site: Site, place: ProxyPlace, name: string | undefined): Promise<void> {
  for (const each of place.upstreams) {
    await set(site, each.name, each.name === name ? "drain" : "ready");
  }
  const deadline = performance.now() + proxyLimits.answerSeconds * 1_000;
  while (name !== undefined && (await inWork(site, name)) > 0 && performance.now() < deadline)
    await pause(20);
}

async function set(site: Site, server: string, action: "drain" | "ready"): Promise<void> {
  const { status, text } = await answerOf(`http://${at(site.endpoint("status"))}/status`, {
    method: "POST",
    body: new URLSearchParams({ s: server, action, b: "reads" }).toString(),
    headers: { ...authorizationOf(site), "content-type": "application/x-www-form-urlencoded" },
  });
  // It answers by sending a browser back to the page, with a word for what came of it.
  if (status !== 303)
    throw new Error(`${site.name} answers ${status} when told to ${action} ${server}: ${text}`);
}

async function inWork(site: Site, server: string): Promise<number> {
  const rows = await rowsOf(site);
  return rows.filter((row) => row["svname"] === server).reduce((sum, row) => sum + Number(row["scur"]), 0);
}

/** Its own statistics: a row for each frontend, backend and server. */
async function rowsOf(site: Site): Promise<Record<string, string>[]> {
  const url = `http://${at(site.endpoint("status"))}/status;csv`;
  const { text } = await answerOf(url, { headers: authorizationOf(site) });
  const [head = "", ...lines] = text.replace(/^# /, "").trim().split("\n");
  const names = head.split(",");
  return lines.map((line) => {
    const fields = line.split(",");
    return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? ""]));
  });
}

function numbersOf(rows: readonly Record<string, string>[]): Record<string, number> {
  const shop = rows.find((row) => row["pxname"] === "shop" && row["svname"] === "FRONTEND") ?? {};
  const backends = rows.filter((row) => row["svname"] === "BACKEND");
  const sum = (field: string) => backends.reduce((total, row) => total + Number(row[field] ?? 0), 0);
  return {
    connections: Number(shop["scur"] ?? 0),
    requests: Number(shop["req_tot"] ?? 0),
    refused: Number(shop["dreq"] ?? 0),
    failed: sum("econ") + sum("eresp"),
    repeated: sum("wretr") + sum("wredis"),
    queued: sum("qcur"),
    kept: sum("cache_hits"),
  };
}
