import { spawn } from "node:child_process";
import { serverForChildren, startTestServer } from "./support/server.ts";

/**
 * Runs test files on one database server that they share, each with databases of its own on it. Two files at a time:
 * most of them wait for servers.
 */
const server = await startTestServer();
const args = [
  "--test",
  "--test-concurrency=2",
  "--import",
  "./tests/support/seed.ts",
  ...process.argv.slice(2),
];
const runner = spawn(process.execPath, args, {
  stdio: "inherit",
  env: { ...process.env, ...serverForChildren(server) },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => runner.kill(signal));
process.exitCode = await new Promise<number>((resolve) => runner.once("exit", (code) => resolve(code ?? 1)));
await server.stop();
