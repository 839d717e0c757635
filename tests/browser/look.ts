import type { Browser, Page } from "playwright-core";
import { complaintsOf, remember, visit, type Width } from "./browser.ts";
import type { State } from "./states.ts";
import type { Scene } from "./world.ts";

/** A page as it stands open in one of its situations, and what could be measured while it came up. */
export interface Look {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Layout shift and the time of the largest paint, of the first load. */
  readonly layoutShift: number;
  readonly largestPaintMs: number;
  close(): Promise<void>;
}

/** Opens a page as that person, brings it into its situation. `slowdown` slows the processor while it loads. */
export async function lookAt(
  browser: Browser,
  scene: Scene,
  state: State,
  width: Width,
  slowdown = 1,
): Promise<Look> {
  const url = (state.shop && scene.otherUrls?.[state.shop]) || scene.url;
  const context = await visit(browser, width);
  await remember(context, url, state.as ? scene.cookies[state.as] : {});
  await context.addInitScript(measure);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  const tools = await context.newCDPSession(page);
  await tools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.goto(url + state.path(scene), { waitUntil: "load" });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 150))));
  const { layoutShift, largestPaintMs } = await page.evaluate(() => window.measured);
  await tools.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await state.act?.(page);
  await page.waitForLoadState("load");
  return { page, complaints, layoutShift, largestPaintMs, close: () => context.close() };
}

declare global {
  interface Window {
    measured: { layoutShift: number; largestPaintMs: number };
  }
}

/** Runs in the page before anything of it. */
function measure(): void {
  window.measured = { layoutShift: 0, largestPaintMs: 0 };
  const watch = (type: string, see: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
  watch("layout-shift", (entry) => {
    window.measured.layoutShift += (entry as PerformanceEntry & { value: number }).value;
  });
  watch("largest-contentful-paint", (entry) => {
    window.measured.largestPaintMs = entry.startTime;
  });
}

/** Loads what waits to be scrolled to, so that a picture of the whole page has everything on it. */
export async function loadAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (const image of document.images) image.loading = "eager";
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
  });
}
