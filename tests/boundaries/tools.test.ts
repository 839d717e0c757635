import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readSample, sampleNames } from "./archive.ts";
import { makeRepository } from "./repository.ts";
import { program, run } from "./tools.ts";

// A tool counts only once its settings have been seen to catch something: each sample says what its tool must say.
describe("the tools' settings", () => {
  const clean = readSample("clean.txt").tree;

  for (const tool of sampleNames("tools"))
    test(`${tool} finds what its sample holds`, async () => {
      const { comment, tree } = readSample(`tools/${tool}.txt`);
      const [args = "", ...findings] = comment.split("\n");
      const { code, output } = await run(program(tool), args.split(" "), makeRepository(clean, tree));
      assert.notEqual(code, 0);
      const missed = findings.filter((finding) => !output.replace(/ {2,}/g, "  ").includes(finding));
      assert.deepEqual(missed, [], output);
    });

  test("a repository that keeps the rules passes", async () => {
    const { output } = await run(program("tsc"), ["--noEmit", "--pretty", "false"], makeRepository(clean));
    assert.equal(output, "");
  });
});
