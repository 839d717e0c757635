import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import type { Release } from "./application/release.ts";
import type { Running } from "./component.ts";
import type { Launched } from "./launch.ts";
import { proxyTopology } from "./proxy-stage.ts";
import { type Rolled, roll } from "./roll.ts";

/** What a release is good for: who comes, what they are answered, how long that takes, and whether it is ready. */
interface Character {
  readonly status?: number;
  /** Answers given between two looks of whoever watches. */
  readonly asked?: number;
  readonly msEach?: number;
  /** What its first answers took besides. */
  readonly coldMs?: number;
  readonly ailment?: string;
  readonly startsNever?: true;
}

/** Two applications that do nothing but have numbers, before which the real roll is done. */
async function openApplications(characters: Readonly<Record<string, Character>>) {
  const topology = proxyTopology("nginx", ["app-1", "app-2"]);
  const versions = new Map<string, string>();
  const servers = new Map<string, Server>();
  const history: string[] = [];
  const start = async (name: string): Promise<Running> => {
    const version = versions.get(name) ?? "old";
    const character = characters[version] ?? {};
    history.push(`${name} ${version}`);
    if (character.startsNever) throw new Error("it ended at once");
    const { status = 200, asked = 0, msEach = 5, coldMs = 0 } = character;
    let requests = 0;
    const server = createServer((request, response) => {
      if (request.url !== "/metrics") return response.writeHead(status).end();
      requests += asked;
      const labels = `{route="/cart",status="${status}"}`;
      const seconds = (coldMs + requests * msEach) / 1_000;
      return response.end(
        `storey_http_request_seconds_count${labels} ${requests}\nstorey_http_request_seconds_sum${labels} ${seconds}\n`,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    servers.set(name, server);
    return running(name);
  };
  const running = (name: string) =>
    ({ ailment: async () => characters[versions.get(name) ?? "old"]?.ailment }) as unknown as Running;
  const stopOne = async (name: string) => {
    servers.get(name)?.closeAllConnections();
    servers.get(name)?.close();
    servers.delete(name);
  };
  await start("app-1");
  await start("app-2");
  const release = (version: string) => ({ version, directory: `/releases/${version}` }) as Release;
  return {
    history,
    to: (version: string, watchMs = 1_200): Promise<Rolled> =>
      roll({
        launched: {
          ...{ topology, running, start, stopOne },
          find: (name) => (name.startsWith("app-") ? running(name) : undefined),
          stop: async () => undefined,
        } satisfies Launched,
        watch: { aside: (_, work) => work(), stop: async () => undefined },
        urlOf: (name) => `http://127.0.0.1:${(servers.get(name)?.address() as AddressInfo)?.port}`,
        token: "",
        use: (name, { version }) => void versions.set(name, version),
        from: release("old"),
        to: release(version),
        watchMs,
        say: () => undefined,
      }),
    [Symbol.asyncDispose]: async () => {
      for (const name of [...servers.keys()]) await stopOne(name);
    },
  };
}

const before = ["app-1 old", "app-2 old"];

describe("another release", () => {
  test("that is well replaces one application after the other, also a little slower one", async () => {
    await using shop = await openApplications({
      old: { asked: 30, msEach: 40 },
      new: { asked: 30, msEach: 80 },
    });
    assert.deepEqual(await shop.to("new"), { rolled: true });
    assert.deepEqual(shop.history, [...before, "app-1 new", "app-2 new"]);
  });

  const taken: readonly (readonly [string, Character, RegExp])[] = [
    ["does not start", { startsNever: true }, /^it did not start: it ended at once/],
    ["is not ready", { ailment: "answers 503 when asked how it is" }, /^answers 503 when asked/],
    ["fails whoever asks", { asked: 30, status: 500 }, /^100\.0 % of \d+ answers were failures/],
    ["is much slower", { asked: 30, msEach: 400 }, /^an answer takes 400 ms, and took 5 ms before/],
    ["is broken while nobody asks", { status: 500 }, /^it answers 500 to \/$/],
  ];
  for (const [what, character, reason] of taken) {
    test(`that ${what} is taken back by itself, before the second one is replaced`, async () => {
      await using shop = await openApplications({ old: { asked: 30 }, new: character });
      const outcome = await shop.to("new");
      assert.ok(!outcome.rolled);
      assert.match(outcome.reason, reason);
      assert.deepEqual(shop.history, [...before, "app-1 new", "app-1 old"]);
    });
  }

  test("that is broken is taken back also where there was hardly time to look", async () => {
    await using shop = await openApplications({ new: { status: 500 } });
    assert.deepEqual(await shop.to("new", 1), { rolled: false, reason: "it answers 500 to /" });
  });

  test("whose first answers take long stays", async () => {
    await using shop = await openApplications({ old: { asked: 30 }, new: { asked: 30, coldMs: 60_000 } });
    assert.deepEqual(await shop.to("new"), { rolled: true });
  });

  test("that is overloaded for a moment stays", async () => {
    await using shop = await openApplications({ new: { status: 503 } });
    assert.deepEqual(await shop.to("new"), { rolled: true });
  });
});
