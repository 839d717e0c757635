import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readReplicas } from "#stages/05-read-replicas";
import { stages } from "#stages/all";
import { writeTopology } from "./draw/text.ts";
import { drawTopology } from "./draw.ts";
import type { Topology } from "./model.ts";
import { add, cacheServer, firstStage, host, nextStage, remove, road } from "./verbs.ts";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const numberOf = (tag: string, name: string) => Number(new RegExp(` ${name}="([-\\d.]+)"`).exec(tag)?.[1]);
const boxOf = (tag: string): Box => ({
  x: numberOf(tag, "x"),
  y: numberOf(tag, "y"),
  width: numberOf(tag, "width"),
  height: numberOf(tag, "height"),
});
/** The first rectangle in each group of a class. */
const boxesOf = (svg: string, name: string) =>
  [...svg.matchAll(new RegExp(`<g class="${name}[^>]*>(?:<title>[^<]*</title>)?(<rect[^>]*>)`, "g"))].map(
    ([, tag]) => boxOf(tag ?? ""),
  );

const overlap = (one: Box, other: Box) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

function assertReadable(topology: Topology, width: number): void {
  const svg = drawTopology(topology, { width });
  const paper = boxOf(svg.slice(0, svg.indexOf(">")).replace("<svg", '<svg x="0" y="0"'));
  const [hosts, cards] = [boxesOf(svg, "host"), boxesOf(svg, "card")];
  const carrying = topology.hosts.filter(({ name }) =>
    topology.components.some((each) => each.host === name),
  );
  assert.equal(hosts.length, carrying.length);
  assert.equal(cards.length, topology.components.length);
  for (const boxes of [hosts, cards]) {
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) assert.ok(!overlap(one, other), "two boxes overlap");
      assert.ok(one.x >= 0 && one.x + one.width <= paper.width, "a box is beside the paper");
      assert.ok(one.y >= 0 && one.y + one.height <= paper.height, "a box is below the paper");
    }
  }
  for (const { from, to } of topology.roads) {
    assert.ok(svg.includes(`data-from="${from}" data-to="${to}"`), `${from} to ${to} is not drawn`);
  }
}

/** Any machines in one to three data centres with any roads between what they carry. */
const topologies = fc
  .record({
    centres: fc.array(fc.constantFrom("here", "there", "elsewhere"), { minLength: 1, maxLength: 12 }),
    places: fc.array(fc.nat(11), { minLength: 1, maxLength: 16 }),
    roads: fc.uniqueArray(fc.tuple(fc.nat(15), fc.nat(15)), {
      selector: (each) => each.join(),
      maxLength: 25,
    }),
  })
  .map(({ centres, places, roads }) =>
    firstStage(1, "any", [
      add(...centres.map((centre, index) => host(`host-${index}`, centre))),
      add(
        ...places.map((place, index) =>
          cacheServer("redis", `redis-${index}`, {
            on: `host-${place % centres.length}`,
            slot: index,
            memoryMb: 1,
          }),
        ),
      ),
      add(
        ...roads
          .filter(([from, to]) => from < places.length && to < places.length)
          .map(([from, to]) => road(`redis-${from}`, "cache", `redis-${to}`)),
      ),
    ]),
  );

describe("the picture of a topology", () => {
  for (const topology of stages) {
    for (const width of [1440, 390]) {
      it(`shows all of stage ${topology.stage} at ${width} pixels, nothing over anything`, () => {
        assertReadable(topology, width);
      });
    }
  }

  it("shows all of whatever there is, nothing over anything", () => {
    fc.assert(
      fc.property(topologies, fc.constantFrom(390, 1440), (topology, width) =>
        assertReadable(topology, width),
      ),
    );
  });

  it("is as wide as a phone where it must be", () => {
    assert.match(drawTopology(readReplicas, { width: 390 }), /^<svg [^>]*width="390"/);
  });

  it("marks what is new, what moved and what changed, and nothing else", () => {
    const tags = (before: Topology, after: Topology) =>
      [...drawTopology(after, { before }).matchAll(/data-component="([^"]+)".*?<\/g>/g)].flatMap(
        ([group, name]) => [...group.matchAll(/>(new|moved|changed)</g)].map(([, tag]) => `${name} ${tag}`),
      );
    const [, separate, cached, proxied] = stages;
    assert.ok(separate && cached && proxied);
    assert.deepEqual(tags(separate, cached), ["app changed", "redis new"]);
    assert.deepEqual(tags(cached, proxied).sort(), [
      "app-1 new",
      "app-2 new",
      "files new",
      "proxy new",
      "redis moved",
    ]);
    assert.deepEqual(tags(cached, cached), []);
  });

  it("is text that cannot break out of its elements", () => {
    const svg = drawTopology(readReplicas, { caption: 'a <b> & "c"' });
    assert.ok(svg.includes("a &lt;b&gt; &amp; &quot;c&quot;"));
  });

  it("can leave its style to a page", () => {
    assert.ok(drawTopology(readReplicas).includes("<style>"));
    assert.ok(!drawTopology(readReplicas, { bare: true }).includes("<style>"));
  });
});

describe("a topology in a terminal", () => {
  it("names every host and component in 100 columns", () => {
    for (const topology of stages) {
      const text = writeTopology(topology);
      for (const { name } of topology.components) assert.match(text, new RegExp(`│ ${name} `));
      for (const { name } of topology.hosts) assert.ok(text.includes(`┌ ${name} `));
      for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
    }
  });

  it("is what it says", () => {
    const two = nextStage(2, "two-places", readReplicas, [
      ...readReplicas.components.filter(({ name }) => name !== "app-1").map(({ name }) => remove(name)),
      ...readReplicas.hosts.filter(({ name }) => name !== "shop").map(({ name }) => remove(name)),
      add(host("far", "there"), cacheServer("redis", "redis", { on: "far", memoryMb: 64 })),
      add(road("outside", "entrance", "app-1"), road("app-1", "cache", "redis")),
    ]);
    assert.equal(
      writeTopology(two),
      [
        "Two places, stage 2 of 15: 2 machines, 2 processes",
        "",
        "   ↓ entrance     outside → app-1",
        "┌ shop (here) ─────────────┐",
        "│ app-1  whole shop, cache │",
        "└──────────────────────────┘",
        "   ↓ cache        app-1 → redis",
        "┌ far (there) ────────┐",
        "│ redis  Redis, 64 MB │",
        "└─────────────────────┘",
        "",
      ].join("\n"),
    );
  });
});
