import { join } from "node:path";
import { test } from "node:test";
import { matchesGolden } from "../golden.ts";
import { conformsAsProxy } from "../proxy.conformance.ts";
import { need } from "./haproxy.ts";
import { haproxySettings } from "./settings.ts";

test("its settings are those of the golden file", () => {
  const settings = haproxySettings({
    listen: { host: "127.0.0.1", port: 8080 },
    status: { host: "127.0.0.1", port: 8081 },
    directory: "/shop/proxy",
    upstreams: [
      { name: "app-1", host: "127.0.0.1", port: 3001 },
      { name: "app-2", host: "127.0.0.1", port: 3002 },
    ],
    files: { host: "127.0.0.1", port: 3003 },
    cachesPages: true,
    password: "golden",
    inner: { host: "127.0.0.1", port: 8082 },
    socket: "/shop/proxy/admin",
  });
  matchesGolden(join(import.meta.dirname, "golden/haproxy.cfg"), settings);
});

conformsAsProxy("haproxy", need);
