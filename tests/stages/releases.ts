import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const checkout = join(import.meta.dirname, "../..");

/** A release of its own: everything the checkout holds, under another version. Packages are shared. */
export function makeRelease(directory: string, version: string): string {
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: checkout,
    encoding: "utf8",
  });
  for (const file of listed
    .split("\0")
    .filter((name) => name && !/^(?:tests|docs|lab\/results)\//.test(name))) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(checkout, file), join(directory, file), { force: true });
  }
  symlinkSync(join(checkout, "node_modules"), join(directory, "node_modules"));
  change(directory, "package.json", (text) => text.replace(/"version": "[^"]+"/, `"version": "${version}"`));
  return directory;
}

/** A release whose processes end as soon as they are started. */
export const thatDoesNotStart = (directory: string): string =>
  change(directory, "commands/serve.ts", (text) =>
    text.replace(
      "  const document = await",
      '  if (files) throw new Error("broken");\n  const document = await',
    ),
  );

/** A release that starts, says that it is ready, and answers every call of the API with a failure. */
export const thatFails = (directory: string): string =>
  change(directory, "apps/server/server.ts", (text) =>
    text.replace(
      "  compileSchemas(app);",
      '  app.addHook("preHandler", async ({ url }) => { if (url.startsWith("/api")) throw new Error("broken"); });\n  compileSchemas(app);',
    ),
  );

/** A release that knows nothing of what a later one did to the data. */
export function thatIsOlderThanTheData(directory: string): string {
  const [newest] = globSync(join(directory, "domains/*/002-*.sql"));
  if (!newest) throw new Error("no domain has a second migration to leave out");
  rmSync(newest);
  return directory;
}

function change(directory: string, file: string, to: (text: string) => string): string {
  const path = join(directory, file);
  const before = readFileSync(path, "utf8");
  const after = to(before);
  if (after === before) throw new Error(`${file} is not what it was when this was written`);
  writeFileSync(path, after);
  return directory;
}
