import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readRepository, readSample, sampleNames } from "./archive.ts";
import type { Offence } from "./tidy/rule.ts";
import { rules } from "./tidy/rules.ts";
import { root } from "./tools.ts";

const say = ({ path, line, what }: Offence) => `${path}:${line} ${what}`;

describe("tidy rules", () => {
  const clean = readSample("clean.txt").tree;
  const repository = readRepository(root);

  for (const { name, instead, check } of rules) {
    test(`${name}: the repository keeps it`, () => {
      const offences = check(repository).map(say);
      assert.ok(offences.length === 0, `${offences.join("\n")}\n${instead}`);
    });

    test(`${name} fires on its sample, and nothing else does`, () => {
      const { comment, tree } = readSample(`tidy/${name}.txt`);
      const overlaid = new Map([...clean, ...tree]);
      const fired = rules.filter((rule) => rule.check(overlaid).length > 0).map((rule) => rule.name);
      assert.deepEqual(fired, [name]);
      assert.deepEqual(check(overlaid).map(say), comment.split("\n"));
    });
  }

  test("every sample belongs to a rule", () => {
    assert.deepEqual(sampleNames("tidy"), rules.map(({ name }) => name).sort());
  });

  test("a repository that keeps the rules passes", () => {
    for (const { name, check } of rules) assert.deepEqual(check(clean).map(say), [], name);
  });
});
