import sanitize from "sanitize-html";

const schemes = /^(?:https?:\/\/|mailto:)/i;
const pictures = /^(?:https:\/\/|\/files\/[a-z0-9])/i;

/** What a merchant may say in HTML: text, lists, tables, links, pictures; nothing that runs or restyles. */
const options: sanitize.IOptions = {
  allowedTags: [
    ...[
      "p",
      "br",
      "hr",
      "div",
      "span",
      "blockquote",
      "h3",
      "h4",
      "h5",
      "h6",
      "ul",
      "ol",
      "li",
      "dl",
      "dt",
      "dd",
    ],
    ...["strong", "b", "em", "i", "u", "s", "small", "sub", "sup", "code", "pre", "a", "img"],
    ...["table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"],
  ],
  allowedAttributes: {
    a: ["href", "rel"],
    img: ["src", "alt", "loading"],
    th: ["colspan", "rowspan", "scope"],
    td: ["colspan", "rowspan"],
  },
  allowedSchemes: ["http", "https", "mailto"],
  allowProtocolRelative: false,
  nonTextTags: [
    "script",
    "style",
    "textarea",
    "option",
    "noscript",
    "template",
    "title",
    "iframe",
    "svg",
    "math",
  ],
  nestingLimit: 40,
  transformTags: {
    // The page has its own first and second level.
    h1: "h3",
    h2: "h3",
    a: (tagName, { href }) => {
      const attribs: sanitize.Attributes = {};
      if (href && schemes.test(href.trim())) Object.assign(attribs, { href, rel: "nofollow noopener" });
      return { tagName, attribs };
    },
    img: (tagName, { src, alt }) => ({
      tagName,
      attribs: { src: src ?? "", alt: alt ?? "", loading: "lazy" },
    }),
  },
  exclusiveFilter: ({ tag, attribs }) => tag === "img" && !pictures.test(attribs["src"] ?? ""),
};

/** Passes until nothing changes; two are enough for what has been seen, the last is for what has not. */
const mostPasses = 4;

/**
 * A merchant's HTML as it may be shown to anybody. Sanitised on write, so that reading costs nothing, and to the end: a
 * link within a link comes apart only in the second pass, and what is clean must stay as it is when it is saved again.
 */
export function cleanDescription(html: string): string {
  let clean = html.toWellFormed().replaceAll("\0", "");
  for (let pass = 0; pass < mostPasses; pass++) {
    const before = clean;
    clean = sanitize(before, options);
    if (clean === before) break;
  }
  return clean;
}
