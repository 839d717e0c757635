import { join } from "node:path";
import { test } from "node:test";
import { matchesGolden } from "../golden.ts";
import { conformsAsProxy } from "../proxy.conformance.ts";
import { need } from "./binary.ts";
import { nginxSettings } from "./settings.ts";

test("its settings are those of the golden file", () => {
  const settings = nginxSettings({
    listen: { host: "127.0.0.1", port: 8080 },
    status: { host: "127.0.0.1", port: 8081 },
    directory: "/shop/proxy",
    upstreams: [
      { name: "app-1", host: "127.0.0.1", port: 3001 },
      { name: "app-2", host: "127.0.0.1", port: 3002 },
    ],
    files: { host: "127.0.0.1", port: 3003 },
    cachesPages: true,
  });
  matchesGolden(join(import.meta.dirname, "golden/nginx.conf"), settings);
});

conformsAsProxy("nginx", need);
