import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { overlaps } from "./claim.ts";
import { keyOf, machineAddress, planOf, rangesFor, routerAddress, uplinkOf } from "./plan.ts";
import { small } from "./scratch-hosts.ts";

const at = { key: keyOf("/srv/data/shop"), range: "198.18.8" };

describe("the plan of an instance's hosts", () => {
  test("gives each an address of its own in its data centre's network", () => {
    const plan = planOf(at, [small("a"), small("b"), small("c", { dataCentre: "there" }), small("d")]);
    assert.deepEqual(
      plan.hosts.map(({ address }) => address),
      ["198.18.8.11", "198.18.8.12", "198.18.9.11", "198.18.8.13"],
    );
    const [here, there] = plan.centres;
    assert.ok(here && there);
    assert.equal(machineAddress(plan, here), "198.18.8.1");
    assert.equal(routerAddress(plan, there), "198.18.9.254");
  });

  test("leaves everybody where they are when others come and go", () => {
    const first = planOf(at, [small("a"), small("b"), small("c")]);
    const second = planOf(at, [small("c"), small("d"), small("b")], first);
    const address = (name: string) => second.hosts.find((each) => each.name === name)?.address;
    assert.deepEqual([address("b"), address("c")], ["198.18.8.12", "198.18.8.13"]);
    assert.equal(address("d"), "198.18.8.14", "what a host had that is going is not given away at once");
  });

  test("gives other addresses in another range", () => {
    const first = planOf(at, [small("a"), small("b")]);
    const [, moved] = planOf({ ...at, range: "198.19.0" }, [small("x"), small("b")], first).hosts;
    assert.equal(moved?.address, "198.19.0.12");
  });

  test("calls its interfaces by names that the kernel takes", () => {
    const plan = planOf(at, [small("a")]);
    for (const centre of plan.centres) assert.ok(uplinkOf(plan, centre).length <= 15);
  });

  test("says so where there is no more room", () => {
    const many = Array.from({ length: 241 }, (_, number) => small(`h${number}`));
    assert.throws(() => planOf(at, many), /at most 240 hosts/);
  });
});

describe("a range of addresses", () => {
  test("is tried in an order of the instance's own, and every one of them", () => {
    const [one, other] = [rangesFor(keyOf("/a")), rangesFor(keyOf("/b"))];
    assert.notEqual(one[0], other[0]);
    assert.deepEqual([...one].sort(), [...other].sort());
    assert.equal(new Set(one).size, 64);
  });

  test("meets a network that holds any of its addresses, and no other", () => {
    assert.ok(overlaps("198.18.8", "198.18.0.0/15"));
    assert.ok(overlaps("198.18.8", "198.18.15.7"));
    assert.ok(overlaps("198.18.8", "198.18.12.0/24"));
    assert.ok(!overlaps("198.18.8", "198.18.16.0/24"));
    assert.ok(!overlaps("198.18.8", "198.18.7.255"));
    assert.ok(!overlaps("198.18.8", "10.0.0.0/8"));
  });
});
