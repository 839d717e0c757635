import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { openClient } from "#apps/client/client";
import { expectDone } from "#kernel/refusal";
import { startTestServer } from "../support/server.ts";
import { launch, type Width, widths } from "./browser.ts";
import { loadAll, lookAt } from "./look.ts";
import { type State, states } from "./states.ts";
import { openWorld, type Scene } from "./world.ts";

/** Orders are their buyers' own: elsewhere there are none to look at. */
const noOrders = {
  pending: "/orders",
  ofMany: "/orders",
  paid: "/orders",
  shipped: "/orders",
  received: "/orders",
  closed: "/orders",
  refunded: "/orders",
  payPaid: "/orders",
  payPending: "/orders",
  payFailed: "/orders",
  sandbox: "/orders",
  sandboxDeclined: "/orders",
  sandboxPaid: "/orders",
} as const;

/**
 * Photographs every page in every situation: `node tests/browser/screens.ts DIRECTORY [URL]`. Of a shop that runs
 * elsewhere (URL) only what anybody may see; its data is left as it is.
 */
const [out = "screens", url] = process.argv.slice(2);
const directory = resolve(out);
await mkdir(directory, { recursive: true });
const server = url ? undefined : await startTestServer();
const world = server && (await openWorld(server));
const browser = await launch();
try {
  const scene = world ?? (await sceneOf(String(url)));
  const chosen = world
    ? states
    : states.filter(({ name, as, shop, act }) => !as && !shop && !act && !name.startsWith("sandbox"));
  const files: string[] = [];
  for (const state of chosen) {
    for (const width of widths) files.push(await photograph(browser, scene, state, width));
  }
  await contactSheet(browser, files);
  console.log(`${files.length} pictures and contact-sheet.png are in ${directory}`);
} finally {
  await browser.close();
  await world?.close();
  await server?.stop();
}

async function photograph(browser: Browser, scene: Scene, state: State, width: Width): Promise<string> {
  const file = `${state.name}-${width}.png`;
  const look = await lookAt(browser, scene, state, width);
  await loadAll(look.page);
  await look.page.screenshot({ path: join(directory, file), fullPage: true });
  await look.close();
  return file;
}

/** Something to look at in a shop that is not ours. */
async function sceneOf(elsewhere: string): Promise<Scene> {
  const client = openClient(elsewhere);
  const { items } = expectDone(await client.search.list({ limit: 100 }));
  await client.close();
  const [first] = items;
  if (!first) throw new Error(`the shop at ${elsewhere} sells nothing yet`);
  const pathOf = ({ product, slug }: typeof first) => `/p/${product}/${slug}`;
  const withOptions = items.find(({ skus }) => skus.length > 4) ?? first;
  const plain = pathOf(items.find(({ skus }) => skus.length === 1) ?? first);
  const nothing = { guest: {}, ada: {}, newcomer: {}, surprised: {}, debtor: {} };
  const paths = {
    product: pathOf(withOptions),
    plainProduct: plain,
    soldOut: plain,
    shop: `/s/${first.shop}`,
  };
  return { url: elsewhere, cookies: nothing, paths: { ...noOrders, ...paths } };
}

/** All pictures on one page, the phone's beside the wide screen's: a page to open, and a picture of it. */
async function contactSheet(browser: Browser, files: readonly string[]): Promise<void> {
  const figures = files.map(
    (file) =>
      `<figure class="${file.includes("-390") ? "phone" : "wide"}"><a href="${file}"><img src="${file}" alt=""></a>
       <figcaption>${file.replace(".png", "")}</figcaption></figure>`,
  );
  const style = `body{margin:24px;background:#555;color:#fff;font:14px sans-serif;display:flex;flex-wrap:wrap;gap:16px}
    figure{margin:0}figure img{display:block;width:100%}figure a{display:block;height:420px;overflow:hidden;background:#fff}
    .phone{width:190px}.wide{width:440px}figcaption{padding-top:4px}`;
  const page = join(directory, "index.html");
  await writeFile(
    page,
    `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${style}</style>${figures.join("\n")}`,
  );
  const sheet = await browser.newPage({ viewport: { width: 2_000, height: 1_200 } });
  await sheet.goto(pathToFileURL(page).href);
  await sheet.screenshot({ path: join(directory, "contact-sheet.png"), fullPage: true });
}
