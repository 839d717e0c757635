import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomToken } from "#kernel/id";

const root = join(import.meta.dirname, "../../..");
const browserDir = join(import.meta.dirname, "../browser");

/** The console's script, as browsers get it. */
export interface ConsoleBuild {
  readonly script: string;
  /** Of its sources. */
  readonly hash: string;
}

/** Bundles the browser's part into `buildDir`, or finds it there. Several processes may do so at once. */
export async function buildConsole(options: { readonly buildDir: string }): Promise<ConsoleBuild> {
  const hash = await hashOfSources();
  const file = fileOf(options.buildDir, hash);
  const known = await readFile(file, "utf8").catch(() => undefined);
  if (known !== undefined) return { script: known, hash };
  const script = await bundle();
  await mkdir(options.buildDir, { recursive: true });
  const work = `${file}.${randomToken()}`;
  await writeFile(work, script);
  await rename(work, file);
  return { script, hash };
}

/** Whether `buildConsole` would find it. */
export async function isConsoleBuilt(buildDir: string): Promise<boolean> {
  return readFile(fileOf(buildDir, await hashOfSources())).then(
    () => true,
    () => false,
  );
}

const fileOf = (buildDir: string, hash: string) => join(buildDir, `console-${hash}.js`);

async function hashOfSources(): Promise<string> {
  const names = (await readdir(browserDir)).filter((name) => name.endsWith(".ts")).sort();
  const others = ["platform/http/html.ts", "package-lock.json", "apps/operator/console/build.ts"];
  const hash = createHash("sha256");
  for (const file of [
    ...names.map((name) => join(browserDir, name)),
    ...others.map((name) => join(root, name)),
  ])
    hash.update(await readFile(file)).update("\0");
  return hash.digest("hex").slice(0, 16);
}

/** Vite is loaded only when there is something to build: it costs a start 200 ms and 60 MB. */
async function bundle(): Promise<string> {
  const { build } = await import("vite");
  const built = await build({
    root: browserDir,
    configFile: false,
    envFile: false,
    publicDir: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2022",
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(browserDir, "main.ts") },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) =>
    "output" in each ? each.output : [],
  );
  const chunk = outputs.find((each) => each.type === "chunk");
  if (!chunk || !("code" in chunk)) throw new Error("the console's script was not built");
  return chunk.code;
}
