import type { FastifyInstance, FastifyRequest } from "fastify";
import type { StorefrontBuild } from "#apps/storefront/build";
import { bareFrame, errorPage } from "#apps/storefront/server/error-page";

/** What is told of a refusal, in words and with its number. */
export interface Told {
  readonly title: string;
  readonly detail: string;
  readonly trace: string;
}

declare module "fastify" {
  interface FastifyInstance {
    /** Draws what the edge refuses, for a person; nothing as long as the storefront is not built. */
    refusalPage: { draw?: (told: Told) => string };
  }
}

/** Whether a person waits for a page, rather than a program for an answer. */
export const isForPerson = ({ url, headers }: FastifyRequest): boolean =>
  !url.startsWith("/api/") && (headers.accept?.includes("text/html") ?? false);

/** Places in the page, of characters that HTML leaves as they are. */
const places = { title: "the-title-of-it", detail: "the-words-of-it", trace: "the-trace-of-it" } as const;
const anyPlace = new RegExp(Object.values(places).join("|"), "g");

/** Before the first hook that may refuse. */
export const refusalPages = (app: FastifyInstance): void => {
  app.decorate("refusalPage", {});
};

/**
 * Draws the page once, in the look of the storefront and without anything that would have to be asked for: whoever is
 * refused because there is too much to do must cost nothing.
 */
export function drawRefusals(app: FastifyInstance, build: StorefrontBuild): void {
  const links = [{ href: "/", label: "Go to the front page" }];
  const page = errorPage({ heading: places.title, text: places.detail, trace: places.trace, links });
  const drawn = build.render(build.assets, bareFrame, page);
  const wordsAt = (place: string, { title, detail, trace }: Told) =>
    place === places.title ? title : place === places.detail ? detail : trace;
  app.refusalPage.draw = (told) => drawn.replaceAll(anyPlace, (place) => escaped(wordsAt(place, told)));
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
