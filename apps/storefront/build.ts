import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import type { InlineConfig } from "vite";
import type { Assets, Render } from "./client/model.ts";

const here = import.meta.dirname;
const root = join(here, "../..");
const clientDir = join(here, "client");

/** A built storefront: where its files lie, how a page names them, and the function that draws a page. */
export interface StorefrontBuild {
  /** Served under /assets/, never changing: every name carries a hash of its content. */
  readonly assetsDir: string;
  readonly assets: Assets;
  readonly render: Render;
  /** Whether this start had to build, or found the files of an earlier one. */
  readonly fresh: boolean;
}

/**
 * Builds the browser's files and the renderer into `buildDir/<hash of the sources>`, or finds them there. The
 * sources are never written to, and several processes may ask at once: the first to finish wins.
 */
export async function buildStorefront(options: {
  readonly buildDir: string;
  readonly log: (message: string) => void;
}): Promise<StorefrontBuild> {
  const target = join(options.buildDir, await hashOfSources());
  const fresh = !(await readManifest(target));
  if (fresh) {
    const startedAt = performance.now();
    await buildInto(target);
    options.log(`built the storefront in ${Math.round(performance.now() - startedAt)} ms`);
  }
  const manifest = await readManifest(target);
  if (!manifest)
    throw new Error(`the storefront's build in ${target} has no manifest: delete it and start again`);
  const { render } = (await import(pathToFileURL(join(target, "server/server.mjs")).href)) as {
    render: Render;
  };
  return { assetsDir: join(target, "client/assets"), assets: assetsOf(manifest), render, fresh };
}

/** Whether `buildStorefront` would find its files in `buildDir`. */
export async function isStorefrontBuilt(buildDir: string): Promise<boolean> {
  return (await readManifest(join(buildDir, await hashOfSources()))) !== undefined;
}

type Manifest = Record<string, { file: string; css?: string[]; imports?: string[] } | undefined>;

async function readManifest(target: string): Promise<Manifest | undefined> {
  const text = await readFile(join(target, "client/manifest.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

function assetsOf(manifest: Manifest): Assets {
  const entry = manifest["browser.ts"];
  const icon = manifest["icon.svg"];
  if (!entry || !icon) throw new Error("the storefront's build lacks its entry");
  const island = manifest["islands/hydrate.tsx"];
  const chunks = (island?.imports ?? []).flatMap((key) => manifest[key]?.file ?? []);
  return {
    script: `/${entry.file}`,
    styles: (entry.css ?? []).map((file) => `/${file}`),
    icon: `/${icon.file}`,
    islands: { product: island ? [`/${island.file}`, ...chunks.map((file) => `/${file}`)] : [] },
  };
}

/** Of everything the bundles are made from: the sources, what they import, the packages and the way of building. */
async function hashOfSources(): Promise<string> {
  const client = (await readdir(clientDir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const kernel = (await readdir(join(root, "kernel"))).map((name) => join(root, "kernel", name));
  const files = [...client, ...kernel, join(root, "package-lock.json"), join(here, "build.ts")].sort();
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(await readFile(file))
      .update("\0");
  return hash.digest("hex").slice(0, 16);
}

async function buildInto(target: string): Promise<void> {
  const work = `${target}.${process.pid}.building`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    await bundle(work);
    await compressAll(join(work, "client/assets"));
    await rename(work, target).catch((error: NodeJS.ErrnoException) => {
      // Another process finished the same build first; its files are as good.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Vite is loaded only when there is something to build: it costs a start 200 ms and 60 MB. */
async function bundle(work: string): Promise<void> {
  const [{ build }, { default: react }] = await Promise.all([import("vite"), import("@vitejs/plugin-react")]);
  const shared: InlineConfig = {
    root: clientDir,
    configFile: false,
    envFile: false,
    publicDir: false,
    cacheDir: join(work, "cache"),
    logLevel: "error",
    plugins: [react()],
    define: { "process.env.NODE_ENV": '"production"' },
  };
  await build({
    ...shared,
    build: {
      outDir: join(work, "client"),
      manifest: "manifest.json",
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: join(clientDir, "browser.ts") },
    },
  });
  await build({
    ...shared,
    // React travels inside the bundle: where it is written, no node_modules is to be found.
    ssr: { noExternal: true },
    build: {
      ssr: join(clientDir, "server.tsx"),
      outDir: join(work, "server"),
      target: "node24",
      minify: true,
      rolldownOptions: { output: { entryFileNames: "[name].mjs" } },
    },
  });
  await rm(join(work, "cache"), { recursive: true, force: true });
}

async function compressAll(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const file = join(dir, name);
    const content = await readFile(file);
    await writeFile(`${file}.br`, await promisify(brotliCompress)(content));
    await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
  }
}
