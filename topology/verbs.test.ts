import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { diffOf, linesOf } from "./diff.ts";
import type { Component, Role, Topology } from "./model.ts";
import {
  add,
  cacheServer,
  firstStage,
  host,
  move,
  nextStage,
  remove,
  replace,
  road,
  route,
  type Step,
  split,
} from "./verbs.ts";

const hostNames = ["east", "west", "north"];
const names = ["a", "b", "c", "d", "e"];
const roles: readonly Role[] = ["cache", "http", "rpc"];

const part = (name: string, on = "east") => cacheServer("redis", name, { on, memoryMb: 64 });
const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);

/** Any topology whose roads end somewhere; whether it makes sense is the validator's question. */
const topologies = fc
  .record({
    places: fc.tuple(...names.map(() => oneOf(hostNames))),
    roads: fc.uniqueArray(fc.tuple(oneOf(names), oneOf(roles), oneOf(names)), {
      selector: (each) => each.join(" "),
      maxLength: 12,
    }),
  })
  .map(({ places, roads }) =>
    firstStage(1, "any", [
      add(...hostNames.map((name) => host(name))),
      add(...names.map((name, index) => part(name, places[index]))),
      add(...roads.map(([from, role, to]) => road(from, role, to))),
    ]),
  );

/** Any step that fits every topology above. */
const steps: fc.Arbitrary<Step> = fc.oneof(
  oneOf(names).map((name) => remove(name)),
  oneOf(names).map((name) => split(name, [part(`${name}-1`), part(`${name}-2`, "west")])),
  oneOf(names).map((name) => replace(name, part("new"))),
  fc.tuple(oneOf(names), oneOf(hostNames)).map(([name, to]) => move(name, to)),
  fc
    .tuple(oneOf(names), oneOf(roles), fc.uniqueArray(oneOf(names)))
    .map(([from, role, to]) => route(from, role, to)),
);

const apply = (topology: Topology, step: Step) => nextStage(2, "next", topology, [step]);

function assertEndsExist({ components, roads }: Topology): void {
  const known = components.map(({ name }) => name);
  for (const { from, to } of roads) {
    assert.ok(known.includes(from), `${from} of ${known}`);
    assert.ok(known.includes(to), `${to} of ${known}`);
  }
}

describe("the verbs", () => {
  it("leave no road that ends nowhere, and no road twice", () => {
    fc.assert(
      fc.property(topologies, steps, (topology, step) => {
        const after = apply(topology, step);
        assertEndsExist(after);
        assert.equal(new Set(linesOf(after)).size, linesOf(after).length);
      }),
    );
  });

  it("change nothing that they are given, and give the same again", () => {
    fc.assert(
      fc.property(topologies, steps, (topology, step) => {
        const before = structuredClone(topology);
        const after = apply(topology, step);
        assert.deepEqual(topology, before);
        assert.deepEqual(apply(topology, step), after);
      }),
    );
  });

  it("split keeps every road, for each part", () => {
    fc.assert(
      fc.property(topologies, oneOf(names), (topology, name) => {
        const parts = ["one", "two", "three"];
        const after = apply(topology, split(name, [part("one"), part("two"), part("three")]));
        const ends = (end: string) => (end === name ? parts : [end]);
        const expected = topology.roads.flatMap(({ from, role, to }) =>
          ends(from).flatMap((start) => ends(to).map((end) => `${start} ${role} ${end}`)),
        );
        assert.deepEqual(
          after.roads.map(({ from, role, to }) => `${from} ${role} ${to}`).sort(),
          expected.sort(),
        );
      }),
    );
  });

  it("route says all of a role, and nothing of another", () => {
    fc.assert(
      fc.property(topologies, oneOf(names), fc.uniqueArray(oneOf(names)), (topology, from, to) => {
        const after = apply(topology, route(from, "cache", to));
        const isRouted = ({ from: start, role }: { from: string; role: Role }) =>
          start === from && role === "cache";
        assert.deepEqual(
          after.roads.filter(isRouted).map((each) => each.to),
          to,
        );
        const others = topology.roads.filter((each) => !isRouted(each));
        assert.deepEqual(
          after.roads.filter((each) => !isRouted(each)),
          others,
        );
      }),
    );
  });

  it("route of some domains is taken back by route of the same, in whatever order", () => {
    const topology = firstStage(1, "two", [
      add(host("east"), part("a"), part("b")),
      route("a", "rpc", ["b"], ["shop", "order"]),
      route("a", "rpc", ["a"]),
      route("a", "rpc", [], ["order", "shop"]),
    ]);
    assert.deepEqual(topology.roads, [{ from: "a", role: "rpc", to: "a" }]);
  });

  it("give a value that nobody can change", () => {
    fc.assert(
      fc.property(topologies, steps, (topology, step) => {
        const after = apply(topology, step);
        for (const value of [after, after.hosts, after.components, ...after.components, ...after.roads]) {
          assert.ok(Object.isFrozen(value));
        }
      }),
    );
  });

  const good = firstStage(1, "good", [add(host("east"), part("a"), part("b"), road("a", "cache", "b"))]);
  const misfits: readonly [string, Step][] = [
    ['"east" is there already', add(host("east"))],
    ['"a" is there already', add(part("a"))],
    ["a cache b  is there already", add(road("a", "cache", "b"))],
    ['"east" still carries "a"', remove("east")],
    ['there is no "x" in good', remove("x")],
    ['there is no "x" in good', move("x", "east")],
    ['there is no "x" in good', replace("x", part("y"))],
    ['"b" is there already', replace("a", part("b"))],
    ['"b" is there already', split("a", [part("a"), part("b")])],
    ['"a" is split into parts of different names, one at least', split("a", [])],
    ['"a" is split into parts of different names, one at least', split("a", [part("c"), part("c")])],
  ];
  for (const [message, step] of misfits) {
    it(`refuse what does not fit: ${message}`, () => {
      assert.throws(() => apply(good, step), { message });
    });
  }
});

describe("the difference of two topologies", () => {
  it("is nothing where nothing differs", () => {
    fc.assert(fc.property(topologies, (topology) => assert.deepEqual(diffOf(topology, topology), [])));
  });

  it("makes one of the other", () => {
    fc.assert(
      fc.property(topologies, topologies, (one, other) => {
        const lines = new Set(linesOf(one));
        for (const line of diffOf(one, other)) {
          if (line.startsWith("- ")) assert.ok(lines.delete(line.slice(2)));
          else lines.add(line.slice(2));
        }
        assert.deepEqual([...lines].sort(), linesOf(other));
      }),
    );
  });

  it("says a changed trait as the old line and the new one", () => {
    const before = firstStage(1, "before", [add(host("east"), part("a"))]);
    const grown: Component = { ...part("a").component, memoryMb: 128 };
    assert.deepEqual(diffOf(before, apply(before, replace("a", { component: grown }))), [
      "- component a is redis on east, memoryMb 64",
      "+ component a is redis on east, memoryMb 128",
    ]);
  });
});
