import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { endpointsFile } from "#launcher/endpoints";
import {
  answerAt,
  heardFrom,
  makeScratchHosts,
  type ScratchHosts,
  small,
  whyNoHosts,
} from "#launcher/hosts/scratch-hosts";
import { writeJson } from "#launcher/json-file";
import type { Faulty } from "./fault.ts";
import { switches } from "./switches.ts";

/** The hosts of stage 2, with a server where its application listens. */
async function makePlace(): Promise<ScratchHosts & { instance: Faulty }> {
  const scratch = await makeScratchHosts([small("shop"), small("data")]);
  const { directory, hosts } = scratch;
  const shop = hosts.host("shop");
  await mkdir(join(directory, "run"), { recursive: true });
  const endpoints = {
    "supervisor control": { host: hosts.machineAddress, port: 1 },
    "app http": { host: shop.address, port: 8000 },
  };
  await writeJson(endpointsFile(directory), endpoints, 0o600);
  await answerAt(shop, directory);
  const instance = { name: "scratch", directory, stage: 2, secret: () => "", superuserPassword: "" };
  return { ...scratch, instance };
}

/** Turns one switch; what ends it. */
async function turn(instance: Faulty, name: string, on: string, grade = 0): Promise<() => Promise<void>> {
  const found = switches.find((each) => each.name === name);
  assert.ok(found);
  assert.equal(await found.whyNot?.(instance), undefined);
  assert.ok((await found.targets(instance)).includes(on));
  const wanted = { name: found.name, on, grade };
  await found.begin(instance, wanted, async () => undefined);
  return async () => found.end?.(instance, wanted, {});
}

describe("faults of hosts that are apart", { skip: await whyNoHosts() }, () => {
  test("a host is frozen, cut off, deaf, mute, slow, and well again; killed, all that ran there is gone", async () => {
    await using place = await makePlace();
    const { instance, hosts, directory } = place;
    const shop = hosts.host("shop");
    const silent: readonly (readonly [string, number])[] = [
      ["freeze", 0],
      ["cut-off", 0],
      ["one-way", 1],
      ["one-way", 2],
    ];
    for (const [name, grade] of silent) {
      const end = await turn(instance, name, "shop", grade);
      assert.equal(await heardFrom(shop, 400), "", name);
      await end();
      assert.equal(await heardFrom(shop, 5_000), "shop", name);
    }
    await (await turn(instance, "slow-link", "shop", 64))();
    const lift = await turn(instance, "slow-disk", "shop", 64);
    const seconds = async () => {
      const before = performance.now();
      const args = ["if=/dev/zero", `of=${directory}/filled`, "bs=32k", "count=3", "oflag=direct"];
      await shop.run({ program: "/bin/dd", args }, 60_000);
      return (performance.now() - before) / 1000;
    };
    const slow = await seconds();
    await lift();
    const usual = await seconds();
    assert.ok(slow > 1 && slow > usual, `96 kB took ${slow} s at 64 kB/s, and ${usual} s`);
    await turn(instance, "kill", "shop");
    assert.equal(await heardFrom(shop, 1_000), "");
  });

  test("so many of a hundred questions find their connection reset", async (t) => {
    await using place = await makePlace();
    const { instance, hosts } = place;
    const errors = switches.find(({ name }) => name === "errors");
    const why = await errors?.whyNot?.(instance);
    if (why) {
      // Said, not faked.
      assert.equal(why.code, "fault.cannot");
      assert.match(why.message, /apt-get install nftables/);
      return t.diagnostic(why.message);
    }
    const shop = hosts.host("shop");
    const refusedOf = async (questions: number) => {
      let refused = 0;
      for (let at = 0; at < questions; at += 1) if ((await heardFrom(shop, 5_000)) === "") refused += 1;
      return refused;
    };
    const end = await turn(instance, "errors", "app", 50);
    const refused = await refusedOf(100);
    t.diagnostic(`${refused} of 100 were reset`);
    assert.ok(refused > 25 && refused < 75, `${refused} of 100`);
    await end();
    assert.equal(await refusedOf(20), 0);
    await (await turn(instance, "errors", "app", 0.1))();
    const endAll = await turn(instance, "errors", "app", 100);
    assert.equal(await refusedOf(5), 5);
    await endAll();
    assert.equal(await refusedOf(5), 0);
  });
});
