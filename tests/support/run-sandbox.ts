import fastify from "fastify";
import { sandbox } from "#apps/sandbox/sandbox";
import { systemClock } from "#kernel/clock";
import { openPg } from "#platform/database/drivers/pg";
import { testPassword } from "./server.ts";

/** A sandbox in a process of its own, to be killed: `node run-sandbox.ts SETTINGS`, prints its address. */
const { host, port, database, key, callbackUrl, usual } = JSON.parse(process.argv[2] ?? "{}");
const pg = openPg({
  host,
  port,
  database,
  domains: ["sandbox"],
  password: testPassword,
  connections: 4,
  statementTimeoutMs: 10_000,
  log: () => undefined,
});
const app = fastify();
const delaysMs = { usual, late: usual[1], doubledPercent: 0 };
const log = () => undefined;
const store = pg.store("sandbox");
await app.register(sandbox({ store, clock: systemClock, key, callbackUrl, delaysMs, log }));
console.log(await app.listen({ host: "127.0.0.1", port: 0 }));
