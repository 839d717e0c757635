import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { openShop } from "#tests/support/shop";
import { checkout } from "./instance.ts";

const shop = await openShop({ limits: { perClientPerMinute: 3 } });
after(() => shop.close());

test("says in a sentence what it cannot measure: an empty shop, and one that limits its clients", async () => {
  const args = ["load", "browse", "--url", shop.url, "--seconds", "1", "--raw-seconds", "0", "--json"];
  const refusal = async () => {
    const { code, stderr } = (await promisify(execFile)("./storey", args, { cwd: checkout }).then(
      () => assert.fail("it was measured"),
      (error: unknown) => error,
    )) as { code: number; stderr: string };
    assert.equal(code, 1);
    return JSON.parse(stderr) as { code: string; message: string };
  };
  assert.equal((await refusal()).code, "load.nothing_sold");
  while ((await fetch(`${shop.url}/api/v1/categories`)).status === 200);
  const { code, message } = await refusal();
  assert.equal(code, "load.limited");
  assert.match(message, /--client-limit 100000000/);
});
