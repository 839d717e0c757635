import { join } from "node:path";
import { test } from "node:test";
import { matchesGolden } from "../golden.ts";
import { filesSettings } from "./settings.ts";

// What it does is said by platform/files/conformance.ts, which runs on it (platform/files/drivers/webdav.test.ts).
test("its settings are those of the golden file", () => {
  const settings = filesSettings({
    listen: { host: "127.0.0.1", port: 8090 },
    directory: "/shop/files",
    token: "golden",
  });
  matchesGolden(join(import.meta.dirname, "golden/nginx.conf"), settings);
});
