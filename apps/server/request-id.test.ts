import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { requestIds } from "./request-id.ts";

const from = (remoteAddress: string, id?: string | string[]) =>
  ({ headers: id === undefined ? {} : { "x-request-id": id }, socket: { remoteAddress } }) as IncomingMessage;
const own = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

test("a proxy that is trusted names a request, by its address, its network or the name of that", () => {
  const idOf = requestIds(["192.0.2.7", "198.51.100.0/24", "2001:db8::/32", "loopback"]);
  const trusted = ["192.0.2.7", "::ffff:192.0.2.7", "198.51.100.9", "2001:db8::1", "127.0.0.1", "::1"];
  for (const address of trusted) assert.equal(idOf(from(address, "a-request-1")), "a-request-1", address);
  for (const address of ["192.0.2.8", "198.51.101.1", "2001:db9::1", "::ffff:192.0.2.8"]) {
    assert.match(idOf(from(address, "a-request-1")), own, address);
  }
});

test("nobody is trusted unless it was said", () => {
  assert.match(requestIds([])(from("127.0.0.1", "a-request-1")), own);
});

test("what is no name is not taken, and nobody gets the same one twice", () => {
  const idOf = requestIds(["loopback"]);
  const odd = [
    "",
    "short",
    "x".repeat(65),
    "two words",
    'a"quote-here',
    "a\nline-here",
    "a;b;c;d;e;f",
    ["a-request-1"],
  ];
  for (const id of [undefined, ...odd]) assert.match(idOf(from("127.0.0.1", id)), own, String(id));
  assert.notEqual(idOf(from("127.0.0.1")), idOf(from("127.0.0.1")));
});
