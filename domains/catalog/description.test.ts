import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanDescription } from "./description.ts";

test("what a merchant may say stays as it is", () => {
  for (const html of [
    "<p>Washed <strong>linen</strong>, <em>soft</em>.</p>",
    "<ul><li>One</li><li>Two</li></ul>",
    '<table><thead><tr><th scope="col">Size</th></tr></thead><tbody><tr><td colspan="2">M</td></tr></tbody></table>',
    "<blockquote>亚麻衬衫 &amp; more</blockquote>",
  ]) {
    assert.equal(cleanDescription(html), html);
  }
});

test("links say that they are not ours; only https pictures and our own stay", () => {
  assert.equal(
    cleanDescription('<a href="https://x.example/a?b=1&c=2" target="_blank" onclick="x()">x</a>'),
    '<a href="https://x.example/a?b=1&amp;c=2" rel="nofollow noopener">x</a>',
  );
  assert.equal(
    cleanDescription('<a href="mailto:a@b.example">x</a>'),
    '<a href="mailto:a@b.example" rel="nofollow noopener">x</a>',
  );
  for (const href of [
    "javascript:alert(1)",
    "/checkout",
    "//evil.example",
    "data:text/html,x",
    "vbscript:x",
    "ftp://x",
  ]) {
    assert.equal(cleanDescription(`<a href="${href}">x</a>`), "<a>x</a>", href);
  }
  assert.equal(
    cleanDescription('<img src="https://x.example/a.png" alt="A" width="9000" style="position:fixed">'),
    '<img src="https://x.example/a.png" alt="A" loading="lazy" />',
  );
  for (const src of [
    "data:image/png;base64,AAAA",
    "http://x.example/a.png",
    "//x.example/a.png",
    "javascript:x",
    "",
  ]) {
    assert.equal(cleanDescription(`<img src="${src}" onerror="x()">`), "", src);
  }
  assert.equal(cleanDescription("<h1>A</h1><h2>B</h2>"), "<h3>A</h3><h3>B</h3>");
});

const attacks = [
  "<script>alert(1)</script>",
  "<scr<script>ipt>alert(1)</scr</script>ipt>",
  '<img src=x onerror="alert(1)">',
  '<svg onload="alert(1)"><script>alert(1)</script></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)"></style></mglyph></table></mtext></math>',
  '<p style="background:url(javascript:alert(1))" onmouseover="alert(1)">x</p>',
  '<a href="jav&#x09;ascript:alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<iframe src="https://evil.example"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<form action="https://evil.example"><input name="password"><button formaction="javascript:alert(1)">x</button></form>',
  '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example"><base href="https://evil.example/">',
  '<link rel="stylesheet" href="https://evil.example/x.css"><style>*{display:none}</style>',
  "<!--<img src=--><img src=x onerror=alert(1)//>",
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  "<template><script>alert(1)</script></template>",
  "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
  "<xmp><img src=x onerror=alert(1)></xmp>",
  "<img src=https://x.example/a.png\nonerror=alert(1)>",
  "<<img src=x onerror=alert(1)>>",
  '<a id="cart" name="checkout" class="button">x</a>',
  "<p>\0<scr\0ipt>alert(1)</scr\0ipt></p>",
];

const tag = /<\/?([a-z0-9]+)((?:\s+[a-z-]+="[^"<>]*")*)\s*\/?>/g;
const allowed =
  /^(?:p|br|hr|div|span|blockquote|h[3-6]|[uod]l|li|d[td]|strong|b|em|i|u|s|small|su[bp]|code|pre|a|img|table|caption|t(?:head|body|foot|r|h|d))$/;
const attributes =
  /^(?:href="(?:https?:\/\/|mailto:)[^"]*"|src="(?:https:\/\/|\/files\/)[^"]*"|rel="nofollow noopener"|alt="[^"]*"|loading="lazy"|(?:col|row)span="[^"]*"|scope="[^"]*")$/i;

/** Every `<` of what is shown opens or closes a tag of the list, with attributes of the list. */
function assertHarmless(html: string): void {
  const shown = cleanDescription(html);
  const rest = shown.replace(tag, (_all, name: string, given: string) => {
    assert.match(name, allowed, shown);
    for (const each of given.match(/[a-z-]+="[^"]*"/g) ?? []) assert.match(each, attributes, shown);
    return "";
  });
  assert.ok(!/[<>]/.test(rest), `${JSON.stringify(html)} became ${JSON.stringify(shown)}`);
  assert.equal(cleanDescription(shown), shown, "cleaning what is clean changes nothing");
}

test("nothing that runs, loads or restyles gets through", () => {
  for (const attack of attacks) assertHarmless(attack);
  assertHarmless("<b>".repeat(10_000));
});

test("nor does any mixture of the pieces attacks are made of", () => {
  const pieces = fc.constantFrom(
    ...attacks,
    ...[
      "<",
      ">",
      '"',
      "'",
      "&",
      "&lt;",
      "&#x3c;",
      "<p",
      "</p>",
      "<a href=",
      "onerror=x",
      "javascript:",
      "\0",
      "\ud800",
    ],
    ...[
      "<img src='https://x.example/",
      "<svg>",
      "<style>",
      "</style>",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      "<title>",
      "x",
    ],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => assertHarmless(parts.join(""))),
    { numRuns: 500 },
  );
});
