import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { after, describe, test } from "node:test";
import type { Files } from "./api.ts";

const svg = (content: string) => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${content}</svg>`);

async function read(
  files: Files,
  url: string,
): Promise<{ type: string; size: number; bytes: Buffer } | undefined> {
  const file = await files.open(url.replace("/files/", ""));
  return file && { type: file.contentType, size: file.size, bytes: await buffer(file.stream) };
}

type Check = (files: Files, again: () => Promise<Files>) => Promise<void>;

const checks: Record<string, Check> = {
  "what is kept is read back, also by the next process": async (files, again) => {
    const bytes = svg("<path/>");
    const url = await files.put(bytes, "image/svg+xml");
    assert.match(url, /^\/files\/[0-9a-f]{64}\.svg$/);
    const expected = { type: "image/svg+xml", size: bytes.length, bytes };
    assert.deepEqual(await read(files, url), expected);
    assert.deepEqual(await read(await again(), url), expected);
  },

  "the same bytes have one address, other bytes or types another": async (files) => {
    const bytes = svg("<g/>");
    const urls = await Promise.all(Array.from({ length: 20 }, () => files.put(bytes, "image/svg+xml")));
    assert.equal(new Set(urls).size, 1);
    assert.notEqual(await files.put(svg("<g> </g>"), "image/svg+xml"), urls[0]);
    assert.notEqual(await files.put(bytes, "image/png"), urls[0]);
  },

  "nothing, and two megabytes, are kept like anything else": async (files) => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(2 ** 21, "Storey")]) {
      const url = await files.put(bytes, "image/png");
      assert.deepEqual(await read(files, url), { type: "image/png", size: bytes.length, bytes });
    }
  },

  "a file may be opened and never read": async (files) => {
    const url = await files.put(svg("<rect/>"), "image/svg+xml");
    const opened = await Promise.all(
      Array.from({ length: 2_000 }, () => files.open(url.replace("/files/", ""))),
    );
    assert.ok(opened.every((file) => file?.size === svg("<rect/>").length));
  },

  "what is not there, and what leads elsewhere, is not found": async (files) => {
    const url = await files.put(svg("<circle/>"), "image/svg+xml");
    const name = url.replace("/files/", "");
    const hash = name.slice(0, 64);
    const tricks = [
      ...["", ".", "..", "/", "incoming", "/etc/passwd", "../../../../etc/passwd", `../${name}`, `./${name}`],
      ...[
        `${hash.slice(0, 2)}/${name}`,
        `${name}/`,
        `${name}\0`,
        `${name}\0.png`,
        `${hash}.png`,
        hash,
        `${hash}.`,
      ],
      ...[
        name.toUpperCase(),
        ` ${name}`,
        `${name}\n`,
        `%2e%2e%2f${name}`,
        "0".repeat(64),
        `${"0".repeat(64)}.svg`,
      ],
      ...[`${hash}.constructor`, `${hash}.__proto__`, "..\\..\\secret.svg", `${"../".repeat(20)}etc/passwd`],
    ];
    for (const trick of tricks) assert.equal(await files.open(trick), undefined, JSON.stringify(trick));
    assert.ok(await files.open(name));
  },

  "what is no picture is not kept": async (files) => {
    for (const type of ["text/html", "application/javascript", "", "toString"]) {
      await assert.rejects(files.put(Buffer.from("<script>"), type as "image/png"), /are not kept/, type);
    }
  },
};

/** What every driver of the port does: run it on the real thing. `again` opens anew what `files` wrote. */
export function conformsAsFiles(
  driver: string,
  open: () => Promise<{ files: Files; again(): Promise<Files>; close(): Promise<void> }>,
): void {
  describe(`files on ${driver}`, async () => {
    const { files, again, close } = await open();
    after(close);
    for (const [name, check] of Object.entries(checks)) test(name, () => check(files, again));
  });
}
