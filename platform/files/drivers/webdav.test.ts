import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { files as component } from "#launcher/files/files";
import { need } from "#launcher/nginx/binary";
import { whyMissing } from "#launcher/program";
import { makeScratchSites } from "#launcher/scratch-site";
import { ofKind } from "#topology/model";
import { add, fileServer, firstStage, host } from "#topology/verbs";
import { conformsAsFiles } from "../conformance.ts";
import { openWebdav } from "./webdav.ts";

const skip = whyMissing(need);
const topology = firstStage(4, "files", [add(host("disk"), fileServer("files", { on: "disk" }))]);

async function openComponent() {
  const sites = await makeScratchSites(topology);
  const [server] = ofKind(topology, "files");
  assert.ok(server);
  const site = sites.siteOf(server);
  const start = () => component.start(server, site);
  const open = () => openWebdav({ ...site.endpoint("files"), token: site.secret("files") });
  return { sites, site, open, running: await start(), start };
}

if (!skip)
  conformsAsFiles("a component", async () => {
    const { sites, open } = await openComponent();
    return { files: open(), again: async () => open(), close: async () => sites[Symbol.asyncDispose]() };
  });

describe("a component for files", { skip }, () => {
  test("takes files from those who have the token, and sends them so that nothing in them runs", async () => {
    const { sites, site, open, running } = await openComponent();
    await using _ = sites;
    const { host: address, port } = site.endpoint("files");
    const stranger = openWebdav({ host: address, port, token: site.secret("files").toUpperCase() });
    const bytes = Buffer.from("<svg/>");
    await assert.rejects(stranger.put(bytes, "image/svg+xml"), /answered 403 to PUT/);
    const url = await open().put(bytes, "image/svg+xml");
    const got = await fetch(`http://${address}:${port}${url}`);
    assert.equal(await got.text(), "<svg/>");
    assert.equal(got.headers.get("content-type"), "image/svg+xml");
    assert.match(got.headers.get("content-security-policy") ?? "", /default-src 'none'.*sandbox/);
    assert.equal(got.headers.get("x-content-type-options"), "nosniff");
    assert.match(got.headers.get("cache-control") ?? "", /immutable/);
    for (const [method, status] of [
      ["DELETE", 403],
      ["MOVE", 403],
      ["POST", 403],
    ] as const) {
      assert.equal((await fetch(`http://${address}:${port}${url}`, { method })).status, status, method);
    }
    assert.equal((await fetch(`http://${address}:${port}/files/../nginx.conf`)).status, 404);
    assert.equal(await running.ailment(), undefined);
    assert.ok(((await running.metrics())["requests"] ?? 0) > 5);
  });

  test("what was kept is there after it was killed, and asking while it starts again is no fault", async () => {
    const { sites, site, open, running, start } = await openComponent();
    await using _ = sites;
    const files = open();
    const bytes = Buffer.alloc(200_000, "Storey");
    const name = (await files.put(bytes, "image/png")).replace("/files/", "");
    process.kill(running.process.pid, "SIGKILL");
    while (await site.host.probe(running.process.pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    const [again, file] = await Promise.all([start(), files.open(name)]);
    assert.equal(again.adopted, false);
    assert.deepEqual(file && (await buffer(file.stream)), bytes);
    await again.stop();
    await assert.rejects(files.open(name), /ECONNREFUSED/);
  });
});
