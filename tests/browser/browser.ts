import { after } from "node:test";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { findNeed, chromium as need } from "#launcher/packages";

/** The two widths that every page is looked at in: a phone and a wide screen. */
export const widths = [390, 1440] as const;
export type Width = (typeof widths)[number];

/** Why browser tests cannot run here; false if they can. */
export const noBrowser: string | false = findNeed(need)
  ? false
  : "Chromium is not installed; `npm test -- --install` installs it";

/** Starts the distribution's Chromium without a window, and without talking to anybody but us. */
export function launch(): Promise<Browser> {
  const quiet = ["quic", "background-networking", "component-update", "sync", "gpu"];
  return chromium.launch({
    executablePath: findNeed(need) ?? "chromium",
    args: ["--no-sandbox", "--no-first-run", ...quiet.map((what) => `--disable-${what}`)],
  });
}

let shared: Promise<Browser> | undefined;
after(async () => (await shared)?.close());

/** The one browser of a test file. */
export function sharedBrowser(): Promise<Browser> {
  shared ??= launch();
  return shared;
}

/** Somebody at a screen of that width. Animations are off, so that what is looked at stands still. */
export function visit(browser: Browser, width: Width, scripts = true): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width, height: width === 390 ? 844 : 900 },
    isMobile: width === 390,
    hasTouch: width === 390,
    javaScriptEnabled: scripts,
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "Europe/London",
  });
}

/** Signs a context in, or gives it a guest's cart, as the shop's own cookies would. */
export const remember = (context: BrowserContext, url: string, cookies: Readonly<Record<string, string>>) =>
  context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url, httpOnly: true })));

/** The words of an element. */
export const wordsOf = async (place: Locator): Promise<string> => (await place.textContent())?.trim() ?? "";

/** What a page complained of since it was opened: errors of its console and of its scripts. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}
