import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { accountDoor } from "#domains/account/api";
import { fieldsOf, problemsOf, safePath, sentForm } from "./form.ts";

test("after signing in one goes on within this shop only", () => {
  for (const path of ["/", "/checkout", "/c/lamps?sort=price&a=Colour%3ARed", "/p/038tf2n4dc1zx/lamp"])
    assert.equal(safePath(path), path);
  const foreign = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "",
    "/\t/evil.example",
  ];
  for (const path of [...foreign, null, undefined, `/${"a".repeat(3_000)}`])
    assert.equal(safePath(path), "/");
});

test("no path leads to another host", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((text) => `/${text}`),
      ),
      (path) => {
        assert.equal(new URL(safePath(path), "http://shop.example").host, "shop.example");
      },
    ),
  );
});

test("what a door refuses is said field by field, and a missing field is one of them", () => {
  const { input } = accountDoor.operations.register;
  const messages = { name: "Name?", email: "E-mail?", password: "Longer." };
  assert.deepEqual(problemsOf(input, { email: "x", password: "short" }, messages), messages);
  assert.deepEqual(
    problemsOf(input, { name: "Ada", email: "ada@example.com", password: "long enough" }, messages),
    {},
  );
});

test("fields are trimmed and empty ones left out; a password never comes back", () => {
  const form = new URLSearchParams({ name: "  Ada ", line2: " ", password: "secret" });
  assert.deepEqual(fieldsOf(form, ["name", "line2", "city"]), { name: "Ada" });
  assert.deepEqual(sentForm({ email: "a@b.example", password: "secret" }, {}).values, {
    email: "a@b.example",
  });
});
